namespace CrossModalVae.Audio;

/// <summary>
/// The way back from a <see cref="VoiceFrontEnd"/>'s features, as a decoder makes them, to a spectrum and, from frames, to sound. In order:
/// the mirrored bins averaged, compression undone, mel bins to linear ones by non-negative least squares, powers to magnitudes, phases by
/// the fast Griffin-Lim algorithm (Perraudin, Balazs, Søndergaard 2013), pre-emphasis and scale undone. The DC filter and the dither stay.
/// Immutable and thread-safe; the same features and seed give the same samples.
/// </summary>
public sealed class VoiceInverse
{
    /// <summary>Iterations of the Griffin-Lim algorithm where nothing else is asked for.</summary>
    public const int StandardIterations = 60;

    private const double Loudest = 0.99; // of full scale, for sound that would be clipped

    private readonly VoiceOptions _options;
    private readonly FrameSteps _steps;
    private readonly MelFilterBank? _mel;
    private readonly int _binCount; // of a frame, without its mirror image

    /// <summary>Checks the options.</summary>
    /// <param name="options">The recipe's voice section.</param>
    /// <exception cref="ArgumentException">The options are faulty; the message names every fault.</exception>
    public VoiceInverse(VoiceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _steps = FrameSteps.Of(options);
        _mel = options.MakeMelFilters();
        _binCount = _mel?.Count ?? (options.FftLength / 2) + 1;
        BinHz = _mel?.CentresHz ?? [.. Enumerable.Range(0, _binCount).Select(k => (double)k * options.SampleRateHz / options.FftLength)];
    }

    /// <summary>The frequency of each bin of a spectrum.</summary>
    public IReadOnlyList<double> BinHz { get; }

    /// <summary>Why features have no spectrum, a sentence; null where they have one.</summary>
    public string? SpectrumObstacle => _options.Encoder is null
        ? null
        : "the recipe's voice features are vectors of a pretrained encoder, from which no spectrum can be computed.";

    /// <summary>Why features cannot be made sound, a sentence; null where they can.</summary>
    public string? SoundObstacle => SpectrumObstacle
        ?? (_options.Pooling != TimePooling.None
            ? "the recipe's voice features are pooled over time, so that there is a mean spectrum but nothing to hear."
            : _options.NormalisesClips
                ? "the recipe normalises each bin over its own clip, so that the level of a bin is unknown and there is nothing to hear."
                : null);

    /// <summary>The spectrum that features stand for.</summary>
    /// <param name="features">Whole frames, or the pooled features of a clip.</param>
    /// <exception cref="InvalidOperationException">There is none; see <see cref="SpectrumObstacle"/>.</exception>
    /// <exception cref="ArgumentException">The features are not whole frames, or of another length than pooled ones.</exception>
    public VoiceSpectrum ToSpectrum(ReadOnlySpan<float> features)
    {
        Require(SpectrumObstacle);
        float[] bins = OneSided(features); // [frames or parts, bins]
        if (_options.Pooling == TimePooling.MeanAndDeviation)
        {
            ReadOnlySpan<float> mean = bins.AsSpan(0, _binCount), deviation = bins.AsSpan(_binCount);
            var (low, high) = (new float[_binCount], new float[_binCount]);
            for (int k = 0; k < _binCount; k++)
            {
                float spread = Math.Max(0, deviation[k]); // a decoder may miss 0
                (low[k], high[k]) = (mean[k] - spread, mean[k] + spread);
            }

            return new VoiceSpectrum(Levels(mean), 1, BinHz, _options.HopSeconds) { Low = Levels(low), High = Levels(high) };
        }

        return new VoiceSpectrum(
            _options.NormalisesClips ? bins : Levels(bins), bins.Length / _binCount, BinHz, _options.HopSeconds)
        {
            IsDecibel = !_options.NormalisesClips,
        };
    }

    /// <summary>Sound whose frames are as near to the features as the Griffin-Lim algorithm finds.</summary>
    /// <param name="features">Whole frames.</param>
    /// <param name="seed">Draws the phases to start with. Default 1.</param>
    /// <param name="iterations">At least 0. Default <see cref="StandardIterations"/>.</param>
    /// <param name="cancellationToken">Ends the work between iterations.</param>
    /// <returns>A clip at the recipe's rate, as loud as the features; made quieter only where it would be clipped.</returns>
    /// <exception cref="InvalidOperationException">There is none; see <see cref="SoundObstacle"/>.</exception>
    /// <exception cref="ArgumentException">The features are not a whole number of frames, or not finite.</exception>
    public AudioClip ToSound(
        ReadOnlySpan<float> features,
        long seed = 1,
        int iterations = StandardIterations,
        CancellationToken cancellationToken = default)
    {
        Require(SoundObstacle);
        ArgumentOutOfRangeException.ThrowIfNegative(iterations);
        float[] magnitudes = Magnitudes(OneSided(features)); // [frames, fft / 2 + 1]
        SeededRandom random = SeededRandom.For(seed, "griffin-lim");
        double[] phases = [.. Enumerable.Range(0, magnitudes.Length).Select(_ => random.NextDouble(-Math.PI, Math.PI))];
        float[] signal = new GriffinLim(_steps.Window, _steps.HopSamples, _steps.FftLength)
            .Run(magnitudes, phases, iterations, cancellationToken: cancellationToken);
        float[] samples = Placed(signal);
        double y = 0, scale = 1 / _options.SignalScale, peak = 0;
        for (int n = 0; n < samples.Length; n++)
        {
            y = samples[n] + (_options.PreEmphasis * y); // the inverse of y[n] - a y[n-1]
            samples[n] = (float)(scale * y);
            peak = Math.Max(peak, Math.Abs(scale * y));
        }

        for (int n = 0; peak > Loudest && n < samples.Length; n++)
        {
            samples[n] = (float)(samples[n] * Loudest / peak);
        }

        return new AudioClip(samples, _options.SampleRateHz);
    }

    private static void Require(string? obstacle)
    {
        if (obstacle is not null)
        {
            throw UserError.Mark(new InvalidOperationException(char.ToUpperInvariant(obstacle[0]) + obstacle[1..]));
        }
    }

    // Rows of the recipe's bins to rows without the mirror image: bins k and N - k are averaged.
    private float[] OneSided(ReadOnlySpan<float> features)
    {
        int row = _options.TwoSided ? _options.FftLength : _binCount;
        int pooled = _options.Pooling switch { TimePooling.None => 0, TimePooling.Mean => 1, _ => 2 };
        if (features.IsEmpty || features.Length % row != 0 || (pooled > 0 && features.Length != pooled * row))
        {
            string expected = pooled == 0 ? $"frames of {row} bins" : $"{pooled * row}";
            throw new ArgumentException($"There are {features.Length} features; must be {expected}.", nameof(features));
        }

        if (!_options.TwoSided)
        {
            return features.ToArray();
        }

        var bins = new float[features.Length / row * _binCount];
        for (int i = 0; i < bins.Length; i++)
        {
            (int at, int k) = (i / _binCount * row, i % _binCount);
            bins[i] = (features[at + k] + features[at + ((row - k) % row)]) / 2;
        }

        return bins;
    }

    // Before compression: magnitudes, powers or mel bins, at least 0.
    private double Expand(float value) => Math.Max(0, _options.Compression switch
    {
        SpectrumCompression.Log => Math.Exp(value) - _options.LogFloor,
        SpectrumCompression.FlooredLog => Math.Exp(value),
        _ => value,
    });

    private float[] Magnitudes(float[] bins)
    {
        float[] expanded = [.. bins.Select(value => (float)Expand(value))];
        float[] linear = _mel is null ? expanded : new MelInverse(_mel, (_options.FftLength / 2) + 1).Run(expanded);
        return _options.Spectrum == SpectrumKind.Power ? [.. linear.Select(MathF.Sqrt)] : linear;
    }

    // Decibels; logarithms keep their floor, and linear numbers get that of one step of a 16-bit sample.
    private float[] Levels(ReadOnlySpan<float> bins)
    {
        bool isPower = _options.Spectrum == SpectrumKind.Power;
        double perNeper = (isPower ? 10 : 20) / Math.Log(10), step = _options.SignalScale / 32_768;
        double floor = isPower ? step * step : step;
        var levels = new float[bins.Length];
        for (int i = 0; i < bins.Length; i++)
        {
            levels[i] = (float)(perNeper
                * (_options.Compression == SpectrumCompression.None ? Math.Log(Math.Max(bins[i], floor)) : bins[i]));
        }

        return levels;
    }

    // The clip's samples: windows start in the middle of longer frames, or are centred on the first and the last sample.
    private float[] Placed(float[] signal)
    {
        if (_options.Framing == VoiceFraming.CenterReflect)
        {
            int half = _steps.Window.Length / 2, count = signal.Length - _steps.Window.Length;
            return count > 0 ? signal.AsSpan(half, count).ToArray() : signal;
        }

        var placed = new float[signal.Length + _steps.FrameSamples - _steps.Window.Length];
        signal.CopyTo(placed, _steps.WindowStart);
        return placed;
    }
}

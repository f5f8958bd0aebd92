using System.Numerics.Tensors;
using CrossModalVae.Audio;

namespace CrossModalVae.Augmentation;

/// <summary>
/// Disturbs voices as a draw says: speed, reverberation, noise, music and babble at their signal-to-noise ratios, gain, in this order.
/// Thread-safe; the samples are a function of signal, draw and sources, whatever the number of threads.
/// </summary>
/// <remarks>
/// Signal-to-noise ratios hold against the mean square of the (reverberant) voice over the whole clip, as in voxceleb_trainer;
/// each voice of a babble has its own. A view whose samples would exceed <see cref="AudioClip.MaxMagnitude"/> is scaled down to
/// it as a whole; nothing else limits the level.
/// </remarks>
public sealed class VoiceAugmenter
{
    /// <summary>The longest part of a room impulse response that is read, in seconds.</summary>
    public const double LongestResponseSeconds = 10;

    private readonly VoiceAugmentationOptions _options;
    private readonly AugmentationSources _sources;
    private readonly RecordingReader _recordings;
    private readonly BlockConvolver _convolver = new();

    /// <summary>Checks the options and the sources.</summary>
    /// <param name="options">What may happen.</param>
    /// <param name="sampleRateHz">The rate of the signals: the recipe's.</param>
    /// <param name="sources">Where disturbances come from.</param>
    /// <exception cref="ArgumentException">The options are faulty; the message names every fault.</exception>
    /// <exception cref="InvalidOperationException">Babble is asked for and the sources have no voices to make it of.</exception>
    public VoiceAugmenter(VoiceAugmentationOptions options, int sampleRateHz, AugmentationSources sources)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(sources);
        AudioClip.CheckRate(sampleRateHz, nameof(sampleRateHz));
        options.Validate();
        sources.Require(options);
        _options = options;
        _sources = sources;
        _recordings = new RecordingReader(sampleRateHz);
    }

    /// <summary>The rate of the signals, in Hz.</summary>
    public int SampleRateHz => _recordings.SampleRateHz;

    internal RecordingReader Recordings => _recordings;

    /// <summary>The disturbed signal.</summary>
    /// <param name="signal">At least two samples at <see cref="SampleRateHz"/>; for a faster view, more than are wanted.</param>
    /// <param name="wantedCount">Most samples of the result. A view that another speed leaves shorter than this and than
    /// the signal is mirrored at its end.</param>
    /// <param name="draw">What happens.</param>
    /// <param name="identity">Whose voice it is: nobody speaks in the babble behind himself.</param>
    /// <returns>At most <paramref name="wantedCount"/> samples.</returns>
    /// <exception cref="ArgumentException">Fewer than two samples, or none wanted.</exception>
    /// <exception cref="InvalidDataException">A recording cannot be used; the message names it.</exception>
    public float[] Apply(ReadOnlySpan<float> signal, int wantedCount, VoiceDraw draw, string identity)
    {
        ArgumentNullException.ThrowIfNull(draw);
        ArgumentOutOfRangeException.ThrowIfLessThan(wantedCount, 1);
        if (signal.Length < 2)
        {
            throw new ArgumentException($"'{nameof(signal)}' has {signal.Length} samples; must have at least 2.", nameof(signal));
        }

        float[] result = AtSpeed(signal, wantedCount, draw.SpeedFactor);
        if (draw.Reverberates)
        {
            float[] response = Response(draw.Stream("reverberation"));
            int direct = RoomResponse.DirectIndex(response);
            result = _convolver.Convolve(
                result, response.AsSpan(0, Math.Min(response.Length, direct + result.Length)), direct, result.Length);
        }

        Add(result, draw, identity);
        if (draw.GainDb != 0)
        {
            TensorPrimitives.Multiply(result, (float)SignalLevel.Factor(draw.GainDb), result);
        }

        float peak = Math.Abs(TensorPrimitives.MaxMagnitude<float>(result));
        if (peak > AudioClip.MaxMagnitude)
        {
            TensorPrimitives.Multiply(result, 0.999f * AudioClip.MaxMagnitude / peak, result);
        }

        return result;
    }

    // Played faster, as a tape is: samples of rate x factor taken as samples of the rate. Factors come in
    // steps of 0.01, so a few filters serve all.
    private float[] AtSpeed(ReadOnlySpan<float> signal, int wantedCount, double factor)
    {
        if (factor == 1)
        {
            return signal[..Math.Min(signal.Length, wantedCount)].ToArray();
        }

        float[] changed = _recordings.Convert(signal, (int)Math.Round(SampleRateHz * factor));
        int count = Math.Min(wantedCount, Math.Max(changed.Length, signal.Length));
        if (changed.Length >= count)
        {
            return changed[..count];
        }

        var filled = new float[count];
        changed.CopyTo(filled, 0);
        VoiceSignal.Reflect(filled, 0, changed.Length);
        return filled;
    }

    private float[] Response(SeededRandom random)
    {
        if (_sources.ResponseFiles.Count == 0)
        {
            return RoomResponse.Generate(
                random.NextDouble(_options.Rt60MinSeconds, _options.Rt60MaxSeconds),
                random.NextDouble(_options.DirectMinDb, _options.DirectMaxDb),
                SampleRateHz,
                random);
        }

        string path = _sources.ResponseFiles[random.NextInt32(_sources.ResponseFiles.Count)];
        float[] response = _recordings.Read(path, 0, LongestResponseSeconds);
        try
        {
            RoomResponse.Normalise(response);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"{path}: is silent; expected a room impulse response.", e);
        }

        return response;
    }

    private void Add(float[] signal, VoiceDraw draw, string identity)
    {
        if (draw.Additions.Count == 0)
        {
            return;
        }

        double meanSquare = SignalLevel.MeanSquare(signal);
        var babble = new HashSet<int>();
        for (int i = 0; i < draw.Additions.Count; i++)
        {
            VoiceAddition addition = draw.Additions[i];
            SeededRandom random = draw.Stream($"addition/{i}");
            float[] disturbance = addition.Kind switch
            {
                AdditionKind.Noise => _sources.NoiseFiles.Count == 0
                    ? NoiseSynthesis.Coloured(signal.Length, _convolver, random)
                    : Recording(_sources.NoiseFiles, random.NextInt32(_sources.NoiseFiles.Count)),
                AdditionKind.Music => _sources.MusicFiles.Count == 0
                    ? NoiseSynthesis.Music(signal.Length, SampleRateHz, random)
                    : Recording(_sources.MusicFiles, random.NextInt32(_sources.MusicFiles.Count)),
                _ => _sources.SpeechFiles.Count == 0
                    ? Talker(random)
                    : Recording(_sources.SpeechFiles, Another(_sources.SpeechFiles.Count, random)),
            };
            SignalLevel.AddAtSnr(signal, meanSquare, disturbance, addition.SnrDb);

            float[] Recording(IReadOnlyList<string> files, int index) =>
                _recordings.RandomCrop(new VoicePiece(files[index]), signal.Length, random);
        }

        // Another person's voice, one person at most once while there are enough.
        float[] Talker(SeededRandom random)
        {
            int own = IndexOf(identity);
            int others = _sources.Voices.Count - (own < 0 ? 0 : 1);
            int person = Another(others, random);
            VoicePiece[] pieces = _sources.Voices[own >= 0 && person >= own ? person + 1 : person].Pieces;
            return _recordings.RandomCrop(pieces[random.NextInt32(pieces.Length)], signal.Length, random);
        }

        // Drawn without replacement until all have been drawn.
        int Another(int count, SeededRandom random)
        {
            if (babble.Count >= count)
            {
                babble.Clear();
            }

            int index = random.NextInt32(count - babble.Count);
            foreach (int taken in babble.Order())
            {
                if (taken <= index)
                {
                    index++;
                }
            }

            babble.Add(index);
            return index;
        }
    }

    private int IndexOf(string identity)
    {
        int low = 0, high = _sources.Voices.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            int order = string.CompareOrdinal(_sources.Voices[middle].Identity, identity);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }
}

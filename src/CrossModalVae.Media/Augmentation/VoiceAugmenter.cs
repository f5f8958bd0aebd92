using System.Numerics.Tensors;
using CrossModalVae.Audio;

namespace CrossModalVae.Augmentation;

/// <summary>
/// Augments a voice by a draw: speed, reverberation, noise, music and babble at their signal-to-noise ratios, gain, in this order.
/// Thread-safe; the samples depend on signal, draw and sources alone.
/// </summary>
/// <remarks>
/// Signal-to-noise ratios hold against the mean square of the (reverberant) voice over the whole clip, as in voxceleb_trainer, for each
/// voice of a babble separately. A view whose samples would exceed <see cref="AudioClip.MaxMagnitude"/> is scaled down as a whole.
/// </remarks>
internal sealed class VoiceAugmenter
{
    /// <summary>The longest part of a room impulse response that is read, in seconds.</summary>
    public const double LongestResponseSeconds = 10;

    private readonly VoiceAugmentationOptions _options;
    private readonly AugmentationSources _sources;
    private readonly BlockConvolver _convolver = new();

    /// <exception cref="ArgumentException">The options are faulty; the message names every fault.</exception>
    /// <exception cref="InvalidOperationException">The options ask for babble and the sources have no voices for it.</exception>
    public VoiceAugmenter(
        VoiceAugmentationOptions options, int sampleRateHz, AugmentationSources sources, SoundReading? reading = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(sources);
        AudioClip.CheckRate(sampleRateHz, nameof(sampleRateHz));
        options.Validate();
        sources.Require(options);
        _options = options;
        _sources = sources;
        Recordings = new RecordingReader(sampleRateHz, reading);
    }

    /// <summary>The rate of the signals, in Hz.</summary>
    public int SampleRateHz => Recordings.SampleRateHz;

    /// <summary>Reads recordings at <see cref="SampleRateHz"/>.</summary>
    public RecordingReader Recordings { get; }

    /// <summary>
    /// The augmented signal of an identity's voice, at most <paramref name="wantedCount"/> samples; a faster view needs more input than
    /// that. A view that a higher speed makes shorter than both is padded by reflection. An identity's own voice is never in its babble.
    /// </summary>
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

    // Resampled from rate x factor to the rate, so pitch changes with speed. Factors have steps of 0.01, so a few filters serve all.
    private float[] AtSpeed(ReadOnlySpan<float> signal, int wantedCount, double factor)
    {
        if (factor == 1)
        {
            return signal[..Math.Min(signal.Length, wantedCount)].ToArray();
        }

        float[] changed = Recordings.Convert(signal, (int)Math.Round(SampleRateHz * factor));
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
        float[] response = Recordings.Read(path, 0, LongestResponseSeconds);
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
                Recordings.RandomCrop(new VoiceSegment(files[index]), signal.Length, random);
        }

        // Another identity's voice, each at most once while there are enough.
        float[] Talker(SeededRandom random)
        {
            int own = _sources.VoiceIndices.GetValueOrDefault(identity, -1);
            int others = _sources.Voices.Count - (own < 0 ? 0 : 1);
            int other = Another(others, random);
            VoiceSegment[] segments = _sources.Voices[own >= 0 && other >= own ? other + 1 : other].Segments;
            return Recordings.RandomCrop(segments[random.NextInt32(segments.Length)], signal.Length, random);
        }

        // An index drawn without replacement until all have been drawn.
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
}

using CrossModalVae.Encoders;
using static System.FormattableString;

namespace CrossModalVae.Audio;

/// <summary>
/// Voice clips to features by a recipe's <see cref="VoiceOptions"/>; <see cref="VoicePresets"/> has the field's front ends by name. In
/// order: read, mix down, resample, crop or pad, scale, DC filter, dither, pre-emphasis (or before the DC filter), frames, their mean and
/// pre-emphasis (optional), window, Fourier magnitude or power, mel filters, compression, normalisation over time (optional), pooling,
/// mirrored bins. Defaults give the report's [297, 512] pooled over time to 512. Immutable and thread-safe: threads can share one; the
/// features of a clip have the same bits for any number of threads.
/// </summary>
/// <remarks>
/// The signal steps follow the practice of VoxCeleb's VGG baselines (Nagrani, Chung, Zisserman 2017). Differences: the dither noise is one
/// fixed sequence, so that a clip always gives the same features; it scales with the standard deviation after the DC filter; filters start
/// at the crop; the DC filter's pole is 0.99 at every rate (MATLAB code takes 0.999 at 8 kHz). Features agree with the definition in double
/// precision within 2e-4 once normalised to unit standard deviation over time: <see cref="VoicePresets"/> has the measured errors. Clips
/// shorter than one frame are refused even where <see cref="VoiceOptions.ShortClips"/> allows padding. Reflection pads the end, or both
/// ends where the crop is centred.
/// </remarks>
public sealed partial class VoiceFrontEnd
{
    // Part of the contract: another seed would change every feature in its last digits.
    private const long DitherSeed = 1;

    // The resampler looks ahead by up to 57 samples of the lower rate, and no rate is below 1 kHz.
    private const double ResamplerReachSeconds = 0.1;

    private readonly VoiceOptions _options;
    private readonly VoiceEncoding? _encoding;
    private readonly SoundReading _reading;
    private readonly VoiceSpectrogram _spectrogram;
    private readonly int _sampleCount;
    private readonly int _margin; // padding at either end for frames centred on the first and the last sample
    private readonly float[] _noise; // [samples], the dither for a standard deviation of 1 and an amplitude of 1
    private readonly ResamplerCache _resamplers;
    private readonly ObjectPool<Work> _pool;

    /// <summary>Checks the options and prepares window, transform and dither.</summary>
    /// <param name="options">The recipe's voice section.</param>
    /// <param name="reading">Which faults of files are tolerated, and the list of files that had them. Default none.</param>
    /// <param name="encoder">The network of the options' encoder section, which stays the caller's; null where they have none.</param>
    /// <exception cref="ArgumentException">The options are faulty, the message names every fault; or they have an encoder section and there
    /// is no network, or one that takes rows of another length.</exception>
    public VoiceFrontEnd(VoiceOptions options, SoundReading? reading = null, IFrozenEncoder? encoder = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        (_options, _reading) = (options, reading ?? SoundReading.Strict);
        _sampleCount = options.SampleCount;
        _resamplers = new ResamplerCache(options.SampleRateHz);
        _margin = options.Framing == VoiceFraming.CenterReflect ? options.FftLength / 2 : 0;
        _spectrogram = new VoiceSpectrogram(FrameSteps.Of(options));
        FrameCount = _spectrogram.FrameCount(_sampleCount + (2 * _margin));
        BinCount = options.TwoSided ? options.FftLength : _spectrogram.BinCount;
        FeatureCount = checked(options.Pooling switch
        {
            TimePooling.None => FrameCount * BinCount,
            TimePooling.Mean => BinCount,
            _ => 2 * BinCount,
        });

        _encoding = VoiceEncoding.Of(options, encoder, FrameCount, BinCount);
        FeatureCount = _encoding?.VectorLength ?? FeatureCount;
        _noise = options.Dither > 0 ? MakeNoise(options, _sampleCount) : [];
        _pool = new ObjectPool<Work>(() => new Work(_sampleCount, _margin, FrameCount, _spectrogram.BinCount));
    }

    /// <summary>Frames of a clip, T: 297 by default.</summary>
    public int FrameCount { get; }

    /// <summary>Bins of a frame, F: 512 by default (two-sided), 257 one-sided, or the mel bins.</summary>
    public int BinCount { get; }

    /// <summary>Features of a clip: frames x bins without pooling, bins for the mean, 2 x bins for mean and standard deviation; of an
    /// encoder the length of its vectors.</summary>
    public int FeatureCount { get; }

    /// <summary>The dither for a standard deviation of 1 and an amplitude of 1, pre-emphasised where pre-emphasis follows it; empty where
    /// there is none.</summary>
    internal ReadOnlySpan<float> Noise => _noise;

    /// <summary>The features of a sound file, or of a part of it; see <see cref="AudioFile"/> for what is read.</summary>
    /// <param name="path">The file.</param>
    /// <param name="startSeconds">Where the clip starts, from 0. Default 0.</param>
    /// <param name="durationSeconds">How long it is, above 0; null, and anything beyond the end, means to the end. Default null.</param>
    /// <param name="cancellationToken">Stops a decoder.</param>
    /// <returns>[<see cref="FeatureCount"/>]; without pooling [frames, bins], row-major.</returns>
    /// <exception cref="FileNotFoundException">There is no such file, or no program to decode it with.</exception>
    /// <exception cref="InvalidDataException">The file cannot be read, or the clip is shorter than one frame, too short for a
    /// recipe that refuses short clips, or the same sample from end to end.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A negative start, or a duration that is not above 0.</exception>
    public float[] Extract(
        string path, double startSeconds = 0, double? durationSeconds = null, CancellationToken cancellationToken = default)
    {
        var features = new float[FeatureCount];
        Extract(path, startSeconds, durationSeconds, features, cancellationToken);
        return features;
    }

    /// <summary>As <see cref="Extract(string, double, double?, CancellationToken)"/>, into the caller's memory.</summary>
    /// <param name="path">The file.</param>
    /// <param name="startSeconds">Where the clip starts, from 0.</param>
    /// <param name="durationSeconds">How long it is, above 0; null, and anything beyond the end, means to the end.</param>
    /// <param name="features">Receives [<see cref="FeatureCount"/>].</param>
    /// <param name="cancellationToken">Stops a decoder.</param>
    /// <exception cref="FileNotFoundException">There is no such file, or no program to decode it with.</exception>
    /// <exception cref="InvalidDataException">The file cannot be read, or the clip is too short or without sound.</exception>
    /// <exception cref="ArgumentException">A negative start, a duration that is not above 0, or a
    /// destination of another length.</exception>
    public void Extract(
        string path, double startSeconds, double? durationSeconds, Span<float> features, CancellationToken cancellationToken = default) =>
            Extract(
                path,
                (needed, scratch) => AudioFile.Open(
                    path, startSeconds, durationSeconds, needed, scratch, _reading, cancellationToken),
                features,
                cancellationToken);

    /// <summary>
    /// The features of a sound file in memory, the same as of a file with these bytes; uncompressed wav and NIST SPHERE only.
    /// </summary>
    /// <param name="file">The file's bytes.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="startSeconds">Where the clip starts, from 0.</param>
    /// <param name="durationSeconds">How long it is, above 0; null, and anything beyond the end, means to the end.</param>
    /// <param name="features">Receives [<see cref="FeatureCount"/>].</param>
    /// <exception cref="InvalidDataException">The bytes cannot be read, or the clip is too short or without sound.</exception>
    /// <exception cref="ArgumentException">A negative start, a duration that is not above 0, or a
    /// destination of another length.</exception>
    public void Extract(
        ReadOnlyMemory<byte> file, string name, double startSeconds, double? durationSeconds, Span<float> features) =>
            Extract(
                name,
                (_, scratch) => AudioFile.Open(file, name, startSeconds, durationSeconds, scratch, _reading),
                features,
                CancellationToken.None);

    /// <summary>The features of a part of a clip in memory, the same as of a file with these samples.</summary>
    /// <param name="clip">The clip, at any rate.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="startSeconds">Where the part starts, from 0.</param>
    /// <param name="durationSeconds">How long it is, above 0; null, and anything beyond the end, means to the end.</param>
    /// <param name="features">Receives [<see cref="FeatureCount"/>].</param>
    /// <exception cref="InvalidDataException">The part starts after the clip's end, is too short or without sound.</exception>
    /// <exception cref="ArgumentException">A negative start, a duration that is not above 0, or a
    /// destination of another length.</exception>
    public void Extract(AudioClip clip, string name, double startSeconds, double? durationSeconds, Span<float> features)
    {
        ArgumentNullException.ThrowIfNull(clip);
        (long first, long count) = AudioFile.Select(name, clip.Samples.Length, clip.SampleRateHz, startSeconds, durationSeconds);
        var part = new AudioClip(clip.Samples.Slice((int)first, (int)count), clip.SampleRateHz);
        Extract(name, (_, _) => new ClipReader(part), features, CancellationToken.None);
    }

    private void Extract(
        string path, Func<double?, byte[], IClipReader> open, Span<float> features, CancellationToken cancellationToken)
    {
        CheckDestination(features);
        Work work = _pool.Rent();
        try
        {
            using IClipReader reader = open(NeededSeconds, work.Scratch);
            if (LengthFault(reader.SampleCount, reader.SampleRateHz) is string fault)
            {
                throw new InvalidDataException($"{path}: {fault}");
            }

            if (Load(reader, work))
            {
                RequireSound(path, open, work.Scratch, cancellationToken);
            }

            Process(work, features, null, path);
        }
        finally
        {
            _pool.Return(work);
        }
    }

    /// <summary>The features of a clip in memory.</summary>
    /// <param name="clip">The clip, at any rate.</param>
    /// <param name="features">Receives [<see cref="FeatureCount"/>]; without pooling [frames, bins], row-major.</param>
    /// <exception cref="ArgumentException">The clip is shorter than one frame or too short for a recipe that refuses short clips, or the
    /// destination has another length.</exception>
    public void Extract(AudioClip clip, Span<float> features) => Extract(clip, null, features);

    /// <summary>As <see cref="Extract(AudioClip, Span{float})"/>, with a callback that changes the compressed one-sided spectrogram,
    /// [frames, bins] with its number of bins, before it is normalised and pooled.</summary>
    internal void Extract(AudioClip clip, Action<Span<float>, int>? edit, Span<float> features)
    {
        ArgumentNullException.ThrowIfNull(clip);
        CheckDestination(features);
        if (LengthFault(clip.Samples.Length, clip.SampleRateHz) is string fault)
        {
            throw UserError.Mark(new ArgumentException($"The clip {fault}", nameof(clip)));
        }

        Work work = _pool.Rent();
        try
        {
            Load(new ClipReader(clip), work);
            Process(work, features, edit, "The clip");
        }
        finally
        {
            _pool.Return(work);
        }
    }

    /// <summary>Refuses a clip that <see cref="Extract(string, double, double?, CancellationToken)"/> would refuse as too short.</summary>
    internal void RequireLength(string path, double startSeconds, double? durationSeconds)
    {
        using IClipReader reader = AudioFile.Open(
            path, startSeconds, durationSeconds, NeededSeconds, [], _reading, CancellationToken.None);
        if (LengthFault(reader.SampleCount, reader.SampleRateHz) is string fault)
        {
            throw new InvalidDataException($"{path}: {fault}");
        }
    }

    // A crop of one value, such as channels that cancel each other or digital silence: the clip, from end to end, must not be so.
    private static void RequireSound(
        string path, Func<double?, byte[], IClipReader> open, byte[] scratch, CancellationToken cancellationToken)
    {
        const int Block = 1 << 14;
        using IClipReader reader = open(null, scratch);
        var samples = new float[(int)Math.Min(Block, reader.SampleCount)];
        reader.Read(0, samples.AsSpan(0, 1));
        float value = samples[0];
        for (long first = 0; first < reader.SampleCount; first += samples.Length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Span<float> block = samples.AsSpan(0, (int)Math.Min(samples.Length, reader.SampleCount - first));
            reader.Read(first, block);
            if (block.ContainsAnyExcept(value))
            {
                return;
            }
        }

        throw new InvalidDataException($"{path}: {ConstantFault(value)}");
    }

    /// <summary>What is wrong with a clip of one value.</summary>
    internal static string ConstantFault(float value) => Invariant($"every sample is {value}; expected a voice.");

    // Where the crop is the clip's start, the rest need not be decoded.
    private double? NeededSeconds =>
        _options.Crop == VoiceCrop.Start ? ((double)_sampleCount / _options.SampleRateHz) + ResamplerReachSeconds : null;

    // Numbers from -1 to 1, pre-emphasised where pre-emphasis follows the dither.
    private static float[] MakeNoise(VoiceOptions options, int count)
    {
        var random = SeededRandom.For(DitherSeed, "voice dither");
        var noise = new float[count];
        for (int n = 0; n < count; n++)
        {
            noise[n] = (float)(options.DitherShape == DitherShape.Uniform
                ? random.NextDouble(-1, 1)
                : random.NextDouble(0, 1) + random.NextDouble(0, 1) - 1);
        }

        var emphasised = new float[count];
        double a = options.PreEmphasisStage == PreEmphasisStage.Signal ? options.PreEmphasis : 0;
        VoiceSignal.PreEmphasise(noise, a, options.PreEmphasisEdge, emphasised);
        return emphasised;
    }

    private void CheckDestination(ReadOnlySpan<float> features)
    {
        if (features.Length != FeatureCount)
        {
            throw new ArgumentException(
                $"The destination holds {features.Length} numbers; expected {FeatureCount} features.", nameof(features));
        }
    }

    private string? LengthFault(long sampleCount, int rateHz)
    {
        long available = _resamplers.From(rateHz)?.OutputCount(sampleCount) ?? sampleCount;
        bool refused = available < _sampleCount && _options.ShortClips == ShortClipPolicy.Refuse;
        int frameSamples = _options.FrameSamples;
        if (available >= frameSamples && !refused)
        {
            return null;
        }

        string found = Invariant($"holds {(double)sampleCount / rateHz:0.####} s of voice ({sampleCount} samples at {rateHz} Hz)");
        double frame = (double)frameSamples / _options.SampleRateHz;
        return refused
            ? Invariant($"{found}; expected at least {_options.DurationSeconds:0.####} s, since 'ShortClips' is Refuse.")
            : Invariant($"{found}; expected at least {frame:0.####} s, one frame of {frameSamples} samples at {_options.SampleRateHz} Hz.");
    }
}

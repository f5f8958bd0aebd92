using System.Collections.Concurrent;
using System.Numerics.Tensors;
using static System.FormattableString;

namespace CrossModalVae.Audio;

/// <summary>
/// Voice clips to features, as a recipe's <see cref="VoiceOptions"/> say. In order: read, mix down, resample, crop or mirror, 16-bit scale,
/// DC filter, dither, pre-emphasis, Hamming short-time Fourier magnitude, compression, normalisation over time (where asked
/// for), pooling, mirrored bins. Defaults give the report's [297, 512] pooled over time to 512. Immutable and thread-safe: share one among
/// any number of threads; the features of a clip have the same bits whatever their number.
/// </summary>
/// <remarks>
/// The signal steps follow the practice of VoxCeleb's VGG baselines (Nagrani, Chung, Zisserman 2017). Deviations: the dither noise is one fixed sequence, so that a
/// clip always gives the same features; its uniform numbers scale with the standard deviation after the DC filter. Features agree with the
/// definition in double precision within 2e-4 once normalised to unit deviation (measured: below 2e-5).
/// Clips shorter than one frame (512 samples, 32 ms) are refused whatever <see cref="VoiceOptions.ShortClips"/> says: nothing could be mirrored but
/// noise. Reflection appends to the end, or to both ends where the crop is centred.
/// </remarks>
public sealed class VoiceFrontEnd
{
    /// <summary>Signals are filtered in 16-bit scale: full scale is 32768, as VoxCeleb practice has it.</summary>
    public const float FullScale = 32_768;

    /// <summary>Log compression is ln(magnitude + 1) in 16-bit scale: one step of a 16-bit sample; silence gives exactly 0.</summary>
    public const float LogFloor = 1;

    /// <summary>A bin whose deviation over time is below this (16-bit scale) counts as constant in normalisation over time.</summary>
    public const float DeviationFloor = 1e-5f;

    // Part of the contract: another seed would change every feature in its last digits.
    private const long DitherSeed = 1;

    private readonly VoiceOptions _options;
    private readonly VoiceSpectrogram _spectrogram;
    private readonly int _sampleCount;
    private readonly float[] _noise; // [samples], uniform in [-1, 1)
    private readonly ConcurrentDictionary<int, Resampler> _resamplers = new();
    private readonly WorkPool<Work> _pool;

    /// <summary>Checks the options and prepares window, transform and dither.</summary>
    /// <param name="options">The recipe's voice section.</param>
    /// <exception cref="ArgumentException">The options are faulty; the message names every fault.</exception>
    public VoiceFrontEnd(VoiceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _sampleCount = options.SampleCount;
        _spectrogram = new VoiceSpectrogram(options.WindowSamples, options.HopSamples, options.FftLength);
        FrameCount = _spectrogram.FrameCount(_sampleCount);
        BinCount = options.TwoSided ? options.FftLength : _spectrogram.BinCount;
        FeatureCount = checked(options.Pooling switch
        {
            TimePooling.None => FrameCount * BinCount,
            TimePooling.Mean => BinCount,
            _ => 2 * BinCount,
        });

        var random = SeededRandom.For(DitherSeed, "voice dither");
        _noise = new float[options.Dither > 0 ? _sampleCount : 0];
        for (int n = 0; n < _noise.Length; n++)
        {
            _noise[n] = (float)random.NextDouble(-1, 1);
        }

        _pool = new WorkPool<Work>(() => new Work(_sampleCount, FrameCount, _spectrogram.BinCount));
    }

    /// <summary>Frames of a clip: 297 by default.</summary>
    public int FrameCount { get; }

    /// <summary>Bins of a frame: 512 by default (two-sided), 257 one-sided.</summary>
    public int BinCount { get; }

    /// <summary>Features of a clip: frames x bins without pooling, bins for the mean, 2 x bins for mean and deviation (means first).</summary>
    public int FeatureCount { get; }

    /// <summary>The features of a wav file, or of a part of it; see <see cref="WavFile.Read"/> for what is read.</summary>
    /// <param name="wavPath">The file.</param>
    /// <param name="startSeconds">Where the clip starts, from 0. Default 0.</param>
    /// <param name="durationSeconds">How long it is, above 0; null, and anything beyond the end, means to the end. Default null.</param>
    /// <returns>[<see cref="FeatureCount"/>]; without pooling [frames, bins], row-major.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no wav file that can be read, or the clip is shorter than one frame, or too short for a
    /// recipe that refuses short clips.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A negative start, or a duration that is not above 0.</exception>
    public float[] Extract(string wavPath, double startSeconds = 0, double? durationSeconds = null)
    {
        var features = new float[FeatureCount];
        Extract(wavPath, startSeconds, durationSeconds, features);
        return features;
    }

    /// <summary>As <see cref="Extract(string, double, double?)"/>, into the caller's memory.</summary>
    /// <param name="wavPath">The file.</param>
    /// <param name="startSeconds">Where the clip starts, from 0.</param>
    /// <param name="durationSeconds">How long it is, above 0; null, and anything beyond the end, means to the end.</param>
    /// <param name="features">Receives [<see cref="FeatureCount"/>].</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">As above.</exception>
    /// <exception cref="ArgumentException">A negative start, a duration that is not above 0, or a destination of another length.</exception>
    public void Extract(string wavPath, double startSeconds, double? durationSeconds, Span<float> features)
    {
        CheckDestination(features);
        Work work = _pool.Rent();
        try
        {
            using var reader = new WavReader(wavPath, work.Scratch);
            reader.Select(startSeconds, durationSeconds);
            if (Shortage(reader.SampleCount, reader.SampleRateHz) is string shortage)
            {
                throw new InvalidDataException($"{wavPath}: {shortage}");
            }

            Load(reader, work);
            Process(work, features);
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
    public void Extract(AudioClip clip, Span<float> features)
    {
        ArgumentNullException.ThrowIfNull(clip);
        CheckDestination(features);
        if (Shortage(clip.Samples.Length, clip.SampleRateHz) is string shortage)
        {
            throw new ArgumentException($"The clip {shortage}", nameof(clip));
        }

        Work work = _pool.Rent();
        try
        {
            Load(new ClipSource(clip), work);
            Process(work, features);
        }
        finally
        {
            _pool.Return(work);
        }
    }

    private void CheckDestination(ReadOnlySpan<float> features)
    {
        if (features.Length != FeatureCount)
        {
            throw new ArgumentException($"The destination holds {features.Length} numbers; expected {FeatureCount} features.", nameof(features));
        }
    }

    private Resampler? ResamplerFrom(int rateHz) =>
        rateHz == _options.SampleRateHz ? null : _resamplers.GetOrAdd(rateHz, static (from, to) => new Resampler(from, to), _options.SampleRateHz);

    private string? Shortage(long sampleCount, int rateHz)
    {
        long available = ResamplerFrom(rateHz)?.OutputCount(sampleCount) ?? sampleCount;
        bool refused = available < _sampleCount && _options.ShortClips == ShortClipPolicy.Refuse;
        if (available >= _options.FftLength && !refused)
        {
            return null;
        }

        string found = Invariant($"holds {(double)sampleCount / rateHz:0.####} s of voice ({sampleCount} samples at {rateHz} Hz)");
        double frame = (double)_options.FftLength / _options.SampleRateHz;
        return refused
            ? Invariant($"{found}; expected at least {_options.DurationSeconds:0.####} s, since 'ShortClips' is Refuse.")
            : Invariant($"{found}; expected at least {frame:0.####} s, one frame of {_options.FftLength} samples at {_options.SampleRateHz} Hz.");
    }

    // Read, resample, crop or mirror: fills work.Signal with exactly the samples that are used.
    private void Load<TSource>(TSource source, Work work)
        where TSource : ISampleSource
    {
        Resampler? resampler = ResamplerFrom(source.SampleRateHz);
        long available = resampler?.OutputCount(source.SampleCount) ?? source.SampleCount;
        int count = (int)Math.Min(available, _sampleCount);
        bool centred = _options.Crop == VoiceCrop.Center;
        long first = centred ? (available - count) / 2 : 0;
        int start = centred ? (_sampleCount - count) / 2 : 0;
        Span<float> part = work.Signal.AsSpan(start, count);
        if (resampler is null)
        {
            source.Read(first, part);
        }
        else
        {
            (long inputFirst, int inputCount) = resampler.InputRange(first, count);
            long from = Math.Max(0, inputFirst);
            Span<float> input = work.Input((int)(Math.Min(source.SampleCount, inputFirst + inputCount) - from));
            source.Read(from, input);
            resampler.Resample(input, from, part, first);
        }

        if (count < _sampleCount)
        {
            VoiceSignal.Reflect(work.Signal, start, count);
        }
    }

    // The steps from a signal of the right length to features.
    private void Process(Work work, Span<float> features)
    {
        TensorPrimitives.Multiply(work.Signal, FullScale, work.Signal);
        if (_options.RemoveDc)
        {
            VoiceSignal.RemoveDc(work.Signal);
        }

        if (_options.Dither > 0)
        {
            VoiceSignal.Dither(work.Signal, _noise, _options.Dither);
        }

        VoiceSignal.PreEmphasise(work.Signal, (float)_options.PreEmphasis, work.Emphasised);
        float[] spectrum = work.Spectrum; // [frames, one-sided bins]
        _spectrogram.Compute(work.Emphasised, spectrum);
        if (_options.Compression == SpectrumCompression.Log)
        {
            TensorPrimitives.Add(spectrum, LogFloor, spectrum);
            TensorPrimitives.Log(spectrum, spectrum);
        }

        bool needsMean = _options.Pooling != TimePooling.None || _options.Normalisation == FeatureNormalisation.ClipOverTime;
        bool needsDeviation = needsMean && _options.Pooling != TimePooling.Mean;
        if (needsMean)
        {
            SpectrumPooling.Mean(spectrum, work.Sums, work.Means);
        }

        if (needsDeviation)
        {
            SpectrumPooling.Deviation(spectrum, work.Means, work.Sums, work.Deviations);
        }

        switch (_options.Pooling)
        {
            case TimePooling.None:
                if (_options.Normalisation == FeatureNormalisation.ClipOverTime)
                {
                    SpectrumPooling.Normalise(spectrum, work.Means, work.Deviations, DeviationFloor);
                }

                CopyBins(spectrum, features);
                break;
            case TimePooling.Mean:
                CopyBins(work.Means, features);
                break;
            default:
                CopyBins(work.Means, features[..BinCount]);
                CopyBins(work.Deviations, features[BinCount..]);
                break;
        }
    }

    // Rows of one-sided bins to rows of the recipe's bins: bin N - k of a real signal's FFT has the magnitude of bin k.
    private void CopyBins(ReadOnlySpan<float> rows, Span<float> destination)
    {
        int oneSided = _spectrogram.BinCount;
        for (; !rows.IsEmpty; rows = rows[oneSided..], destination = destination[BinCount..])
        {
            rows[..oneSided].CopyTo(destination);
            if (_options.TwoSided)
            {
                Span<float> mirrored = destination[oneSided..BinCount];
                rows[1..(oneSided - 1)].CopyTo(mirrored);
                mirrored.Reverse();
            }
        }
    }

    private readonly struct ClipSource(AudioClip clip) : ISampleSource
    {
        public int SampleRateHz => clip.SampleRateHz;

        public long SampleCount => clip.Samples.Length;

        public void Read(long firstIndex, Span<float> destination) =>
            clip.Samples.Span.Slice((int)firstIndex, destination.Length).CopyTo(destination);
    }

    private sealed class Work(int samples, int frames, int bins)
    {
        private float[] _input = [];

        public byte[] Scratch { get; } = new byte[WavReader.MinScratchLength];

        public float[] Signal { get; } = new float[samples];

        public float[] Emphasised { get; } = new float[samples];

        public float[] Spectrum { get; } = new float[frames * bins]; // [frames, one-sided bins]

        public double[] Sums { get; } = new double[bins];

        public float[] Means { get; } = new float[bins];

        public float[] Deviations { get; } = new float[bins];

        public Span<float> Input(int count)
        {
            if (_input.Length < count)
            {
                _input = new float[count];
            }

            return _input.AsSpan(0, count);
        }
    }
}

using System.Numerics.Tensors;

namespace CrossModalVae.Audio;

// The steps of the method, in its order: each names what it reads and what it fills.
public sealed partial class VoiceFrontEnd
{
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
    private void Process(Work work, Span<float> features, SpectrumEdit? edit = null)
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

        edit?.Invoke(spectrum, _spectrogram.BinCount);

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

using System.Numerics.Tensors;

namespace CrossModalVae.Audio;

// The steps in their order.
public sealed partial class VoiceFrontEnd
{
    // Read, resample, crop or pad: fills work.Signal. Returns whether all samples that were read are the same.
    private bool Load<TSource>(TSource source, Work work)
        where TSource : ISampleSource
    {
        Resampler? resampler = _resamplers.From(source.SampleRateHz);
        long available = resampler?.OutputCount(source.SampleCount) ?? source.SampleCount;
        int count = (int)Math.Min(available, _sampleCount);
        bool centred = _options.Crop == VoiceCrop.Center;
        long first = centred ? (available - count) / 2 : 0;
        int start = centred ? (_sampleCount - count) / 2 : 0;
        Span<float> used = work.Signal.AsSpan(start, count);
        bool isConstant;
        if (resampler is null)
        {
            source.Read(first, used);
            isConstant = !used.ContainsAnyExcept(used[0]);
        }
        else
        {
            (long inputFirst, int inputCount) = resampler.InputRange(first, count);
            long from = Math.Max(0, inputFirst);
            Span<float> input = work.Input((int)(Math.Min(source.SampleCount, inputFirst + inputCount) - from));
            source.Read(from, input);
            isConstant = !input.ContainsAnyExcept(input[0]);
            resampler.Resample(input, from, used, first);
        }

        if (count < _sampleCount)
        {
            VoiceSignal.Reflect(work.Signal, start, count);
        }

        return isConstant;
    }

    // From work.Signal to features; the place is for messages.
    private void Process(Work work, Span<float> features, Action<Span<float>, int>? edit, string place)
    {
        if (_encoding is null)
        {
            MakeFrames(work, features, edit);
            return;
        }

        Span<float> row = work.Row(_encoding.InputLength);
        if (_encoding.TakesSamples)
        {
            TensorPrimitives.Multiply(work.Signal, (float)_options.SignalScale, row);
            _encoding.EncodeSamples(row, features, place);
        }
        else
        {
            MakeFrames(work, row, edit);
            _encoding.EncodeFrames(row, features, place);
        }
    }

    // From work.Signal to frames, pooled where the options say so.
    private void MakeFrames(Work work, Span<float> features, Action<Span<float>, int>? edit)
    {
        Span<float> signal = work.Signal;
        Span<float> emphasised = work.Emphasised.AsSpan(_margin, signal.Length);
        TensorPrimitives.Multiply(signal, (float)_options.SignalScale, signal);
        if (_options.PreEmphasisStage == PreEmphasisStage.BeforeDc)
        {
            VoiceSignal.PreEmphasise(signal, _options.PreEmphasis, _options.PreEmphasisEdge, emphasised);
            emphasised.CopyTo(signal);
        }

        Condition(signal, _options.PreEmphasisStage == PreEmphasisStage.Signal ? _options.PreEmphasis : 0, emphasised);
        if (_margin > 0)
        {
            VoiceSignal.Reflect(work.Emphasised, _margin, signal.Length);
        }

        float[] spectrum = work.Spectrum; // [frames, one-sided bins or mel bins]
        _spectrogram.Compute(work.Emphasised, spectrum);
        Compress(spectrum);
        edit?.Invoke(spectrum, _spectrogram.BinCount);
        bool needsMean = _options.Pooling != TimePooling.None || _options.NormalisesClips;
        bool needsStandardDeviation = needsMean && _options.Pooling != TimePooling.Mean;
        if (needsMean)
        {
            SpectrumPooling.Mean(spectrum, work.Sums, work.Means);
        }

        if (needsStandardDeviation)
        {
            bool unbiased = _options.Normalisation == FeatureNormalisation.ClipOverTimeUnbiased;
            SpectrumPooling.StandardDeviation(spectrum, work.Means, work.Sums, work.StandardDeviations, unbiased);
        }

        switch (_options.Pooling)
        {
            case TimePooling.None:
                if (_options.NormalisesClips)
                {
                    SpectrumPooling.Normalise(spectrum, work.Means, work.StandardDeviations);
                }

                CopyBins(spectrum, features);
                break;
            case TimePooling.Mean:
                CopyBins(work.Means, features);
                break;
            default:
                CopyBins(work.Means, features[..BinCount]);
                CopyBins(work.StandardDeviations, features[BinCount..]);
                break;
        }
    }

    // DC filter, dither and pre-emphasis by a; the dither is pre-emphasised already.
    private void Condition(ReadOnlySpan<float> signal, double a, Span<float> conditioned)
    {
        double standardDeviation;
        if (_options.RemoveDc)
        {
            standardDeviation = VoiceSignal.RemoveDc(signal, a, _options.PreEmphasisEdge, conditioned);
        }
        else
        {
            standardDeviation = _options.Dither > 0 ? VoiceSignal.StandardDeviation(signal) : 0;
            if (a == 0)
            {
                signal.CopyTo(conditioned);
            }
            else
            {
                VoiceSignal.PreEmphasise(signal, a, _options.PreEmphasisEdge, conditioned);
            }
        }

        if (_options.Dither > 0)
        {
            VoiceSignal.AddNoise(conditioned, _noise, _options.Dither * standardDeviation);
        }
    }

    private void Compress(Span<float> spectrum)
    {
        float floor = (float)_options.LogFloor;
        switch (_options.Compression)
        {
            case SpectrumCompression.Log:
                TensorPrimitives.Add(spectrum, floor, spectrum);
                TensorPrimitives.Log(spectrum, spectrum);
                break;
            case SpectrumCompression.FlooredLog:
                TensorPrimitives.Max(spectrum, floor, spectrum);
                TensorPrimitives.Log(spectrum, spectrum);
                break;
        }
    }

    // One-sided rows to rows of the recipe's bins: bin N - k of a real signal's FFT has the magnitude of bin k.
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

    private readonly struct ClipReader(AudioClip clip) : IClipReader
    {
        public int SampleRateHz => clip.SampleRateHz;

        public long SampleCount => clip.Samples.Length;

        public void Read(long firstIndex, Span<float> destination) =>
            clip.Samples.Span.Slice((int)firstIndex, destination.Length).CopyTo(destination);

        public SoundNotes Notes => SoundNotes.None;

        public void Dispose()
        {
        }
    }

    private sealed class Work(int samples, int margin, int frames, int bins)
    {
        private float[] _input = [];
        private float[] _row = [];

        public byte[] Scratch { get; } = new byte[WavReader.MinScratchLength];

        public float[] Signal { get; } = new float[samples];

        public float[] Emphasised { get; } = new float[samples + (2 * margin)]; // the signal with its padding

        public float[] Spectrum { get; } = new float[frames * bins]; // [frames, one-sided bins or mel bins]

        public double[] Sums { get; } = new double[bins];

        public float[] Means { get; } = new float[bins];

        public float[] StandardDeviations { get; } = new float[bins];

        public Span<float> Row(int count)
        {
            if (_row.Length < count)
            {
                _row = new float[count];
            }

            return _row.AsSpan(0, count);
        }

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

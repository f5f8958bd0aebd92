using System.Numerics;
using System.Runtime.InteropServices;

namespace CrossModalVae.Audio;

/// <summary>
/// The short-time Fourier magnitude of a signal, as torch.stft(n_fft, hop_length, win_length, hamming_window(win_length), center=False) has it: a
/// periodic Hamming window centred in frames of the FFT's own length, (samples - fft) / hop + 1 frames, no scaling. Only the
/// distinct bins 0 to fft / 2 are computed. Agrees with the definition in double precision within 1e-6 of the frame's largest magnitude. Immutable
/// and thread-safe; the same bits for every thread count and SIMD width.
/// </summary>
public sealed class VoiceSpectrogram
{
    private readonly LaneFft _fft;
    private readonly FrameSteps _steps;
    private readonly float[] _window; // [fft], zero outside the window
    private readonly int _windowStart;
    private readonly int _windowEnd;
    private readonly bool _changesFrames;
    private readonly WorkPool<Work> _pool;

    /// <summary>Prepares window and transform.</summary>
    /// <param name="windowSamples">Length of the Hamming window, 2 to <paramref name="fftLength"/>.</param>
    /// <param name="hopSamples">Distance between frames, 1 to <paramref name="fftLength"/>.</param>
    /// <param name="fftLength">Length of a frame, a power of two, at least 4.</param>
    /// <exception cref="ArgumentOutOfRangeException">A length is out of range.</exception>
    public VoiceSpectrogram(int windowSamples, int hopSamples, int fftLength)
        : this(Check(windowSamples, hopSamples, fftLength))
    {
    }

    internal VoiceSpectrogram(FrameSteps steps)
    {
        _steps = steps;
        _fft = new LaneFft(steps.FftLength);
        BinCount = steps.Mel?.Count ?? (steps.FftLength / 2) + 1;
        _window = new float[steps.FftLength];
        _windowStart = steps.WindowStart;
        _windowEnd = _windowStart + steps.Window.Length;
        steps.Window.CopyTo(_window, _windowStart);
        _changesFrames = steps.RemoveMean || steps.PreEmphasis != 0;
        _pool = new WorkPool<Work>(() => new Work(_fft, steps.Window.Length, steps.Mel?.Count ?? 0));
    }

    /// <summary>Length of the transform, in samples.</summary>
    public int FftLength => _fft.Length;

    /// <summary>Distance between frames, in samples.</summary>
    public int HopSamples => _steps.HopSamples;

    /// <summary>Bins of a frame: FftLength / 2 + 1; bin k lies at k times rate / FftLength.</summary>
    public int BinCount { get; }

    /// <summary>Frames of a signal: none where it is shorter than one frame.</summary>
    /// <param name="sampleCount">Samples of the signal.</param>
    public int FrameCount(int sampleCount) => sampleCount < _steps.FrameSamples ? 0 : ((sampleCount - _steps.FrameSamples) / HopSamples) + 1;

    /// <summary>Computes the magnitudes of a signal.</summary>
    /// <param name="samples">At least one frame of finite numbers.</param>
    /// <returns>[frames, bins], row-major.</returns>
    /// <exception cref="ArgumentException">The signal is shorter than one frame.</exception>
    public float[] Compute(ReadOnlySpan<float> samples)
    {
        var magnitudes = new float[checked(FrameCount(samples.Length) * BinCount)]; // [frames, bins]
        Compute(samples, magnitudes);
        return magnitudes;
    }

    /// <summary>Computes the magnitudes of a signal into the caller's memory; allocates nothing once warm.</summary>
    /// <param name="samples">At least one frame of finite numbers.</param>
    /// <param name="magnitudes">Receives [frames, bins], row-major; exactly that long.</param>
    /// <exception cref="ArgumentException">The signal is shorter than one frame, or the destination has another length.</exception>
    public void Compute(ReadOnlySpan<float> samples, Span<float> magnitudes)
    {
        int frames = FrameCount(samples.Length);
        if (frames == 0)
        {
            throw new ArgumentException($"The signal has {samples.Length} samples; one frame needs {_steps.FrameSamples}.", nameof(samples));
        }

        if (magnitudes.Length != (long)frames * BinCount)
        {
            throw new ArgumentException(
                $"The destination holds {magnitudes.Length} numbers; expected {frames} frames x {BinCount} bins = {(long)frames * BinCount}.", nameof(magnitudes));
        }

        Work work = _pool.Rent();
        try
        {
            ReadOnlySpan<float> columns = work.Transpose(samples, HopSamples, frames, _steps.FrameSamples);
            for (int first = 0; first < frames; first += Vector<float>.Count)
            {
                if (_changesFrames)
                {
                    LoadChangedFrames(columns, first, work);
                }
                else
                {
                    LoadFrames(columns, first, work);
                }

                _fft.Magnitudes(work.Buffers, work.Bins);
                StoreFrames(Project(work), magnitudes, first, Math.Min(Vector<float>.Count, frames - first));
            }
        }
        finally
        {
            _pool.Return(work);
        }
    }

    private void LoadFrames(ReadOnlySpan<float> columns, int first, Work work)
    {
        Vector<float>[] re = work.Buffers.Re;
        Vector<float>[] im = work.Buffers.Im;
        int even = _windowStart & ~1;
        int end = (_windowEnd + 1) & ~1;
        re.AsSpan(0, even / 2).Clear();
        im.AsSpan(0, even / 2).Clear();
        re.AsSpan(end / 2).Clear();
        im.AsSpan(end / 2).Clear();

        // Sample n of frames f, f + 1, ... is one hop apart, so neighbours in a row of the transposed signal.
        int row = even % HopSamples;
        int column = first + (even / HopSamples);
        for (int n = even; n < end; n++)
        {
            var lanes = new Vector<float>(columns.Slice((row * work.ColumnCount) + column, Vector<float>.Count));
            ((n & 1) == 0 ? re : im)[n / 2] = lanes * _window[n];
            if (++row == HopSamples)
            {
                row = 0;
                column++;
            }
        }
    }

    // As LoadFrames, with the frame's mean removed and pre-emphasis inside the frame before the window.
    private void LoadChangedFrames(ReadOnlySpan<float> columns, int first, Work work)
    {
        Vector<float>[] frame = work.Frame; // [window] of all lanes
        int row = _windowStart % HopSamples;
        int column = first + (_windowStart / HopSamples);
        Vector<float> sum = Vector<float>.Zero;
        Vector<float> part = Vector<float>.Zero;
        for (int n = 0; n < frame.Length; n++)
        {
            frame[n] = new Vector<float>(columns.Slice((row * work.ColumnCount) + column, Vector<float>.Count));
            part += frame[n];
            if (++row == HopSamples)
            {
                row = 0;
                column++;
                sum += part; // sums of sums: hundreds of samples in one would lose digits
                part = Vector<float>.Zero;
            }
        }

        // (x[n] - mean) - a (x[n-1] - mean), with the large numbers first and fused: what is left of them is small and loses few digits.
        Vector<float> mean = _steps.RemoveMean ? (sum + part) * (1f / frame.Length) : Vector<float>.Zero;
        Vector<float> offset = mean * (float)(1 - _steps.PreEmphasis);
        var minusA = new Vector<float>(-(float)_steps.PreEmphasis);
        Vector<float> previous = _steps.Edge switch
        {
            PreEmphasisEdge.Zero => mean,
            PreEmphasisEdge.Replicate => frame[0],
            _ => frame[1],
        };
        Vector<float>[] re = work.Buffers.Re;
        Vector<float>[] im = work.Buffers.Im;
        re.AsSpan().Clear();
        im.AsSpan().Clear();
        for (int i = 0, n = _windowStart; i < frame.Length; i++, n++)
        {
            ((n & 1) == 0 ? re : im)[n / 2] = (Vector.FusedMultiplyAdd(previous, minusA, frame[i]) - offset) * _window[n];
            previous = frame[i];
        }
    }

    // What of the magnitudes is kept: the square, the mel filters.
    private Vector<float>[] Project(Work work)
    {
        Vector<float>[] bins = work.Bins;
        if (_steps.Power)
        {
            for (int k = 0; k < bins.Length; k++)
            {
                bins[k] *= bins[k];
            }
        }

        if (_steps.Mel is null)
        {
            return bins;
        }

        _steps.Mel.Project(bins, work.Mels);
        return work.Mels;
    }

    private static FrameSteps Check(int windowSamples, int hopSamples, int fftLength)
    {
        if (fftLength < 4 || !BitOperations.IsPow2(fftLength))
        {
            throw new ArgumentOutOfRangeException(nameof(fftLength), $"'fftLength' is {fftLength}; must be a power of two, at least 4.");
        }

        if (windowSamples < 2 || windowSamples > fftLength)
        {
            throw new ArgumentOutOfRangeException(nameof(windowSamples), $"'windowSamples' is {windowSamples}; must be 2 to {fftLength}, the FFT's length.");
        }

        if (hopSamples < 1 || hopSamples > fftLength)
        {
            throw new ArgumentOutOfRangeException(nameof(hopSamples), $"'hopSamples' is {hopSamples}; must be 1 to {fftLength}, the FFT's length.");
        }

        return new FrameSteps
        {
            Window = FrameSteps.MakeWindow(VoiceWindow.Hamming, windowSamples, 1),
            HopSamples = hopSamples,
            FftLength = fftLength,
        };
    }

    private void StoreFrames(Vector<float>[] bins, Span<float> magnitudes, int first, int count)
    {
        ReadOnlySpan<float> lanes = MemoryMarshal.Cast<Vector<float>, float>(bins);
        for (int lane = 0; lane < count; lane++)
        {
            Span<float> frame = magnitudes.Slice((first + lane) * BinCount, BinCount);
            int source = lane;
            for (int k = 0; k < frame.Length; k++)
            {
                frame[k] = lanes[source];
                source += Vector<float>.Count;
            }
        }
    }

    private sealed class Work(LaneFft fft, int window, int mels)
    {
        private float[] _columns = [];

        public LaneFft.Buffers Buffers { get; } = new(fft);

        public Vector<float>[] Bins { get; } = new Vector<float>[(fft.Length / 2) + 1];

        public Vector<float>[] Frame { get; } = new Vector<float>[window];

        public Vector<float>[] Mels { get; } = new Vector<float>[mels];

        public int ColumnCount { get; private set; }

        /// <summary>The signal as [hop, columns]: row r holds samples r, r + hop, r + 2 hop, ..., then zeros for the lanes of the last
        /// batch.</summary>
        public ReadOnlySpan<float> Transpose(ReadOnlySpan<float> samples, int hop, int frames, int frameLength)
        {
            ColumnCount = frames + ((frameLength - 1) / hop) + Vector<float>.Count;
            int needed = hop * ColumnCount;
            if (_columns.Length < needed)
            {
                _columns = new float[needed];
            }

            Span<float> columns = _columns.AsSpan(0, needed); // [hop, columns]
            columns.Clear();
            samples = samples[..Math.Min(samples.Length, ((frames - 1) * hop) + frameLength)];
            for (int column = 0, start = 0; start < samples.Length; column++, start += hop)
            {
                ReadOnlySpan<float> run = samples[start..Math.Min(samples.Length, start + hop)];
                int target = column;
                for (int row = 0; row < run.Length; row++)
                {
                    columns[target] = run[row];
                    target += ColumnCount;
                }
            }

            return columns;
        }
    }
}

using System.Numerics;
using CrossModalVae.Audio.Lanes;
using CrossModalVae.Fourier;

namespace CrossModalVae.Audio;

/// <summary>
/// The short-time Fourier magnitude of a signal, as torch.stft(n_fft, hop_length, win_length, hamming_window(win_length), center=False):
/// a periodic Hamming window centred in frames of the FFT's length, (samples - fft) / hop + 1 frames, no scaling, bins 0 to fft / 2; or
/// other <see cref="FrameSteps"/>. Agrees with the definition in double precision within 1e-6 of the frame's largest magnitude.
/// Immutable and thread-safe; the same bits for every thread count and SIMD width.
/// </summary>
internal sealed class VoiceSpectrogram
{
    private readonly FrameTransform _transform;
    private readonly FrameSteps _steps;
    private readonly ObjectPool<Work> _pool;

    /// <exception cref="ArgumentOutOfRangeException">A length is out of range.</exception>
    public VoiceSpectrogram(int windowSamples, int hopSamples, int fftLength)
        : this(Check(windowSamples, hopSamples, fftLength))
    {
    }

    public VoiceSpectrogram(FrameSteps steps, int? vectorBits = null)
    {
        _steps = steps;
        _transform = FrameTransform.Create(steps, vectorBits);
        _pool = new ObjectPool<Work>(
            () => new Work(new FrameColumns(steps.HopSamples, steps.FrameSamples, _transform.LaneCount), _transform.CreateBuffers()));
    }

    /// <summary>Length of the transform, in samples.</summary>
    public int FftLength => _steps.FftLength;

    /// <summary>Distance between frames, in samples.</summary>
    public int HopSamples => _steps.HopSamples;

    /// <summary>Numbers of a frame: FftLength / 2 + 1 bins, bin k at k times rate / FftLength; or mel bins.</summary>
    public int BinCount => _transform.RowLength;

    /// <summary>Frames of a signal; 0 where it is shorter than one frame.</summary>
    public int FrameCount(int sampleCount) =>
        sampleCount < _steps.FrameSamples ? 0 : ((sampleCount - _steps.FrameSamples) / HopSamples) + 1;

    /// <summary>Computes a signal's magnitudes, [frames, bins] row-major.</summary>
    /// <exception cref="ArgumentException">The signal is shorter than one frame.</exception>
    public float[] Compute(ReadOnlySpan<float> samples)
    {
        var magnitudes = new float[checked(FrameCount(samples.Length) * BinCount)]; // [frames, bins]
        Compute(samples, magnitudes);
        return magnitudes;
    }

    /// <summary>As <see cref="Compute(ReadOnlySpan{float})"/>, into the caller's memory; allocates nothing once warm.</summary>
    /// <exception cref="ArgumentException">The signal is shorter than one frame, or the destination has another length.</exception>
    public void Compute(ReadOnlySpan<float> samples, Span<float> magnitudes)
    {
        int frames = FrameCount(samples.Length);
        if (frames == 0)
        {
            throw new ArgumentException(
                $"The signal has {samples.Length} samples; one frame needs {_steps.FrameSamples}.", nameof(samples));
        }

        if (magnitudes.Length != (long)frames * BinCount)
        {
            throw new ArgumentException(
                $"The destination holds {magnitudes.Length} numbers; "
                + $"expected {frames} frames x {BinCount} bins = {(long)frames * BinCount}.",
                nameof(magnitudes));
        }

        Work work = _pool.Rent();
        try
        {
            work.Columns.Load(samples, frames);
            for (int first = 0; first < frames; first += _transform.LaneCount)
            {
                ReadOnlySpan<float> lanes = _transform.Run(work.Columns, first, work.Buffers); // [bins, lanes]
                int count = Math.Min(_transform.LaneCount, frames - first);
                Transposition.Run(
                    lanes, _transform.LaneCount, BinCount, count, magnitudes.Slice(first * BinCount, count * BinCount), BinCount);
            }
        }
        finally
        {
            _pool.Return(work);
        }
    }

    private static FrameSteps Check(int windowSamples, int hopSamples, int fftLength)
    {
        if (fftLength < 4 || !BitOperations.IsPow2(fftLength))
        {
            throw new ArgumentOutOfRangeException(nameof(fftLength), $"'fftLength' is {fftLength}; must be a power of two, at least 4.");
        }

        if (windowSamples < 2 || windowSamples > fftLength)
        {
            throw new ArgumentOutOfRangeException(
                nameof(windowSamples), $"'windowSamples' is {windowSamples}; must be 2 to {fftLength}, the FFT's length.");
        }

        if (hopSamples < 1 || hopSamples > fftLength)
        {
            throw new ArgumentOutOfRangeException(
                nameof(hopSamples), $"'hopSamples' is {hopSamples}; must be 1 to {fftLength}, the FFT's length.");
        }

        return new FrameSteps(FrameSteps.MakeWindow(VoiceWindow.Hamming, windowSamples, 1), hopSamples, fftLength);
    }

    private sealed record Work(FrameColumns Columns, FrameBuffers Buffers);
}

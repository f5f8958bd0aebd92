using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using CrossModalVae.Fourier;

namespace CrossModalVae.Audio.Lanes;

/// <summary>Runs the <see cref="FrameSteps"/> on as many frames at once as there are lanes. Immutable; the caller owns the
/// buffers.</summary>
internal abstract class FrameTransform
{
    /// <summary>Frames in a batch.</summary>
    public abstract int LaneCount { get; }

    /// <summary>Numbers of a frame: the transform's bins or the mel filters.</summary>
    public abstract int RowLength { get; }

    /// <summary>The transform of the machine's SIMD width, or of 128, 256 or 512 bits; all give the same bits. Mel filters are computed in
    /// double precision: the logarithm that follows shows the rounding of an all but empty filter beside a loud one.</summary>
    public static FrameTransform Create(FrameSteps steps, int? vectorBits = null) =>
        (vectorBits ?? (Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128), steps.Mel is not null) switch
        {
            (128, false) => new FrameTransform<Lanes128<float>, float>(steps),
            (256, false) => new FrameTransform<Lanes256<float>, float>(steps),
            (512, false) => new FrameTransform<Lanes512<float>, float>(steps),
            (128, true) => new FrameTransform<Lanes128<double>, double>(steps),
            (256, true) => new FrameTransform<Lanes256<double>, double>(steps),
            (512, true) => new FrameTransform<Lanes512<double>, double>(steps),
            _ => throw new ArgumentOutOfRangeException(nameof(vectorBits), $"'vectorBits' is {vectorBits}; must be 128, 256 or 512."),
        };

    /// <summary>Memory for one batch of frames.</summary>
    public abstract FrameBuffers CreateBuffers();

    /// <summary>Transforms the batch from frame <paramref name="first"/> on to [<see cref="RowLength"/>, <see cref="LaneCount"/>], within
    /// the buffers.</summary>
    public abstract ReadOnlySpan<float> Run(FrameColumns signal, int first, FrameBuffers buffers);
}

/// <summary>The transform of one SIMD width and precision.</summary>
internal sealed class FrameTransform<T, TNumber> : FrameTransform
    where T : struct, ILanes<T, TNumber>
    where TNumber : unmanaged, IBinaryFloatingPointIeee754<TNumber>
{
    private readonly FrameSteps _steps;
    private readonly TNumber[] _window;
    private readonly RealFft<T, TNumber> _fft;
    private readonly bool _conditionsFrames;

    public FrameTransform(FrameSteps steps)
    {
        _steps = steps;
        _window = [.. steps.Window.Select(TNumber.CreateTruncating)];
        _fft = new RealFft<T, TNumber>(steps.FftLength);
        _conditionsFrames = steps.RemoveMean || steps.PreEmphasis != 0;
    }

    public override int LaneCount => T.Count;

    public override int RowLength => _steps.Mel?.Count ?? _fft.BinCount;

    public override FrameBuffers CreateBuffers() => new FrameBuffers<TNumber>(
        _fft.CreateFrames(),
        _fft.CreateBins(),
        new AlignedBuffer<TNumber>(_conditionsFrames ? _window.Length * T.Count : 0),
        new AlignedBuffer<TNumber>((_steps.Mel?.Count ?? 0) * T.Count),
        new AlignedBuffer<float>(typeof(TNumber) == typeof(float) ? 0 : RowLength * T.Count));

    public override ReadOnlySpan<float> Run(FrameColumns signal, int first, FrameBuffers buffers)
    {
        var own = (FrameBuffers<TNumber>)buffers;
        ReadOnlySpan<int> offsets = signal.Offsets.Slice(_steps.WindowStart, _window.Length);
        ref float samples = ref signal.From(first);
        ClearOutsideWindow(own.Frames);
        if (_conditionsFrames)
        {
            LoadConditioned(ref samples, offsets, own);
        }
        else
        {
            Load(ref samples, offsets, ref own.Frames.First);
        }

        _fft.Magnitudes(own.Frames, own.Bins);
        if (_steps.Power)
        {
            Square(ref own.Bins.First);
        }

        Span<TNumber> rows = own.Bins.Span;
        if (_steps.Mel is not null)
        {
            rows = own.Mels.Span;
            _steps.Mel.Project<T, TNumber>(own.Bins.Span, rows);
        }

        if (typeof(TNumber) == typeof(float))
        {
            return MemoryMarshal.Cast<TNumber, float>(rows);
        }

        TensorPrimitives.ConvertTruncating<TNumber, float>(rows, own.Rows.Span); // rounds to the nearest
        return own.Rows.Span;
    }

    private void ClearOutsideWindow(AlignedBuffer<TNumber> frames)
    {
        int half = _fft.Length / 2;
        int start = (_steps.WindowStart + 1) / 2, end = (_steps.WindowStart + _steps.Window.Length) / 2;
        for (int parity = 0; parity < 2; parity++)
        {
            Span<TNumber> points = frames.Span.Slice(parity * half * T.Count, half * T.Count);
            points[..(start * T.Count)].Clear();
            points[(end * T.Count)..].Clear();
        }
    }

    private void Load(ref float samples, ReadOnlySpan<int> offsets, ref TNumber frames)
    {
        TNumber[] window = _window;
        int n = _steps.WindowStart;
        for (int i = 0; i < offsets.Length && i < window.Length; i++, n++)
        {
            (T.LoadSingles(ref samples, (nuint)offsets[i]) * T.Broadcast(window[i])).Store(ref frames, _fft.PlaceOf(n));
        }
    }

    // As Load, with the frame's mean removed and pre-emphasis inside the frame before the window.
    private void LoadConditioned(ref float samples, ReadOnlySpan<int> offsets, FrameBuffers<TNumber> buffers)
    {
        ref TNumber cut = ref buffers.Window.First;
        T sum = T.Broadcast(TNumber.Zero), partial = T.Broadcast(TNumber.Zero);
        for (int i = 0; i < offsets.Length; i++)
        {
            T sample = T.LoadSingles(ref samples, (nuint)offsets[i]);
            sample.Store(ref cut, (nuint)(i * T.Count));
            partial += sample;
            if ((_steps.WindowStart + i + 1) % _steps.HopSamples == 0)
            {
                sum += partial; // pairwise: a sum of hundreds of samples would lose digits
                partial = T.Broadcast(TNumber.Zero);
            }
        }

        // (x[n] - mean) - a (x[n-1] - mean), the large numbers first and fused, so that little precision is lost.
        T mean = _steps.RemoveMean
            ? (sum + partial) * T.Broadcast(TNumber.One / TNumber.CreateTruncating(offsets.Length))
            : T.Broadcast(TNumber.Zero);
        T offset = mean * T.Broadcast(TNumber.CreateTruncating(1 - _steps.PreEmphasis));
        T minusA = T.Broadcast(TNumber.CreateTruncating(-_steps.PreEmphasis));
        T previous = _steps.Edge switch
        {
            PreEmphasisEdge.Zero => mean,
            PreEmphasisEdge.Replicate => T.Load(ref cut, 0),
            _ => T.Load(ref cut, (nuint)T.Count),
        };
        ref TNumber frames = ref buffers.Frames.First;
        int n = _steps.WindowStart;
        for (int i = 0; i < _window.Length; i++, n++)
        {
            T sample = T.Load(ref cut, (nuint)(i * T.Count));
            ((T.MultiplyAdd(previous, minusA, sample) - offset) * T.Broadcast(_window[i])).Store(ref frames, _fft.PlaceOf(n));
            previous = sample;
        }
    }

    private void Square(ref TNumber bins)
    {
        for (nuint at = 0; at < (nuint)(_fft.BinCount * T.Count); at += (nuint)T.Count)
        {
            T magnitude = T.Load(ref bins, at);
            (magnitude * magnitude).Store(ref bins, at);
        }
    }
}

/// <summary>Memory of a <see cref="FrameTransform"/> for one batch of frames: all of it together fits a core's first cache.</summary>
internal abstract record FrameBuffers;

/// <summary>The memory in one precision.</summary>
internal sealed record FrameBuffers<TNumber>(
    AlignedBuffer<TNumber> Frames, // [fft, lanes]
    AlignedBuffer<TNumber> Bins, // [bins, lanes]
    AlignedBuffer<TNumber> Window, // [window, lanes], the frames as cut, where mean or pre-emphasis need them
    AlignedBuffer<TNumber> Mels, // [mels, lanes], where there are mel filters
    AlignedBuffer<float> Rows) : FrameBuffers // [mels or bins, lanes], the result where the steps have another precision
    where TNumber : unmanaged;

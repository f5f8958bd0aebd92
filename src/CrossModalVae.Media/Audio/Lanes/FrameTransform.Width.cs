using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using CrossModalVae.Fourier;

namespace CrossModalVae.Audio.Lanes;

/// <summary>The steps for one width and precision.</summary>
internal sealed class FrameTransform<T, TNumber> : FrameTransform
    where T : struct, ILanes<T, TNumber>
    where TNumber : unmanaged, IBinaryFloatingPointIeee754<TNumber>
{
    private readonly FrameSteps _steps;
    private readonly TNumber[] _window;
    private readonly RealFft<T, TNumber> _fft;
    private readonly bool _changesFrames;

    public FrameTransform(FrameSteps steps)
    {
        _steps = steps;
        _window = [.. steps.Window.Select(TNumber.CreateTruncating)];
        _fft = new RealFft<T, TNumber>(steps.FftLength);
        _changesFrames = steps.RemoveMean || steps.PreEmphasis != 0;
    }

    public override int LaneCount => T.Count;

    public override int RowLength => _steps.Mel?.Count ?? _fft.BinCount;

    public override FrameBuffers CreateBuffers() => new FrameBuffers<TNumber>(
        _fft.CreateFrames(),
        _fft.CreateBins(),
        new AlignedBuffer<TNumber>(_changesFrames ? _window.Length * T.Count : 0),
        new AlignedBuffer<TNumber>((_steps.Mel?.Count ?? 0) * T.Count),
        new AlignedBuffer<float>(typeof(TNumber) == typeof(float) ? 0 : RowLength * T.Count));

    public override ReadOnlySpan<float> Run(FrameColumns signal, int first, FrameBuffers buffers)
    {
        var own = (FrameBuffers<TNumber>)buffers;
        ReadOnlySpan<int> offsets = signal.Offsets.Slice(_steps.WindowStart, _window.Length);
        ref float samples = ref signal.From(first);
        ClearOutsideTheWindow(own.Frames);
        if (_changesFrames)
        {
            LoadChanged(ref samples, offsets, own);
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

    private void ClearOutsideTheWindow(AlignedBuffer<TNumber> frames)
    {
        int half = _fft.Length / 2;
        int start = (_steps.WindowStart + 1) / 2, end = (_steps.WindowStart + _steps.Window.Length) / 2;
        for (int part = 0; part < 2; part++)
        {
            Span<TNumber> points = frames.Span.Slice(part * half * T.Count, half * T.Count);
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
    private void LoadChanged(ref float samples, ReadOnlySpan<int> offsets, FrameBuffers<TNumber> buffers)
    {
        ref TNumber cut = ref buffers.Window.First;
        T sum = T.Broadcast(TNumber.Zero), part = T.Broadcast(TNumber.Zero);
        for (int i = 0; i < offsets.Length; i++)
        {
            T sample = T.LoadSingles(ref samples, (nuint)offsets[i]);
            sample.Store(ref cut, (nuint)(i * T.Count));
            part += sample;
            if ((_steps.WindowStart + i + 1) % _steps.HopSamples == 0)
            {
                sum += part; // sums of sums: hundreds of samples in one would lose digits
                part = T.Broadcast(TNumber.Zero);
            }
        }

        // (x[n] - mean) - a (x[n-1] - mean), with the large numbers first and fused: what is left of them is small and loses few digits.
        T mean = _steps.RemoveMean
            ? (sum + part) * T.Broadcast(TNumber.One / TNumber.CreateTruncating(offsets.Length))
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

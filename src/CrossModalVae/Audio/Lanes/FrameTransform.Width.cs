namespace CrossModalVae.Audio.Lanes;

/// <summary>The steps for one width.</summary>
internal sealed class FrameTransform<T> : FrameTransform
    where T : struct, ILanes<T>
{
    private readonly FrameSteps _steps;
    private readonly LaneFft<T> _fft;
    private readonly bool _changesFrames;

    public FrameTransform(FrameSteps steps)
    {
        _steps = steps;
        _fft = new LaneFft<T>(steps.FftLength);
        _changesFrames = steps.RemoveMean || steps.PreEmphasis != 0;
    }

    public override int LaneCount => T.Count;

    public override int RowLength => _steps.Mel?.Count ?? _fft.BinCount;

    public override FrameBuffers CreateBuffers() => new(
        _fft.CreateFrames(),
        _fft.CreateBins(),
        new AlignedBuffer(_changesFrames ? _steps.Window.Length * T.Count : 0),
        new AlignedBuffer((_steps.Mel?.Count ?? 0) * T.Count));

    public override ReadOnlySpan<float> Run(FrameColumns signal, int first, FrameBuffers buffers)
    {
        ReadOnlySpan<int> offsets = signal.Offsets.Slice(_steps.WindowStart, _steps.Window.Length);
        ref float samples = ref signal.From(first);
        ClearOutsideTheWindow(buffers.Frames);
        if (_changesFrames)
        {
            LoadChanged(ref samples, offsets, buffers);
        }
        else
        {
            Load(ref samples, offsets, ref buffers.Frames.First);
        }

        _fft.Magnitudes(buffers.Frames, buffers.Bins);
        if (_steps.Power)
        {
            Square(ref buffers.Bins.First);
        }

        if (_steps.Mel is null)
        {
            return buffers.Bins.Span;
        }

        _steps.Mel.Project<T>(buffers.Bins.Span, buffers.Mels.Span);
        return buffers.Mels.Span;
    }

    private void ClearOutsideTheWindow(AlignedBuffer frames)
    {
        int half = _fft.Length / 2;
        int start = (_steps.WindowStart + 1) / 2, end = (_steps.WindowStart + _steps.Window.Length) / 2;
        for (int part = 0; part < 2; part++)
        {
            Span<float> points = frames.Span.Slice(part * half * T.Count, half * T.Count);
            points[..(start * T.Count)].Clear();
            points[(end * T.Count)..].Clear();
        }
    }

    private void Load(ref float samples, ReadOnlySpan<int> offsets, ref float frames)
    {
        float[] window = _steps.Window;
        int n = _steps.WindowStart;
        for (int i = 0; i < offsets.Length && i < window.Length; i++, n++)
        {
            (T.Load(ref samples, (nuint)offsets[i]) * T.Broadcast(window[i])).Store(ref frames, _fft.PlaceOf(n));
        }
    }

    // As Load, with the frame's mean removed and pre-emphasis inside the frame before the window.
    private void LoadChanged(ref float samples, ReadOnlySpan<int> offsets, FrameBuffers buffers)
    {
        ref float cut = ref buffers.Window.First;
        T sum = T.Broadcast(0), part = T.Broadcast(0);
        for (int i = 0; i < offsets.Length; i++)
        {
            T sample = T.Load(ref samples, (nuint)offsets[i]);
            sample.Store(ref cut, (nuint)(i * T.Count));
            part += sample;
            if ((_steps.WindowStart + i + 1) % _steps.HopSamples == 0)
            {
                sum += part; // sums of sums: hundreds of samples in one would lose digits
                part = T.Broadcast(0);
            }
        }

        // (x[n] - mean) - a (x[n-1] - mean), with the large numbers first and fused: what is left of them is small and loses few digits.
        T mean = _steps.RemoveMean ? (sum + part) * T.Broadcast(1f / offsets.Length) : T.Broadcast(0);
        T offset = mean * T.Broadcast((float)(1 - _steps.PreEmphasis));
        T minusA = T.Broadcast(-(float)_steps.PreEmphasis);
        T previous = _steps.Edge switch
        {
            PreEmphasisEdge.Zero => mean,
            PreEmphasisEdge.Replicate => T.Load(ref cut, 0),
            _ => T.Load(ref cut, (nuint)T.Count),
        };
        ref float frames = ref buffers.Frames.First;
        int n = _steps.WindowStart;
        for (int i = 0; i < _steps.Window.Length; i++, n++)
        {
            T sample = T.Load(ref cut, (nuint)(i * T.Count));
            ((T.MultiplyAdd(previous, minusA, sample) - offset) * T.Broadcast(_steps.Window[i])).Store(ref frames, _fft.PlaceOf(n));
            previous = sample;
        }
    }

    private void Square(ref float bins)
    {
        for (nuint at = 0; at < (nuint)(_fft.BinCount * T.Count); at += (nuint)T.Count)
        {
            T magnitude = T.Load(ref bins, at);
            (magnitude * magnitude).Store(ref bins, at);
        }
    }
}

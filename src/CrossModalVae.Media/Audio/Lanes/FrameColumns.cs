using CrossModalVae.Fourier;

namespace CrossModalVae.Audio.Lanes;

/// <summary>
/// A signal as [hop, columns]: row r has the samples r, r + hop, r + 2 hop, ..., then zeros for the lanes of the last batch. So sample n of
/// the frames f, f + 1, ... are neighbours. Reused from signal to signal; not thread-safe.
/// </summary>
internal sealed class FrameColumns(int hop, int frameLength, int laneCount)
{
    private readonly int[] _offsets = new int[frameLength];
    private AlignedBuffer<float> _columns = new(0);
    private int _columnCount;
    private int _lastOffset;

    /// <summary>The place of sample n of frame 0; that of frame f is f further on.</summary>
    public ReadOnlySpan<int> Offsets => _offsets;

    /// <summary>Copies a signal of so many frames in; samples after the last frame are ignored.</summary>
    public void Load(ReadOnlySpan<float> samples, int frames)
    {
        samples = samples[..Math.Min(samples.Length, ((frames - 1) * hop) + frameLength)];
        int columnCount = frames + ((frameLength - 1) / hop) + (2 * laneCount);
        columnCount -= columnCount % laneCount; // rows are aligned alike
        if (_columns.Length < (long)hop * columnCount)
        {
            _columns = new AlignedBuffer<float>(checked(hop * columnCount));
        }

        if (_columnCount != columnCount)
        {
            _columnCount = columnCount;
            for (int n = 0; n < _offsets.Length; n++)
            {
                _offsets[n] = ((n % hop) * columnCount) + (n / hop);
            }

            _lastOffset = _offsets.Max();
        }

        Span<float> columns = _columns.Span;
        int whole = samples.Length / hop;
        for (int row = 0; row < hop; row++)
        {
            columns.Slice((row * columnCount) + whole, columnCount - whole).Clear();
        }

        Transposition.Run(samples, hop, whole, hop, columns, columnCount);
        for (int n = whole * hop; n < samples.Length; n++)
        {
            columns[((n - (whole * hop)) * columnCount) + whole] = samples[n];
        }
    }

    /// <summary>The columns from a frame on; a batch of lanes can be read at every offset from here.</summary>
    public ref float From(int frame)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(frame);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frame, _columns.Length - laneCount - _lastOffset);
        return ref _columns.Span[frame];
    }
}

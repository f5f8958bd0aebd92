namespace CrossModalVae.Faces.Jpeg;

/// <summary>A scan's entropy-coded data without byte stuffing, cut at its restart markers. Keeps its memory between files.</summary>
internal sealed class JpegEntropy
{
    private readonly List<int> _ends = [];
    private byte[] _bytes = [];

    /// <summary>How many restart intervals there are.</summary>
    public int Count => _ends.Count;

    /// <summary>Reads a scan's data.</summary>
    /// <param name="file">The file.</param>
    /// <param name="at">The first byte after the scan's header; moved to the marker that ends the data.</param>
    public void Read(ReadOnlySpan<byte> file, ref int at)
    {
        if (_bytes.Length < file.Length - at + JpegBits.Slack)
        {
            _bytes = new byte[Math.Max(2 * _bytes.Length, file.Length - at + JpegBits.Slack)];
        }

        _ends.Clear();
        int count = 0;
        while (true)
        {
            // FaceFile has seen a marker behind every scan, so there always is one.
            ReadOnlySpan<byte> rest = file[at..];
            int plain = rest.IndexOf((byte)0xFF);
            rest[..plain].CopyTo(_bytes.AsSpan(count));
            (count, at) = (count + plain, at + plain);
            byte next = file[at + 1];
            if (next == 0)
            {
                _bytes[count++] = 0xFF;
                at += 2;
            }
            else if (next == 0xFF)
            {
                at++; // fill
            }
            else if (next is >= 0xD0 and <= 0xD7)
            {
                _ends.Add(count);
                at += 2;
            }
            else
            {
                _ends.Add(count);
                Array.Clear(_bytes, count, JpegBits.Slack); // broken data are read into it, to the same end whatever was read before
                return;
            }
        }
    }

    /// <summary>All intervals, one after the other, and the slack behind them.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Bytes of all intervals.</summary>
    public int Length => _ends[^1];

    /// <summary>Where an interval is.</summary>
    /// <param name="index">Zero-based.</param>
    public (int Start, int End) Range(int index) => (index == 0 ? 0 : _ends[index - 1], _ends[index]);

    /// <summary>Starts reading an interval.</summary>
    /// <param name="index">Zero-based.</param>
    public JpegBits Bits(int index)
    {
        (int start, int end) = Range(index);
        return new JpegBits(_bytes, start, end);
    }
}

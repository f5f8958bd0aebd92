namespace CrossModalVae.Faces.Jpeg;

/// <summary>A scan's entropy-coded data without byte stuffing, split at its restart markers. Keeps its memory between files.</summary>
internal sealed class JpegEntropy
{
    private readonly List<int> _ends = [];
    private byte[] _bytes = [];

    /// <summary>How many restart intervals there are.</summary>
    public int Count => _ends.Count;

    /// <summary>Whether the file ends without a marker after the data.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Bytes of all intervals without the zeros at their end.</summary>
    public int NonZeroLength => _bytes.AsSpan(0, Length).LastIndexOfAnyExcept((byte)0) + 1;

    /// <summary>Reads a scan's data after its header and moves to the marker that ends it, or to the end of the file.</summary>
    public void Read(ReadOnlySpan<byte> file, ref int at)
    {
        if (_bytes.Length < file.Length - at + JpegBits.Padding)
        {
            _bytes = new byte[Math.Max(2 * _bytes.Length, file.Length - at + JpegBits.Padding)];
        }

        _ends.Clear();
        IsOpen = false;
        int count = 0;
        while (true)
        {
            ReadOnlySpan<byte> rest = file[at..];
            int plain = rest.IndexOf((byte)0xFF);
            IsOpen = plain < 0 || plain == rest.Length - 1;
            plain = plain < 0 ? rest.Length : plain;
            rest[..plain].CopyTo(_bytes.AsSpan(count));
            (count, at) = (count + plain, at + plain);
            if (IsOpen)
            {
                at = file.Length;
                End(count);
                return;
            }

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
                End(count);
                return;
            }
        }
    }

    private void End(int count)
    {
        _ends.Add(count);
        Array.Clear(_bytes, count, JpegBits.Padding); // broken data read into it, with the same result for every earlier file
    }

    /// <summary>All intervals, one after the other, and the padding after them.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Bytes of all intervals.</summary>
    public int Length => _ends[^1];

    /// <summary>The bytes of an interval.</summary>
    public (int Start, int End) Range(int index) => (index == 0 ? 0 : _ends[index - 1], _ends[index]);

    /// <summary>A reader of an interval.</summary>
    public JpegBits Bits(int index)
    {
        (int start, int end) = Range(index);
        return new JpegBits(_bytes, start, end);
    }
}

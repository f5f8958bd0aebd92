using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CrossModalVae.Faces.Jpeg;

/// <summary>
/// Reads the entropy-coded data of one restart interval, stuffing removed, through a buffer of 64 bits. Reads past the end see whatever follows there and
/// are found out by <see cref="IsExhausted"/> after each unit of blocks, so the memory must go on for <see cref="Slack"/> bytes.
/// </summary>
internal ref struct JpegBits
{
    /// <summary>More than the largest unit of blocks takes: 6 blocks x 64 coefficients x 31 bits, and the buffer.</summary>
    public const int Slack = 2048;

    private readonly ReadOnlySpan<byte> _data;
    private readonly int _end;
    private ulong _buffer; // the next bits, uppermost first
    private int _count; // how many of them are counted as read
    private int _position; // of the next byte

    /// <summary>Starts at the beginning of an interval.</summary>
    /// <param name="data">The intervals and the slack.</param>
    /// <param name="start">The interval's first byte.</param>
    /// <param name="end">After its last.</param>
    public JpegBits(ReadOnlySpan<byte> data, int start, int end)
    {
        _data = data;
        (_position, _end) = (start, end);
    }

    /// <summary>Whether more was read than the interval has.</summary>
    public readonly bool IsExhausted => (8L * _position) - _count > 8L * _end;

    /// <summary>Reads a block's DC difference.</summary>
    /// <returns>False where no code begins so.</returns>
    public bool TryReadDifference(JpegHuffmanTable table, out int difference)
    {
        (ulong buffer, int count, int position) = (_buffer, _count, _position);
        Refill(ref buffer, ref count, ref position);
        uint entry = table.Values[buffer >> (64 - JpegHuffmanTable.LookBits)];
        if ((entry & JpegHuffmanTable.Long) != 0)
        {
            int length = table.Read(buffer, out int size);
            buffer <<= length;
            difference = JpegHuffmanTable.Extend(Top(buffer, size), size);
            (_buffer, _count, _position) = (buffer << size, count - length - size, position);
            return length != 0;
        }

        difference = (int)entry >> JpegHuffmanTable.ValueShift;
        int consumed = (int)entry & JpegHuffmanTable.ConsumedMask;
        (_buffer, _count, _position) = (buffer << consumed, count - consumed, position);
        return true;
    }

    /// <summary>Reads a block's AC coefficients and dequantises them.</summary>
    /// <param name="table">The component's AC table.</param>
    /// <param name="quantisation">[64] steps in zigzag order.</param>
    /// <param name="block">[64] zeros in natural order, but for the DC coefficient.</param>
    /// <returns>The last coefficient's zigzag position, 0 where there is none, -1 where the data are corrupt.</returns>
    public int ReadBlock(JpegHuffmanTable table, ReadOnlySpan<int> quantisation, Span<int> block)
    {
        ref uint values = ref MemoryMarshal.GetArrayDataReference(table.Values);
        ref int target = ref MemoryMarshal.GetReference(block[..64]);
        ref int steps = ref MemoryMarshal.GetReference(quantisation[..64]);
        ref byte natural = ref MemoryMarshal.GetReference(JpegZigzag.Natural);
        (ulong buffer, int count, int position) = (_buffer, _count, _position);
        int k = 0, last = 0;
        do
        {
            Refill(ref buffer, ref count, ref position);
            uint entry = Unsafe.Add(ref values, (nint)(buffer >> (64 - JpegHuffmanTable.LookBits)));
            int value = (int)entry >> JpegHuffmanTable.ValueShift;
            int advance = (int)(entry >> JpegHuffmanTable.AdvanceShift) & 127;
            if ((entry & JpegHuffmanTable.Long) != 0)
            {
                int length = table.Read(buffer, out int symbol);
                if (length == 0)
                {
                    return -1;
                }

                int size = symbol & 15;
                buffer <<= length;
                value = JpegHuffmanTable.Extend(Top(buffer, size), size);
                buffer <<= size;
                count -= length + size;
                advance = size != 0 || symbol == 0xF0 ? (symbol >> 4) + 1 : JpegHuffmanTable.EndAdvance;
            }
            else
            {
                buffer <<= (int)entry; // by its low six bits
                count -= (int)entry & JpegHuffmanTable.ConsumedMask;
            }

            if (advance >= JpegHuffmanTable.EndAdvance)
            {
                break;
            }

            k += advance;
            if (k > 63)
            {
                return -1;
            }

            last = k;
            Unsafe.Add(ref target, (nint)Unsafe.Add(ref natural, k)) = value * Unsafe.Add(ref steps, k);
        }
        while (k < 63);

        (_buffer, _count, _position) = (buffer, count, position);
        return last;
    }

    /// <summary>Passes over a block's AC coefficients.</summary>
    /// <returns>False where the data are corrupt.</returns>
    public bool TrySkipBlock(JpegHuffmanTable table)
    {
        ref ushort skips = ref MemoryMarshal.GetArrayDataReference(table.Skips);
        (ulong buffer, int count, int position) = (_buffer, _count, _position);
        int k = 0;
        int entry, next;
        while (true)
        {
            // 56 bits at least: enough for two entries.
            Refill(ref buffer, ref count, ref position);
            entry = Unsafe.Add(ref skips, (nint)(buffer >> (64 - JpegHuffmanTable.SkipBits)));
            next = k + (entry >> JpegHuffmanTable.AdvanceShift);
            if (next >= 63)
            {
                break;
            }

            buffer <<= entry;
            count -= entry & JpegHuffmanTable.ConsumedMask;
            k = next;
            entry = Unsafe.Add(ref skips, (nint)(buffer >> (64 - JpegHuffmanTable.SkipBits)));
            next = k + (entry >> JpegHuffmanTable.AdvanceShift);
            if (next >= 63)
            {
                break;
            }

            buffer <<= entry;
            count -= entry & JpegHuffmanTable.ConsumedMask;
            k = next;
        }

        int advance = entry >> JpegHuffmanTable.AdvanceShift;
        bool ends = next == 63 || (advance is >= JpegHuffmanTable.EndAdvance and < JpegHuffmanTable.NoAdvance && next < 63 + JpegHuffmanTable.EndAdvance);
        if (ends)
        {
            buffer <<= entry;
            count -= entry & JpegHuffmanTable.ConsumedMask;
        }

        (_buffer, _count, _position) = (buffer, count, position);
        return ends || TrySkipSingly(table, k);
    }

    /// <summary>Reads a Huffman code's symbol.</summary>
    /// <returns>Its symbol, -1 where no code begins so.</returns>
    public int ReadSymbol(JpegHuffmanTable table)
    {
        Refill(ref _buffer, ref _count, ref _position);
        int length = table.Read(_buffer, out int symbol);
        _buffer <<= length;
        _count -= length;
        return length == 0 ? -1 : symbol;
    }

    /// <summary>Reads up to 16 bits.</summary>
    public int ReadBits(int size)
    {
        Refill(ref _buffer, ref _count, ref _position);
        int value = Top(_buffer, size);
        _buffer <<= size;
        _count -= size;
        return value;
    }

    // Entries that hold several coefficients may overrun the block's end into the next block, whose DC code has another table.
    private bool TrySkipSingly(JpegHuffmanTable table, int k)
    {
        while (k < 63)
        {
            int symbol = ReadSymbol(table);
            if (symbol < 0)
            {
                return false;
            }

            int size = symbol & 15;
            if (size == 0 && symbol != 0xF0)
            {
                return true;
            }

            ReadBits(size);
            k += (symbol >> 4) + 1;
        }

        return k == 63;
    }

    private static int Top(ulong buffer, int size) => (int)(buffer >> 1 >> (63 - size));

    // Without a branch: bits below the counted ones are those of the same bytes, so they may be or-ed in again.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Refill(ref ulong buffer, ref int count, ref int position)
    {
        ulong next = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref MemoryMarshal.GetReference(_data), position));
        if (BitConverter.IsLittleEndian)
        {
            next = BinaryPrimitives.ReverseEndianness(next);
        }

        buffer |= next >> count;
        position += (63 - count) >> 3;
        count |= 56;
    }
}

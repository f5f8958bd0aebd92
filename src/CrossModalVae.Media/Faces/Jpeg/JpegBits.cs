using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CrossModalVae.Faces.Jpeg;

/// <summary>
/// Reads the entropy-coded data of one restart interval, stuffing removed, through a buffer of 64 bits. Reads past the
/// end see whatever follows there and are found out by <see cref="IsExhausted"/> after each unit of blocks, so the memory
/// must go on for <see cref="Slack"/> bytes.
/// </summary>
internal ref struct JpegBits
{
    /// <summary>More than some of the largest units of blocks take: 6 blocks x 64 coefficients x 31 bits each, and the buffer.</summary>
    public const int Slack = 1536 * (UnitsOfSlack + 1);

    /// <summary>How many units may be read between two looks at <see cref="IsExhausted"/>.</summary>
    public const int UnitsOfSlack = 16;

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

    /// <summary>Reads a mean's difference to the one before, all there is of a block in a progressive scan.</summary>
    /// <returns>False where no code begins so.</returns>
    public bool TryReadDifference(JpegHuffmanTable table, out int difference)
    {
        (ulong buffer, int count, int position) = (_buffer, _count, _position);
        bool read = TryReadDifference(table, ref buffer, ref count, ref position, out difference);
        (_buffer, _count, _position) = (buffer, count, position);
        return read;
    }

    /// <summary>Reads a block and dequantises its AC coefficients.</summary>
    /// <param name="dc">The component's DC table.</param>
    /// <param name="ac">The component's AC table.</param>
    /// <param name="quantisation">[64] steps in zigzag order.</param>
    /// <param name="block">[64] zeros in natural order; the first is left alone.</param>
    /// <param name="difference">The mean's difference to the one before, in steps.</param>
    /// <returns>The last coefficient's zigzag position, 0 where there is only the mean, -1 where the data are corrupt.</returns>
    public int ReadBlock(JpegHuffmanTable dc, JpegHuffmanTable ac, ReadOnlySpan<int> quantisation, Span<int> block, out int difference)
    {
        (ulong buffer, int count, int position) = (_buffer, _count, _position);
        if (!TryReadDifference(dc, ref buffer, ref count, ref position, out difference))
        {
            return -1;
        }

        ref uint values = ref MemoryMarshal.GetArrayDataReference(ac.Values);
        ref int target = ref MemoryMarshal.GetReference(block[..64]);
        ref int steps = ref MemoryMarshal.GetReference(quantisation[..64]);
        ref byte natural = ref MemoryMarshal.GetReference(JpegZigzag.Natural);
        int k = 0, last = 0;
        while (k < 63)
        {
            // 56 bits at least: enough for four entries.
            Refill(ref buffer, ref count, ref position);
            for (int n = 0; n < 4; n++)
            {
                uint entry = Unsafe.Add(ref values, (nint)(buffer >> (64 - JpegHuffmanTable.LookBits)));
                int value = (int)entry >> JpegHuffmanTable.ValueShift;
                int advance = (int)(entry >> JpegHuffmanTable.AdvanceShift) & 127;
                if ((entry & JpegHuffmanTable.Long) != 0)
                {
                    Refill(ref buffer, ref count, ref position);
                    int length = ac.Read(buffer, out int symbol);
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
                    n = 4;
                }
                else
                {
                    buffer <<= (int)entry; // by its low six bits
                    count -= (int)entry & JpegHuffmanTable.ConsumedMask;
                }

                k += advance;
                if (k > 63)
                {
                    break;
                }

                last = k;
                Unsafe.Add(ref target, (nint)Unsafe.Add(ref natural, k)) = value * Unsafe.Add(ref steps, k);
                if (k == 63)
                {
                    break;
                }
            }
        }

        (_buffer, _count, _position) = (buffer, count, position);
        return k - last is 0 or >= JpegHuffmanTable.EndAdvance ? last : -1; // at the end, by its code or its place; not beyond it
    }

    /// <summary>Reads a block's mean and passes over its AC coefficients.</summary>
    /// <param name="dc">The component's DC table.</param>
    /// <param name="ac">The component's AC table.</param>
    /// <param name="difference">The mean's difference to the one before, in steps.</param>
    /// <returns>False where the data are corrupt.</returns>
    public bool TrySkipBlock(JpegHuffmanTable dc, JpegHuffmanTable ac, out int difference)
    {
        (ulong buffer, int count, int position) = (_buffer, _count, _position);
        if (!TryReadDifference(dc, ref buffer, ref count, ref position, out difference))
        {
            return false;
        }

        ref uint values = ref MemoryMarshal.GetArrayDataReference(ac.Values);
        int k = 0, advance = 0;
        while (k < 63)
        {
            Refill(ref buffer, ref count, ref position);
            uint entry = Unsafe.Add(ref values, (nint)(buffer >> (64 - JpegHuffmanTable.LookBits)));
            int consumed = (int)entry & JpegHuffmanTable.ConsumedMask;
            advance = (int)(entry >> JpegHuffmanTable.AdvanceShift) & 127;
            if ((entry & JpegHuffmanTable.Long) != 0)
            {
                int length = ac.Read(buffer, out int symbol);
                if (length == 0)
                {
                    return false;
                }

                (consumed, advance) = (length + (symbol & 15), (int)JpegHuffmanTable.Advance(symbol));
            }

            buffer <<= consumed;
            count -= consumed;
            k += advance;
        }

        (_buffer, _count, _position) = (buffer, count, position);
        return k == 63 || advance == JpegHuffmanTable.EndAdvance; // ended by its place or its code
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly bool TryReadDifference(JpegHuffmanTable table, ref ulong buffer, ref int count, ref int position, out int difference)
    {
        Refill(ref buffer, ref count, ref position);
        uint entry = table.Values[buffer >> (64 - JpegHuffmanTable.LookBits)];
        if ((entry & JpegHuffmanTable.Long) != 0)
        {
            int length = table.Read(buffer, out int size);
            buffer <<= length;
            difference = JpegHuffmanTable.Extend(Top(buffer, size), size);
            buffer <<= size;
            count -= length + size;
            return length != 0;
        }

        difference = (int)entry >> JpegHuffmanTable.ValueShift;
        buffer <<= (int)entry;
        count -= (int)entry & JpegHuffmanTable.ConsumedMask;
        return true;
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

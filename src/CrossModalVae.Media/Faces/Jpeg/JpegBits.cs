using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CrossModalVae.Faces.Jpeg;

/// <summary>
/// Reads the entropy-coded data of one restart interval, without byte stuffing, through a buffer of 64 bits. Reads past the end are
/// detected by <see cref="IsExhausted"/> after each MCU, so the memory must have <see cref="Padding"/> bytes after it.
/// </summary>
internal ref struct JpegBits
{
    /// <summary>More than 16 of the largest MCUs, of 10 blocks x 64 coefficients x 31 bits each, and the buffer take.</summary>
    public const int Padding = 2560 * 17;

    private readonly ReadOnlySpan<byte> _data;
    private readonly int _end;
    private ulong _buffer; // the next bits, most significant first
    private int _count; // of the bits that count as read from memory
    private int _position; // of the next byte

    public JpegBits(ReadOnlySpan<byte> data, int start, int end)
    {
        _data = data;
        (_position, _end) = (start, end);
    }

    /// <summary>Whether more was read than the interval has.</summary>
    public readonly bool IsExhausted => (8L * _position) - _count > 8L * _end;

    /// <summary>Bytes of which at least a bit was read, from the start of the memory.</summary>
    public readonly int ConsumedBytes => (int)(((8L * _position) - _count + 7) / 8);

    /// <summary>Reads a DC coefficient's difference to the previous one; false where there is no such code.</summary>
    public bool TryReadDifference(JpegHuffmanTable table, out int difference)
    {
        (ulong buffer, int count, int position) = (_buffer, _count, _position);
        bool read = TryReadDifference(table, ref buffer, ref count, ref position, out difference);
        (_buffer, _count, _position) = (buffer, count, position);
        return read;
    }

    /// <summary>
    /// Reads a block's DC difference, in quantisation steps, and its AC coefficients, dequantised, into [64] zeros in natural order, where
    /// the first is left alone. Quantisation steps are in zigzag order. Returns the last coefficient's zigzag position, 0 where there is
    /// only the DC coefficient, -1 where the data are corrupt.
    /// </summary>
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
        ref byte natural = ref MemoryMarshal.GetReference(JpegIdct.NaturalOrder);
        int k = 0, last = 0;
        while (k < 63)
        {
            // At least 56 bits: enough for four entries.
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
        return k - last is 0 or >= JpegHuffmanTable.EndAdvance ? last : -1; // ended by its last coefficient or the end code
    }

    /// <summary>Reads a block's DC difference, in quantisation steps, and skips its AC coefficients; false where the data are
    /// corrupt.</summary>
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
        return k == 63 || advance == JpegHuffmanTable.EndAdvance; // ended by its last coefficient or the end code
    }

    /// <summary>Reads a Huffman code's symbol; -1 where there is no such code.</summary>
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

    // Branch-free: the bits below the counted ones come from the same bytes, so or-ing them in again changes nothing.
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

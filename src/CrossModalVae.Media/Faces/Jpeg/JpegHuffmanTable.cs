namespace CrossModalVae.Faces.Jpeg;

/// <summary>
/// A Huffman table (ITU-R T.81 annex C and F.2.2.3) as two look-ups of the next bits: to the code alone, and to the whole coefficient where
/// code and value fit.
/// </summary>
internal sealed class JpegHuffmanTable
{
    /// <summary>Bits of the index of <see cref="Values"/>.</summary>
    public const int LookBits = 12;

    /// <summary>Mask of the bits that an entry consumes.</summary>
    public const int ConsumedMask = 63;

    /// <summary>Shift of an entry's advance in zigzag positions, 7 bits; <see cref="EndAdvance"/> and more ends the block.</summary>
    public const int AdvanceShift = 6;

    /// <summary>The advance of the end of a block.</summary>
    public const int EndAdvance = 64;

    /// <summary>Bit of an entry of <see cref="Values"/> whose coefficient must be read bit by bit.</summary>
    public const uint Long = 1 << 13;

    /// <summary>Shift of an entry's signed coefficient.</summary>
    public const int ValueShift = 16;

    private const int LongestCode = 16;

    private readonly byte[] _definition; // [16 counts, symbols]
    private readonly int[] _firstCode = new int[LongestCode + 1];
    private readonly int[] _firstSymbol = new int[LongestCode + 1];
    private readonly ushort[] _codes = new ushort[1 << LookBits]; // length << 8 | symbol, 0 where longer or none

    /// <summary>Builds the table.</summary>
    /// <param name="definition">The number of codes of 1 to 16 bits, then their symbols.</param>
    public JpegHuffmanTable(ReadOnlySpan<byte> definition)
    {
        _definition = definition.ToArray();
        int code = 0, symbol = 0;
        for (int length = 1; length <= LongestCode; length++)
        {
            (_firstCode[length], _firstSymbol[length]) = (code, symbol);
            int count = definition[length - 1];
            for (int i = 0; i < count && length <= LookBits && code < 1 << length; i++, code++, symbol++)
            {
                int shift = LookBits - length;
                _codes.AsSpan(code << shift, 1 << shift).Fill((ushort)((length << 8) | definition[LongestCode + symbol]));
            }

            (code, symbol) = ((_firstCode[length] + count) << 1, _firstSymbol[length] + count);
        }

        for (int index = 0; index < Values.Length; index++)
        {
            Values[index] = Entry(index);
        }
    }

    /// <summary>By the next <see cref="LookBits"/> bits: consumed, advance, <see cref="Long"/>, coefficient.</summary>
    public uint[] Values { get; } = new uint[1 << LookBits];

    /// <summary>Whether the table has been met in an earlier file, so that what is derived from it pays.</summary>
    public bool IsKnown { get; set; }

    /// <summary>Whether codes are unique and within their lengths, as T.81 wants them.</summary>
    public static bool IsComplete(ReadOnlySpan<byte> counts)
    {
        int code = 0;
        for (int length = 1; length <= LongestCode; length++)
        {
            code += counts[length - 1];
            if (code > 1 << length)
            {
                return false;
            }

            code <<= 1;
        }

        return true;
    }

    /// <summary>Whether this table has the definition.</summary>
    public bool Is(ReadOnlySpan<byte> definition) => definition.SequenceEqual(_definition);

    /// <summary>Length and symbol of the code at the head of a buffer.</summary>
    /// <param name="buffer">At least 16 bits, the first uppermost.</param>
    /// <param name="symbol">The code's symbol.</param>
    /// <returns>The code's length; 0 where there is no such code.</returns>
    public int Read(ulong buffer, out int symbol)
    {
        int entry = _codes[(int)(buffer >> (64 - LookBits))];
        if (entry != 0)
        {
            symbol = entry & 255;
            return entry >> 8;
        }

        for (int length = LookBits + 1; length <= LongestCode; length++)
        {
            int index = (int)(buffer >> (64 - length)) - _firstCode[length];
            if (index >= 0 && index < _definition[length - 1])
            {
                symbol = _definition[LongestCode + _firstSymbol[length] + index];
                return length;
            }
        }

        symbol = 0;
        return 0;
    }

    /// <summary>
    /// The value of T.81 table F.1 and F.2: <paramref name="bits"/> as the <paramref name="size"/>-bit number of its class.
    /// </summary>
    public static int Extend(int bits, int size) => size == 0 || bits >> (size - 1) != 0 ? bits : bits - (1 << size) + 1;

    private uint Entry(int index)
    {
        int code = _codes[index];
        if (code == 0)
        {
            return Long;
        }

        (int length, int size, uint advance) = (code >> 8, code & 15, Advance(code & 255));
        int rest = LookBits - length - size;
        if (rest < 0)
        {
            return Long;
        }

        int value = Extend((index >> rest) & ((1 << size) - 1), size);
        return ((uint)value << ValueShift) | (advance << AdvanceShift) | (uint)(length + size);
    }

    /// <summary>By how many zigzag positions a symbol advances.</summary>
    public static uint Advance(int symbol) => (symbol & 15) != 0 || symbol == 0xF0 ? (uint)(symbol >> 4) + 1 : EndAdvance;
}

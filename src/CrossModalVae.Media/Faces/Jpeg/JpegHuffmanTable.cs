namespace CrossModalVae.Faces.Jpeg;

/// <summary>
/// A Huffman table (ITU-R T.81 annex C and F.2.2.3) as two look-up tables by the next bits: for the code alone, and for the whole
/// coefficient where code and value fit.
/// </summary>
internal sealed class JpegHuffmanTable
{
    /// <summary>Index bits of <see cref="Values"/>.</summary>
    public const int LookBits = 12;

    /// <summary>Mask of the number of bits that an entry consumes.</summary>
    public const int ConsumedMask = 63;

    /// <summary>Shift of an entry's advance in zigzag positions, 7 bits; at least <see cref="EndAdvance"/> ends the block.</summary>
    public const int AdvanceShift = 6;

    /// <summary>The advance of the end-of-block code.</summary>
    public const int EndAdvance = 64;

    /// <summary>Flag of an entry whose coefficient does not fit.</summary>
    public const uint Long = 1 << 13;

    /// <summary>Shift of an entry's signed coefficient.</summary>
    public const int ValueShift = 16;

    private const int LongestCode = 16;

    private readonly byte[] _definition; // [16 counts, symbols]
    private readonly int[] _firstCode = new int[LongestCode + 1];
    private readonly int[] _firstSymbol = new int[LongestCode + 1];
    private readonly ushort[] _codes = new ushort[1 << LookBits]; // length << 8 | symbol, 0 where longer or none

    /// <summary>Builds the table from the number of codes of 1 to 16 bits, followed by their symbols.</summary>
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

    /// <summary>Whether an earlier file had the table, so that tables derived from it pay off.</summary>
    public bool IsKnown { get; set; }

    /// <summary>Whether the numbers of codes are possible, as T.81 requires.</summary>
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

    /// <summary>Length and symbol of the code at the top of a buffer of at least 16 bits; 0 where there is no such code.</summary>
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

    /// <summary>T.81's EXTEND (tables F.1 and F.2): the signed value of <paramref name="size"/> bits.</summary>
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

    /// <summary>The zigzag positions by which a symbol advances.</summary>
    public static uint Advance(int symbol) => (symbol & 15) != 0 || symbol == 0xF0 ? (uint)(symbol >> 4) + 1 : EndAdvance;
}

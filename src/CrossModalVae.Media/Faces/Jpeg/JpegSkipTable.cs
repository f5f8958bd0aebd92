namespace CrossModalVae.Faces.Jpeg;

/// <summary>
/// The look-up tables of <see cref="JpegBlockFinder"/>: the length of as many whole coefficients as start in the next bits. A pair of
/// Huffman tables has two of them: for a block's start, with its DC coefficient, and for the inside of a block.
/// </summary>
internal static class JpegSkipTable
{
    /// <summary>Index bits.</summary>
    public const int IndexBits = 12;

    /// <summary>Entries of one table.</summary>
    public const int Length = 1 << IndexBits;

    /// <summary>Mask of the number of bits that an entry consumes.</summary>
    public const int ConsumedMask = 63;

    /// <summary>Shift of an entry's signed advance in zigzag positions, with <see cref="End"/> added at a block's end.</summary>
    public const int AdvanceShift = 8;

    /// <summary>Makes the advance at a block's end negative.</summary>
    public const int End = -128;

    /// <summary>Set in a sum of advances (1 for the DC coefficient) where the block may be full, or may end without the end code.</summary>
    public const int Fault = 64;

    /// <summary>An entry for bits without a code that fits; its advance leaves any block.</summary>
    public const short NoCode = 64 << AdvanceShift;

    /// <summary>No entry consumes more, so that three fit the 57 bits of an unaligned read.</summary>
    public const int MaxConsumed = 22;

    /// <summary>Fills both tables of a pair, [2, <see cref="Length"/>].</summary>
    public static void Fill(JpegHuffmanTable dc, JpegHuffmanTable ac, Span<short> tables)
    {
        for (int index = 0; index < Length; index++)
        {
            int length = dc.Read((ulong)index << (64 - IndexBits), out int size);
            bool fits = length is > 0 and <= IndexBits && length + size <= MaxConsumed;
            tables[index] = fits ? Entry(ac, index, length + size, 1) : NoCode;
            tables[Length + index] = Entry(ac, index, 0, 0);
        }
    }

    private static short Entry(JpegHuffmanTable ac, int index, int consumed, int advance)
    {
        while (consumed < IndexBits && advance is >= 0 and < Fault - 1)
        {
            int length = ac.Read((ulong)index << (64 - IndexBits + consumed), out int symbol), step = (int)JpegHuffmanTable.Advance(symbol);
            bool ends = step == JpegHuffmanTable.EndAdvance;
            int end = consumed + length + (symbol & 15);
            if (length == 0 || consumed + length > IndexBits || end > MaxConsumed || (!ends && advance + step >= Fault))
            {
                break;
            }

            (consumed, advance) = (end, advance + (ends ? End : step));
        }

        return consumed == 0 ? NoCode : (short)((advance << AdvanceShift) | consumed);
    }
}

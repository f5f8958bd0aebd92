namespace CrossModalVae.Faces.Jpeg;

/// <summary>
/// What <see cref="JpegBlockFinder"/> looks the next bits up in, where only the places of blocks are wanted: how far
/// as many whole coefficients go as begin in those bits. For each pair of Huffman tables two tables: at a block's
/// start, its mean first, and within a block.
/// </summary>
internal static class JpegLeapTable
{
    /// <summary>Bits of the index.</summary>
    public const int IndexBits = 12;

    /// <summary>Entries of one table.</summary>
    public const int Length = 1 << IndexBits;

    /// <summary>Mask of the bits that an entry consumes, at its bottom.</summary>
    public const int ConsumedMask = 63;

    /// <summary>
    /// Shift of an entry's signed advance in zigzag positions, at its top: that of a block's end has <see cref="End"/> added.
    /// </summary>
    public const int AdvanceShift = 8;

    /// <summary>Added to the advance where the block's end follows, so that it is negative.</summary>
    public const int End = -128;

    /// <summary>
    /// Set in a sum of advances, each block's mean being one, where the block may have no room for what
    /// comes next or end without a code for that.
    /// </summary>
    public const int Fault = 64;

    /// <summary>An entry whose bits hold no code that fits: beyond a block from anywhere.</summary>
    public const short Nothing = 64 << AdvanceShift;

    /// <summary>No entry consumes more, so that three follow each other in the 57 bits that an unaligned read gives.</summary>
    public const int LargestConsumption = 22;

    /// <summary>Fills both tables of a pair.</summary>
    /// <param name="dc">The DC table.</param>
    /// <param name="ac">The AC table.</param>
    /// <param name="tables">[2, <see cref="Length"/>]</param>
    public static void Fill(JpegHuffmanTable dc, JpegHuffmanTable ac, Span<short> tables)
    {
        for (int index = 0; index < Length; index++)
        {
            int length = dc.Read((ulong)index << (64 - IndexBits), out int size);
            bool fits = length is > 0 and <= IndexBits && length + size <= LargestConsumption;
            tables[index] = fits ? Entry(ac, index, length + size, 1) : Nothing;
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
            if (length == 0 || consumed + length > IndexBits || end > LargestConsumption || (!ends && advance + step >= Fault))
            {
                break;
            }

            (consumed, advance) = (end, advance + (ends ? End : step));
        }

        return consumed == 0 ? Nothing : (short)((advance << AdvanceShift) | consumed);
    }
}

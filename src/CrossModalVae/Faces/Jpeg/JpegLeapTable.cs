namespace CrossModalVae.Faces.Jpeg;

/// <summary>
/// What <see cref="JpegMeansReader"/> looks the next bits up in, where only the means of blocks are wanted: how far as many whole coefficients go as begin in
/// those bits. For each component two tables: at a block's start, its mean first, and within a block.
/// </summary>
internal static class JpegLeapTable
{
    /// <summary>Bits of the index.</summary>
    public const int IndexBits = 12;

    /// <summary>Entries of one table.</summary>
    public const int Length = 1 << IndexBits;

    /// <summary>Mask of the bits that an entry consumes, at its bottom.</summary>
    public const int ConsumedMask = 63;

    /// <summary>Shift of an entry's advance in zigzag positions, at its top.</summary>
    public const int AdvanceShift = 24;

    /// <summary>The signed difference of means lies below the advance, above 8 bits.</summary>
    public const int DifferenceShift = 8;

    /// <summary>Where a block's 63 coefficients begin, so that the sign of a sum of advances says whether they are at their end.</summary>
    public const int Begin = -63;

    /// <summary>Set in a sum of advances less one that can be: within the block and at its end, -64 to -1, and after a block's end before that, 65 to 127.
    /// Beyond the block, 0 to 62 and 128, it is not.</summary>
    public const int SoundBit = 64;

    // The advance of a block's end, on top of the positions before it; and of entries whose bits hold no whole code, from anywhere to 0 and more.
    private const int EndAdvance = 129;
    private const int NoAdvance = 64;

    // Refills leave 56 bits.
    private const int LargestConsumption = 56;

    /// <summary>Fills both tables of a component.</summary>
    /// <param name="dc">Its DC table.</param>
    /// <param name="ac">Its AC table.</param>
    /// <param name="wantsMeans">Whether its means are wanted; differences are 0 if not.</param>
    /// <param name="tables">[2, <see cref="Length"/>]</param>
    public static void Fill(JpegHuffmanTable dc, JpegHuffmanTable ac, bool wantsMeans, Span<uint> tables)
    {
        for (int index = 0; index < Length; index++)
        {
            tables[index] = AtStart(dc, ac, wantsMeans, index);
            tables[Length + index] = Within(ac, index, 0, 0);
        }
    }

    private static uint AtStart(JpegHuffmanTable dc, JpegHuffmanTable ac, bool wantsMeans, int index)
    {
        int length = dc.Read((ulong)index << (64 - IndexBits), out int size), end = length + size;
        if (length == 0 || length > IndexBits || (wantsMeans && end > IndexBits))
        {
            return (uint)NoAdvance << AdvanceShift; // of a mean that is wanted all bits have to be there
        }

        int difference = wantsMeans ? JpegHuffmanTable.Extend((index >> (IndexBits - end)) & ((1 << size) - 1), size) : 0;
        return Within(ac, index, end, difference);
    }

    private static uint Within(JpegHuffmanTable ac, int index, int consumed, int difference)
    {
        int start = consumed, advance = 0;
        while (consumed < IndexBits && advance < 63)
        {
            int length = ac.Read((ulong)index << (64 - IndexBits + consumed), out int symbol), end = consumed + length;
            int step = (int)JpegHuffmanTable.Advance(symbol);
            bool ends = step == JpegHuffmanTable.EndAdvance;
            if (length == 0 || end > IndexBits || end + (symbol & 15) > LargestConsumption || (!ends && advance + step > 63))
            {
                break;
            }

            (consumed, advance) = (end + (symbol & 15), advance + (ends ? EndAdvance : step));
        }

        bool isNothing = start == 0 && consumed == 0;
        return ((uint)(isNothing ? NoAdvance : advance) << AdvanceShift) | ((uint)(ushort)difference << DifferenceShift) | (uint)consumed;
    }
}

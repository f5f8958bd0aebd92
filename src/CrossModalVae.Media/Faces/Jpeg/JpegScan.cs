namespace CrossModalVae.Faces.Jpeg;

/// <summary>A scan's header (ITU-R T.81 B.2.3).</summary>
internal sealed record JpegScan(
    int[] Components, // indices into the frame's components
    int[] Dc, // each component's DC table, 0 to 3
    int[] Ac, // each component's AC table, 0 to 3
    int First, // zigzag positions
    int Last,
    int High, // the bits that earlier scans have given, for a refinement
    int Low) // the bits that later scans will give
{
    /// <summary>Reads a scan's header; null where it is broken.</summary>
    public static JpegScan? Read(ReadOnlySpan<byte> content, JpegHeader header)
    {
        int count = content.IsEmpty ? 0 : content[0];
        if (count == 0 || count > header.Components.Count || content.Length != 4 + (2 * count))
        {
            return null;
        }

        (int[] components, int[] dc, int[] ac) = (new int[count], new int[count], new int[count]);
        for (int i = 0; i < count; i++)
        {
            byte id = content[1 + (2 * i)], tables = content[2 + (2 * i)];
            int found = 0;
            while (found < header.Components.Count && header.Components[found].Id != id)
            {
                found++;
            }

            if (found == header.Components.Count || (i > 0 && found <= components[i - 1]) || (tables >> 4) > 3 || (tables & 15) > 3)
            {
                return null;
            }

            (components[i], dc[i], ac[i]) = (found, tables >> 4, tables & 15);
        }

        // T.81 B.2.3: an MCU has at most ten blocks.
        int blocks = components.Select(c => header.Components[c]).Sum(c => c.HorizontalFactor * c.VerticalFactor);
        if (count > 1 && blocks > JpegMcuGrid.MaxBlocks)
        {
            return null;
        }

        ReadOnlySpan<byte> end = content[^3..];
        var scan = new JpegScan(components, dc, ac, end[0], end[1], end[2] >> 4, end[2] & 15);
        return !header.IsProgressive || scan.IsProgression ? scan : null;
    }

    // T.81 G.1.1.1: the DC coefficients of any components, or some AC coefficients of one, one bit at a time after the first scan.
    private bool IsProgression =>
        Low <= 13 && (High == 0 || High == Low + 1) && (First == 0 ? Last == 0 : First <= Last && Last < 64 && Components.Length == 1);
}

/// <summary>
/// The minimum coded units (MCU) of a scan (ITU-R T.81 A.2): the blocks of all its components over one area, interleaved, or one block of
/// its only component.
/// </summary>
internal readonly record struct JpegMcuGrid(int Columns, int Rows, bool IsInterleaved)
{
    /// <summary>Blocks of the largest MCU that T.81 allows.</summary>
    public const int MaxBlocks = 10;

    public int Count => Columns * Rows;

    /// <summary>The MCUs of a scan.</summary>
    public static JpegMcuGrid Of(JpegHeader header, JpegScan scan)
    {
        (int width, int height) = (8 * header.HorizontalFactor, 8 * header.VerticalFactor);
        if (scan.Components.Length > 1)
        {
            return new JpegMcuGrid(Ceiling(header.Width, width), Ceiling(header.Height, height), true);
        }

        JpegComponent only = header.Components[scan.Components[0]];
        return new(Ceiling(header.Width * only.HorizontalFactor, width), Ceiling(header.Height * only.VerticalFactor, height), false);
    }

    /// <summary>Columns and rows of a component's blocks in an MCU.</summary>
    public (int Columns, int Rows) BlocksOf(JpegComponent component) =>
        IsInterleaved ? (component.HorizontalFactor, component.VerticalFactor) : (1, 1);

    /// <summary>The number of restart intervals of so many MCUs, 0 for a single interval.</summary>
    public int IntervalCount(int interval) => interval == 0 ? 1 : Ceiling(Count, interval);

    /// <summary>The quotient, rounded up.</summary>
    public static int Ceiling(int value, int divisor) => (value + divisor - 1) / divisor;
}

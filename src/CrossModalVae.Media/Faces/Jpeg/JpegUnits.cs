namespace CrossModalVae.Faces.Jpeg;

/// <summary>
/// The units of a scan (ITU-R T.81 A.2): the blocks of all components over one area, or one block where a component stands alone.
/// </summary>
/// <param name="Across">Units in a row.</param>
/// <param name="Down">Rows of units.</param>
/// <param name="IsInterleaved">Whether a unit has the blocks of several components.</param>
internal readonly record struct JpegUnits(int Across, int Down, bool IsInterleaved)
{
    /// <summary>Blocks of the largest unit, where both chroma components are halved on both axes.</summary>
    public const int LargestUnit = 6;

    /// <summary>All of them.</summary>
    public int Count => Across * Down;

    /// <summary>The units of a scan.</summary>
    public static JpegUnits Of(JpegHeader header, JpegScan scan)
    {
        (int across, int down) = (8 * header.HorizontalRatio, 8 * header.VerticalRatio);
        if (scan.Components.Length > 1)
        {
            return new JpegUnits(Ceiling(header.Width, across), Ceiling(header.Height, down), true);
        }

        JpegComponent alone = header.Components[scan.Components[0]];
        return new JpegUnits(Ceiling(header.Width * alone.Across, across), Ceiling(header.Height * alone.Down, down), false);
    }

    /// <summary>How many restart intervals they make.</summary>
    /// <param name="interval">Units in one; 0 where there is but one.</param>
    public int IntervalCount(int interval) => interval == 0 ? 1 : Ceiling(Count, interval);

    private static int Ceiling(int value, int divisor) => (value + divisor - 1) / divisor;
}

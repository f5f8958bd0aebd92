namespace CrossModalVae.Faces.Jpeg;

/// <summary>A scan's header (ITU-R T.81 B.2.3).</summary>
/// <param name="Components">Indices of the frame's components in it.</param>
/// <param name="Dc">Each one's DC table, 0 to 3.</param>
/// <param name="Ac">Each one's AC table, 0 to 3.</param>
/// <param name="First">The first zigzag position.</param>
/// <param name="Last">The last one.</param>
/// <param name="High">Bits known before, for a refinement.</param>
/// <param name="Low">Bits not yet known after it.</param>
internal sealed record JpegScan(int[] Components, int[] Dc, int[] Ac, int First, int Last, int High, int Low)
{
    /// <summary>Reads a scan's header.</summary>
    /// <returns>Null where it is broken.</returns>
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

        ReadOnlySpan<byte> end = content[^3..];
        var scan = new JpegScan(components, dc, ac, end[0], end[1], end[2] >> 4, end[2] & 15);
        return !header.IsProgressive || scan.IsProgression ? scan : null;
    }

    // T.81 G.1.1.1: the DC coefficients of any components, or some AC coefficients of one, one bit at a time after the first scan.
    private bool IsProgression =>
        Low <= 13 && (High == 0 || High == Low + 1) && (First == 0 ? Last == 0 : First <= Last && Last < 64 && Components.Length == 1);
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CrossModalVae.Faces.Jpeg;

/// <summary>
/// Reads only the means of luma blocks from a sequential scan, which is a picture at 1/8: finds the blocks, then looks only at the first
/// code of luma's. Does what <see cref="JpegSequentialReader"/> does, faster.
/// </summary>
internal sealed class JpegMeansReader
{
    private readonly JpegBlockFinder _finder = new();
    private int[] _places = [];

    /// <summary>Whether this reader can read a scan.</summary>
    public static bool Reads(JpegScan scan, JpegEntropy entropy, JpegHuffmanTable?[] dc, JpegHuffmanTable?[] ac)
    {
        for (int i = 0; i < scan.Components.Length; i++)
        {
            if (dc[scan.Dc[i]] is not { IsKnown: true } || ac[scan.Ac[i]] is not { IsKnown: true })
            {
                return false;
            }
        }

        return entropy.Length <= JpegBlockFinder.MostBytes;
    }

    /// <summary>Reads a scan that begins with luma.</summary>
    /// <returns>False where it is corrupt; <see cref="JpegSequentialReader"/> says how.</returns>
    public bool TryRead(
        JpegHeader header, JpegScan scan, JpegEntropy entropy, int interval, JpegPlane luma, JpegHuffmanTable?[] dc,
        JpegHuffmanTable?[] ac, int step)
    {
        var grid = JpegUnits.Of(header, scan);
        if (grid.IntervalCount(interval) != entropy.Count)
        {
            return false;
        }

        Span<int> unit = stackalloc int[JpegUnits.LargestUnit];
        int blocks = 0;
        for (int i = 0; i < scan.Components.Length; i++)
        {
            JpegComponent component = header.Components[scan.Components[i]];
            for (int b = grid.IsInterleaved ? component.Across * component.Down : 1; b > 0; b--)
            {
                unit[blocks++] = i;
            }
        }

        _finder.Begin(unit[..blocks], Array.ConvertAll(scan.Dc, t => dc[t]!), Array.ConvertAll(scan.Ac, t => ac[t]!));
        int units = interval == 0 ? grid.Count : Math.Min(interval, grid.Count);
        if (_places.Length < blocks * units)
        {
            _places = new int[blocks * units];
        }

        (int across, int down) = grid.IsInterleaved ? (header.Components[0].Across, header.Components[0].Down) : (1, 1);
        for (int i = 0, first = 0; i < entropy.Count; i++, first += units)
        {
            Span<int> places = _places.AsSpan(0, blocks * Math.Min(units, grid.Count - first));
            (int start, int end) = entropy.Range(i);
            if (!_finder.TryFind(entropy.Bytes, start, end, places.Length, places))
            {
                return false;
            }

            ReadMeans(entropy.Bytes, places, blocks, dc[scan.Dc[0]]!, luma, first, grid.Across, across, down, step);
        }

        return true;
    }

    private static void ReadMeans(
        ReadOnlySpan<byte> bytes, ReadOnlySpan<int> places, int blocks, JpegHuffmanTable table, JpegPlane luma, int unit, int unitsAcross,
        int across, int down, int step)
    {
        ref byte begin = ref MemoryMarshal.GetReference(bytes);
        (int unitY, int unitX) = Math.DivRem(unit, unitsAcross);
        int mean = 0;
        for (int first = 0; first < places.Length; first += blocks)
        {
            for (int y = 0, b = first; y < down; y++)
            {
                Span<byte> row = luma.Block(unitX * across, (unitY * down) + y);
                for (int x = 0; x < across; x++, b++)
                {
                    mean += Difference(JpegBlockFinder.Bits(ref begin, (ulong)places[b]), table);
                    row[x] = JpegIdct.Level(mean * step);
                }
            }

            if (++unitX == unitsAcross)
            {
                (unitX, unitY) = (0, unitY + 1);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Difference(ulong bits, JpegHuffmanTable table)
    {
        uint entry = table.Values[(int)(bits >> (64 - JpegHuffmanTable.LookBits))];
        if ((entry & JpegHuffmanTable.Long) == 0)
        {
            return (int)entry >> JpegHuffmanTable.ValueShift;
        }

        int length = table.Read(bits, out int size);
        return JpegHuffmanTable.Extend((int)(bits << length >> 1 >> (63 - size)), size);
    }
}

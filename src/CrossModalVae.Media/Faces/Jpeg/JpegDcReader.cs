using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CrossModalVae.Faces.Jpeg;

/// <summary>
/// Reads only the DC coefficients of luma from a sequential scan, which are a picture at 1/8: finds the blocks, then decodes the first code
/// of each luma block. Gives the result of <see cref="JpegSequentialReader"/>, faster.
/// </summary>
internal sealed class JpegDcReader
{
    private readonly JpegBlockFinder _finder = new();
    private int[] _places = [];

    /// <summary>Whether this reader can read a scan: its Huffman tables occur again.</summary>
    public static bool CanRead(JpegState state, JpegScan scan) =>
        !state.Entropy.IsOpen
        && scan.Dc.All(table => state.Dc[table] is { IsKnown: true })
        && scan.Ac.All(table => state.Ac[table] is { IsKnown: true })
        && state.Entropy.Length <= JpegBlockFinder.MaxBytes;

    /// <summary>Reads a scan that begins with luma; false where it is corrupt, for which <see cref="JpegSequentialReader"/> has
    /// messages.</summary>
    public bool TryRead(JpegState state, JpegScan scan)
    {
        (JpegEntropy entropy, int interval) = (state.Entropy, state.RestartInterval);
        var grid = JpegMcuGrid.Of(state.Header, scan);
        if (grid.IntervalCount(interval) != entropy.Count)
        {
            return false;
        }

        Span<int> mcu = stackalloc int[JpegMcuGrid.MaxBlocks];
        int blocks = 0;
        for (int i = 0; i < scan.Components.Length; i++)
        {
            (int columns, int rows) = grid.BlocksOf(state.Header.Components[scan.Components[i]]);
            mcu.Slice(blocks, columns * rows).Fill(i);
            blocks += columns * rows;
        }

        _finder.Begin(mcu[..blocks], Array.ConvertAll(scan.Dc, t => state.Dc[t]!), Array.ConvertAll(scan.Ac, t => state.Ac[t]!));
        int mcus = interval == 0 ? grid.Count : Math.Min(interval, grid.Count);
        Span<int> all = ScratchBuffer.Reserve(ref _places, blocks * mcus);
        for (int i = 0, first = 0; i < entropy.Count; i++, first += mcus)
        {
            Span<int> places = all[..(blocks * Math.Min(mcus, grid.Count - first))];
            (int start, int end) = entropy.Range(i);
            if (!_finder.TryFind(entropy.Bytes, start, end, places.Length, places))
            {
                return false;
            }

            ReadLuma(state, scan, grid, places, blocks, first);
        }

        return true;
    }

    private static void ReadLuma(JpegState state, JpegScan scan, JpegMcuGrid grid, ReadOnlySpan<int> places, int blocks, int mcu)
    {
        JpegComponent component = state.Header.Components[0];
        (JpegHuffmanTable table, int step) = (state.Dc[scan.Dc[0]]!, state.Quantisation[component.Quantisation][0]);
        (int columns, int rows) = grid.BlocksOf(component);
        ref byte begin = ref MemoryMarshal.GetReference(state.Entropy.Bytes);
        (int mcuRow, int mcuColumn) = Math.DivRem(mcu, grid.Columns);
        int dc = 0;
        for (int first = 0; first < places.Length; first += blocks)
        {
            for (int y = 0, b = first; y < rows; y++)
            {
                Span<byte> row = state.Planes[0].Block(mcuColumn * columns, (mcuRow * rows) + y);
                for (int x = 0; x < columns; x++, b++)
                {
                    dc += Difference(JpegBlockFinder.Bits(ref begin, (ulong)places[b]), table);
                    row[x] = JpegIdct.Level(dc * step);
                }
            }

            if (++mcuColumn == grid.Columns)
            {
                (mcuColumn, mcuRow) = (0, mcuRow + 1);
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

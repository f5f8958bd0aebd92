using System.Runtime.InteropServices;

namespace CrossModalVae.Faces.Jpeg;

/// <summary>Reads the scans of a sequential JPEG straight into samples (ITU-R T.81 F.2). Keeps its memory between scans.</summary>
internal sealed class JpegSequentialReader
{
    private readonly int[] _block = new int[64];
    private readonly int[] _predictions = new int[3];
    private readonly List<BlockOfUnit> _unit = [];

    /// <summary>Reads a scan.</summary>
    /// <returns>Null, or what is wrong.</returns>
    public string? Read(
        JpegHeader header,
        JpegScan scan,
        JpegEntropy entropy,
        int interval,
        JpegPlane[] planes,
        JpegHuffmanTable?[] dc,
        JpegHuffmanTable?[] ac,
        int[][] quantisation,
        bool lumaOnly)
    {
        var grid = JpegUnits.Of(header, scan);
        _unit.Clear();
        for (int i = 0; i < scan.Components.Length; i++)
        {
            int c = scan.Components[i];
            JpegComponent component = header.Components[c];
            if (dc[scan.Dc[i]] is not JpegHuffmanTable dcTable || ac[scan.Ac[i]] is not JpegHuffmanTable acTable)
            {
                return "a Huffman table is missing";
            }

            for (int b = 0; b < (grid.IsInterleaved ? component.Across * component.Down : 1); b++)
            {
                _unit.Add(new BlockOfUnit(
                    c,
                    lumaOnly && c > 0 ? null : planes[c],
                    dcTable,
                    acTable,
                    quantisation[component.Quantisation],
                    grid.IsInterleaved ? component.Across : 1,
                    grid.IsInterleaved ? component.Down : 1,
                    b % component.Across,
                    b / component.Across));
            }
        }

        if (grid.IntervalCount(interval) is int intervals && intervals != entropy.Count)
        {
            return $"has {entropy.Count} restart intervals, not {intervals}";
        }

        int unit = 0;
        for (int i = 0; i < entropy.Count; i++)
        {
            JpegBits bits = entropy.Bits(i);
            Array.Clear(_predictions);
            int end = interval == 0 ? grid.Count : Math.Min(grid.Count, unit + interval);
            for (; unit < end; unit++)
            {
                if (!TryReadUnit(ref bits, unit % grid.Across, unit / grid.Across))
                {
                    return $"its data are corrupt in block {unit} of {grid.Count}";
                }

                if (bits.IsExhausted)
                {
                    return "its data end early";
                }
            }
        }

        return null;
    }

    private bool TryReadUnit(ref JpegBits bits, int unitX, int unitY)
    {
        foreach (ref readonly BlockOfUnit b in CollectionsMarshal.AsSpan(_unit))
        {
            int difference;
            if (b.Plane is not JpegPlane plane)
            {
                if (!bits.TrySkipBlock(b.Dc, b.Ac, out _))
                {
                    return false;
                }

                continue;
            }

            Span<byte> samples = plane.Block((unitX * b.Across) + b.X, (unitY * b.Down) + b.Y);
            ref int prediction = ref _predictions[b.Component];
            if (plane.Side == 1)
            {
                if (!bits.TrySkipBlock(b.Dc, b.Ac, out difference))
                {
                    return false;
                }

                prediction += difference;
                samples[0] = JpegIdct.Level(prediction * b.Quantisation[0]);
                continue;
            }

            int last = bits.ReadBlock(b.Dc, b.Ac, b.Quantisation, _block, out difference);
            if (last < 0)
            {
                Array.Clear(_block);
                return false;
            }

            prediction += difference;
            _block[0] = prediction * b.Quantisation[0];
            JpegIdct.Transform(_block, last, plane.Side, samples, plane.Stride);
            if (last > 0)
            {
                Array.Clear(_block);
            }
        }

        return true;
    }

    /// <summary>A block of a unit: its component, where its samples go (null where they are not wanted), its tables, its place.</summary>
    private readonly record struct BlockOfUnit(
        int Component, JpegPlane? Plane, JpegHuffmanTable Dc, JpegHuffmanTable Ac, int[] Quantisation, int Across, int Down, int X, int Y);
}

using System.Runtime.InteropServices;

namespace CrossModalVae.Faces.Jpeg;

/// <summary>Reads the scans of a sequential JPEG straight into samples (ITU-R T.81 F.2). Keeps its memory between scans.</summary>
internal sealed class JpegSequentialReader : JpegScanReader
{
    private readonly int[] _block = new int[64];
    private readonly List<McuBlock> _mcu = [];

    protected override string? Begin(JpegState state, JpegScan scan, JpegMcuGrid grid)
    {
        _mcu.Clear();
        for (int i = 0; i < scan.Components.Length; i++)
        {
            int c = scan.Components[i];
            JpegComponent component = state.Header.Components[c];
            if (state.Dc[scan.Dc[i]] is not JpegHuffmanTable dc || state.Ac[scan.Ac[i]] is not JpegHuffmanTable ac)
            {
                return "a Huffman table is missing";
            }

            JpegPlane? plane = state.LumaOnly && c > 0 ? null : state.Planes[c];
            (int columns, int rows) = grid.BlocksOf(component);
            for (int b = 0; b < columns * rows; b++)
            {
                _mcu.Add(new McuBlock(
                    c, plane, dc, ac, state.Quantisation[component.Quantisation], columns, rows, b % columns, b / columns));
            }
        }

        return null;
    }

    protected override bool TryReadMcu(ref JpegBits bits, int column, int row)
    {
        foreach (ref readonly McuBlock b in CollectionsMarshal.AsSpan(_mcu))
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

            Span<byte> samples = plane.Block((column * b.Columns) + b.X, (row * b.Rows) + b.Y);
            ref int prediction = ref Predictions[b.Component];
            if (plane.BlockSize == 1)
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
            JpegIdct.Transform(_block, last, plane.BlockSize, samples, plane.Stride);
            if (last > 0)
            {
                Array.Clear(_block);
            }
        }

        return true;
    }

    /// <summary>A block of an MCU; the plane is null where its samples are not wanted.</summary>
    private readonly record struct McuBlock(
        int Component, JpegPlane? Plane, JpegHuffmanTable Dc, JpegHuffmanTable Ac, int[] Quantisation, int Columns, int Rows, int X, int Y);
}

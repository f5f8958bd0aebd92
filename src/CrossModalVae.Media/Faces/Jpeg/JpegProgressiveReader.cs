namespace CrossModalVae.Faces.Jpeg;

/// <summary>Reads the scans of a progressive JPEG into coefficients (ITU-R T.81 G.1 and G.2), and makes samples of them at the
/// end.</summary>
internal sealed class JpegProgressiveReader : JpegScanReader
{
    private readonly short[] _unused = new short[64]; // the coefficients of skipped chroma
    private JpegState _state = null!;
    private JpegScan _scan = null!;
    private JpegMcuGrid _grid;
    private int _endOfBandRun; // blocks without further coefficients in this scan

    protected override string? Begin(JpegState state, JpegScan scan, JpegMcuGrid grid)
    {
        (_state, _scan, _grid) = (state, scan, grid);
        for (int i = 0; i < scan.Components.Length; i++)
        {
            bool needsTable = scan.First > 0 || scan.High == 0; // a refinement of DC coefficients has plain bits
            if (needsTable && (scan.First == 0 ? state.Dc[scan.Dc[i]] : state.Ac[scan.Ac[i]]) is null)
            {
                return "a Huffman table is missing";
            }
        }

        return null;
    }

    protected override void Restart()
    {
        base.Restart();
        _endOfBandRun = 0;
    }

    /// <summary>Makes a component's samples from its coefficients, with [64] quantisation steps in zigzag order.</summary>
    public static void Transform(JpegPlane plane, int[] quantisation)
    {
        Span<int> steps = stackalloc int[64]; // natural order
        Span<int> block = stackalloc int[64];
        for (int k = 0; k < 64; k++)
        {
            steps[JpegIdct.NaturalOrder[k]] = quantisation[k];
        }

        for (int i = 0; i < plane.BlockColumns * plane.BlockRows; i++)
        {
            ReadOnlySpan<short> coefficients = plane.Coefficients.Slice(64 * i, 64);
            for (int k = 0; k < 64; k++)
            {
                block[k] = coefficients[k] * steps[k];
            }

            int last = block[1..].ContainsAnyExcept(0) ? 63 : 0;
            JpegIdct.Transform(block, last, plane.BlockSize, plane.Block(i % plane.BlockColumns, i / plane.BlockColumns), plane.Stride);
        }
    }

    protected override bool TryReadMcu(ref JpegBits bits, int column, int row)
    {
        JpegScan scan = _scan;
        for (int i = 0; i < scan.Components.Length; i++)
        {
            int c = scan.Components[i];
            JpegPlane plane = _state.Planes[c];
            (int columns, int rows) = _grid.BlocksOf(_state.Header.Components[c]);
            for (int b = 0; b < columns * rows; b++)
            {
                (int x, int y) = ((column * columns) + (b % columns), (row * rows) + (b / columns));
                Span<short> block = _state.LumaOnly && c > 0
                    ? _unused
                    : plane.Coefficients.Slice(64 * ((y * plane.BlockColumns) + x), 64);
                bool read = (scan.First, scan.High) switch
                {
                    (0, 0) => TryReadDc(ref bits, _state.Dc[scan.Dc[i]]!, ref Predictions[c], scan.Low, block),
                    (0, _) => RefineDc(ref bits, scan.Low, block),
                    (_, 0) => TryReadAc(ref bits, _state.Ac[scan.Ac[i]]!, scan, block),
                    _ => TryRefineAc(ref bits, _state.Ac[scan.Ac[i]]!, scan, block),
                };
                if (!read)
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static bool TryReadDc(ref JpegBits bits, JpegHuffmanTable table, ref int prediction, int low, Span<short> block)
    {
        bool read = bits.TryReadDifference(table, out int difference);
        prediction += difference;
        block[0] = (short)(prediction << low);
        return read;
    }

    private static bool RefineDc(ref JpegBits bits, int low, Span<short> block)
    {
        block[0] |= (short)(bits.ReadBits(1) << low);
        return true;
    }

    private bool TryReadAc(ref JpegBits bits, JpegHuffmanTable table, JpegScan scan, Span<short> block)
    {
        if (_endOfBandRun > 0)
        {
            _endOfBandRun--;
            return true;
        }

        for (int k = scan.First; k <= scan.Last; k++)
        {
            int symbol = bits.ReadSymbol(table);
            (int run, int size) = (symbol >> 4, symbol & 15);
            if (symbol < 0)
            {
                return false;
            }

            if (size == 0 && run < 15)
            {
                _endOfBandRun = (1 << run) + bits.ReadBits(run) - 1;
                return true;
            }

            k += run;
            if (k > scan.Last)
            {
                return false;
            }

            if (size > 0)
            {
                block[JpegIdct.NaturalOrder[k]] = (short)(JpegHuffmanTable.Extend(bits.ReadBits(size), size) << scan.Low);
            }
        }

        return true;
    }

    private bool TryRefineAc(ref JpegBits bits, JpegHuffmanTable table, JpegScan scan, Span<short> block)
    {
        int k = scan.First;
        for (; k <= scan.Last && _endOfBandRun == 0; k++)
        {
            int symbol = bits.ReadSymbol(table);
            (int run, int size) = (symbol >> 4, symbol & 15);
            if (symbol < 0 || size > 1)
            {
                return false;
            }

            int value = 0;
            if (size == 1)
            {
                value = bits.ReadBits(1) == 1 ? 1 << scan.Low : -1 << scan.Low;
            }
            else if (run < 15)
            {
                _endOfBandRun = (1 << run) + bits.ReadBits(run);
                break;
            }

            // Skips coefficients of earlier scans, each of which has a refinement bit, and "run" that are still zero.
            for (; k <= scan.Last; k++)
            {
                ref short known = ref block[JpegIdct.NaturalOrder[k]];
                if (known != 0)
                {
                    Refine(ref bits, ref known, scan.Low);
                }
                else if (--run < 0)
                {
                    break;
                }
            }

            if (value != 0)
            {
                if (k > scan.Last)
                {
                    return false;
                }

                block[JpegIdct.NaturalOrder[k]] = (short)value;
            }
        }

        if (_endOfBandRun > 0)
        {
            for (; k <= scan.Last; k++)
            {
                ref short known = ref block[JpegIdct.NaturalOrder[k]];
                if (known != 0)
                {
                    Refine(ref bits, ref known, scan.Low);
                }
            }

            _endOfBandRun--;
        }

        return true;
    }

    private static void Refine(ref JpegBits bits, ref short known, int low)
    {
        if (bits.ReadBits(1) == 1 && (known & (1 << low)) == 0)
        {
            known += (short)(known >= 0 ? 1 << low : -1 << low);
        }
    }
}

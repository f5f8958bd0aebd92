namespace CrossModalVae.Faces.Jpeg;

/// <summary>
/// Reads the scans of a progressive JPEG into coefficients (ITU-R T.81 G.1 and G.2), and makes samples of them at the end.
/// </summary>
internal sealed class JpegProgressiveReader
{
    private readonly int[] _predictions = new int[3];
    private readonly short[] _nowhere = new short[64];
    private int _endOfBlocks; // blocks that have nothing more in this scan

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
        bool lumaOnly)
    {
        for (int i = 0; i < scan.Components.Length; i++)
        {
            bool needsTable = scan.First > 0 || scan.High == 0; // a refinement of the mean is plain bits
            if (needsTable && (scan.First == 0 ? dc[scan.Dc[i]] : ac[scan.Ac[i]]) is null)
            {
                return "a Huffman table is missing";
            }
        }

        var grid = JpegUnits.Of(header, scan);
        if (grid.IntervalCount(interval) is int intervals && intervals != entropy.Count)
        {
            return $"has {entropy.Count} restart intervals, not {intervals}";
        }

        int unit = 0;
        for (int i = 0; i < entropy.Count; i++)
        {
            JpegBits bits = entropy.Bits(i);
            Array.Clear(_predictions);
            _endOfBlocks = 0;
            int end = interval == 0 ? grid.Count : Math.Min(grid.Count, unit + interval);
            for (; unit < end; unit++)
            {
                if (!TryReadUnit(ref bits, header, scan, grid, unit, planes, dc, ac, lumaOnly))
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

    /// <summary>Makes a component's samples of its coefficients.</summary>
    /// <param name="plane">The component.</param>
    /// <param name="quantisation">[64] steps in zigzag order.</param>
    public static void Transform(JpegPlane plane, int[] quantisation)
    {
        Span<int> steps = stackalloc int[64]; // natural order
        Span<int> block = stackalloc int[64];
        for (int k = 0; k < 64; k++)
        {
            steps[JpegZigzag.Natural[k]] = quantisation[k];
        }

        for (int i = 0; i < plane.BlocksAcross * plane.BlocksDown; i++)
        {
            ReadOnlySpan<short> coefficients = plane.Coefficients.Slice(64 * i, 64);
            for (int k = 0; k < 64; k++)
            {
                block[k] = coefficients[k] * steps[k];
            }

            int last = block[1..].ContainsAnyExcept(0) ? 63 : 0;
            JpegIdct.Transform(block, last, plane.Side, plane.Block(i % plane.BlocksAcross, i / plane.BlocksAcross), plane.Stride);
        }
    }

    private bool TryReadUnit(
        ref JpegBits bits,
        JpegHeader header,
        JpegScan scan,
        JpegUnits grid,
        int unit,
        JpegPlane[] planes,
        JpegHuffmanTable?[] dc,
        JpegHuffmanTable?[] ac,
        bool lumaOnly)
    {
        (int unitX, int unitY) = (unit % grid.Across, unit / grid.Across);
        for (int i = 0; i < scan.Components.Length; i++)
        {
            int c = scan.Components[i];
            (int across, int down) = grid.IsInterleaved ? (header.Components[c].Across, header.Components[c].Down) : (1, 1);
            for (int b = 0; b < across * down; b++)
            {
                (int x, int y) = ((unitX * across) + (b % across), (unitY * down) + (b / across));
                Span<short> block = lumaOnly && c > 0
                    ? _nowhere
                    : planes[c].Coefficients.Slice(64 * ((y * planes[c].BlocksAcross) + x), 64);
                bool read = (scan.First, scan.High) switch
                {
                    (0, 0) => TryReadMean(ref bits, dc[scan.Dc[i]]!, ref _predictions[c], scan.Low, block),
                    (0, _) => RefineMean(ref bits, scan.Low, block),
                    (_, 0) => TryRead(ref bits, ac[scan.Ac[i]]!, scan, block),
                    _ => TryRefine(ref bits, ac[scan.Ac[i]]!, scan, block),
                };
                if (!read)
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static bool TryReadMean(ref JpegBits bits, JpegHuffmanTable table, ref int prediction, int low, Span<short> block)
    {
        bool read = bits.TryReadDifference(table, out int difference);
        prediction += difference;
        block[0] = (short)(prediction << low);
        return read;
    }

    private static bool RefineMean(ref JpegBits bits, int low, Span<short> block)
    {
        block[0] |= (short)(bits.ReadBits(1) << low);
        return true;
    }

    private bool TryRead(ref JpegBits bits, JpegHuffmanTable table, JpegScan scan, Span<short> block)
    {
        if (_endOfBlocks > 0)
        {
            _endOfBlocks--;
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
                _endOfBlocks = (1 << run) + bits.ReadBits(run) - 1;
                return true;
            }

            k += run;
            if (k > scan.Last)
            {
                return false;
            }

            if (size > 0)
            {
                block[JpegZigzag.Natural[k]] = (short)(JpegHuffmanTable.Extend(bits.ReadBits(size), size) << scan.Low);
            }
        }

        return true;
    }

    private bool TryRefine(ref JpegBits bits, JpegHuffmanTable table, JpegScan scan, Span<short> block)
    {
        int k = scan.First;
        for (; k <= scan.Last && _endOfBlocks == 0; k++)
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
                _endOfBlocks = (1 << run) + bits.ReadBits(run);
                break;
            }

            // Over coefficients known before, each with a bit of its own, and "run" that are still zero.
            for (; k <= scan.Last; k++)
            {
                ref short known = ref block[JpegZigzag.Natural[k]];
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

                block[JpegZigzag.Natural[k]] = (short)value;
            }
        }

        if (_endOfBlocks > 0)
        {
            for (; k <= scan.Last; k++)
            {
                ref short known = ref block[JpegZigzag.Natural[k]];
                if (known != 0)
                {
                    Refine(ref bits, ref known, scan.Low);
                }
            }

            _endOfBlocks--;
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

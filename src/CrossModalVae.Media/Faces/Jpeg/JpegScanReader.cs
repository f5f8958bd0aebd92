namespace CrossModalVae.Faces.Jpeg;

/// <summary>The current file, as <see cref="JpegFaceDecoder"/> and its scan readers share it. Keeps its memory between files.</summary>
internal sealed class JpegState
{
    public JpegHeader Header { get; set; } = null!;

    /// <summary>Whether chroma is only skipped.</summary>
    public bool LumaOnly { get; set; }

    /// <summary>MCUs of a restart interval; 0 for a single interval.</summary>
    public int RestartInterval { get; set; }

    public JpegPlane[] Planes { get; } = [new(), new(), new(), new()];

    public JpegHuffmanTable?[] Dc { get; } = new JpegHuffmanTable?[4];

    public JpegHuffmanTable?[] Ac { get; } = new JpegHuffmanTable?[4];

    /// <summary>[4, 64] quantisation steps in zigzag order.</summary>
    public int[][] Quantisation { get; } = [new int[64], new int[64], new int[64], new int[64]];

    public JpegEntropy Entropy { get; } = new();
}

/// <summary>Reads a scan, one restart interval after the other and MCU by MCU.</summary>
internal abstract class JpegScanReader
{
    private const string EndsEarly = "its data end early";

    /// <summary>The last DC coefficient of each component.</summary>
    protected int[] Predictions { get; } = new int[4];

    /// <summary>Reads a scan; returns what is wrong, or null.</summary>
    public string? Read(JpegState state, JpegScan scan)
    {
        var grid = JpegMcuGrid.Of(state.Header, scan);
        if (Begin(state, scan, grid) is string fault)
        {
            return fault;
        }

        (JpegEntropy entropy, int interval) = (state.Entropy, state.RestartInterval);
        if (grid.IntervalCount(interval) is int intervals && intervals != entropy.Count)
        {
            return $"has {entropy.Count} restart intervals, not {intervals}";
        }

        int mcu = 0;
        for (int i = 0; i < entropy.Count; i++)
        {
            JpegBits bits = entropy.Bits(i);
            Restart();
            int end = interval == 0 ? grid.Count : Math.Min(grid.Count, mcu + interval);
            for (; mcu < end; mcu++)
            {
                if (!TryReadMcu(ref bits, mcu % grid.Columns, mcu / grid.Columns))
                {
                    return $"its data are corrupt in block {mcu} of {grid.Count}";
                }

                if (bits.IsExhausted)
                {
                    return EndsEarly;
                }
            }

            // Where no marker ends the data, something must follow it, and zeros are no data (a file that was reserved, then half filled).
            bool isLast = entropy.IsOpen && i == entropy.Count - 1;
            if (isLast && (bits.ConsumedBytes >= entropy.Length || bits.ConsumedBytes > entropy.NonZeroLength))
            {
                return EndsEarly;
            }
        }

        return null;
    }

    /// <summary>Starts a scan; returns what is wrong, or null.</summary>
    protected abstract string? Begin(JpegState state, JpegScan scan, JpegMcuGrid grid);

    /// <summary>Starts a restart interval.</summary>
    protected virtual void Restart() => Array.Clear(Predictions);

    /// <summary>Reads an MCU; false where the data are corrupt.</summary>
    protected abstract bool TryReadMcu(ref JpegBits bits, int column, int row);
}

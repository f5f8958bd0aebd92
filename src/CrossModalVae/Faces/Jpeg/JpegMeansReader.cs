using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CrossModalVae.Faces.Jpeg;

/// <summary>
/// Reads only the means of luma blocks from a sequential scan, which is a picture at 1/8. Nearly all of the work is to pass over codes, so the loop is one
/// look-up after the other, several codes each, without a branch that data could surprise: where a block ends, the next look-up's table, the place and the
/// block change by masks. Does what <see cref="JpegSequentialReader"/> does, faster; for Huffman tables that are met again, as its own take time to make.
/// </summary>
internal sealed class JpegMeansReader
{
    private const int LargestUnit = 6;

    // The loop is left this seldom; what is read past the end of broken data stays within the slack.
    private const int UnitsAtOnce = JpegBits.UnitsOfSlack;

    // Offsets into what the loop writes and reads beside the tables; blocks are counted in twos.
    private const int Means = 2 * ((UnitsAtOnce * LargestUnit) + 1);

    private readonly JpegHuffmanTable?[] _made = new JpegHuffmanTable?[6];
    private readonly uint[] _tables = new uint[6 * JpegLeapTable.Length]; // [components, start or within, entries]
    private readonly int[] _blocks = new int[2 * Means]; // [blocks, table at the next one's start and its xor with that within], [blocks, luma's mean]

    /// <summary>Whether this reader can read a scan.</summary>
    public static bool Reads(JpegScan scan, JpegHuffmanTable?[] dc, JpegHuffmanTable?[] ac)
    {
        for (int i = 0; i < scan.Components.Length; i++)
        {
            if (dc[scan.Dc[i]] is not { IsKnown: true } || ac[scan.Ac[i]] is not { IsKnown: true })
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Reads a scan that begins with luma.</summary>
    /// <returns>Null, or what is wrong.</returns>
    public string? Read(
        JpegHeader header, JpegScan scan, JpegEntropy entropy, int interval, JpegPlane luma, JpegHuffmanTable?[] dc, JpegHuffmanTable?[] ac, int step)
    {
        var grid = JpegUnits.Of(header, scan);
        if (grid.IntervalCount(interval) is int intervals && intervals != entropy.Count)
        {
            return $"has {entropy.Count} restart intervals, not {intervals}";
        }

        (int across, int down) = grid.IsInterleaved ? (header.Components[0].Across, header.Components[0].Down) : (1, 1);
        int blocks = Plan(header, scan, grid, dc, ac);
        int unit = 0;
        for (int i = 0; i < entropy.Count; i++)
        {
            int end = interval == 0 ? grid.Count : Math.Min(grid.Count, unit + interval);
            unit = ReadInterval(entropy, i, unit, end, blocks, scan, dc, ac, grid.Across, luma, across, down, step, out bool isExhausted);
            if (unit < end)
            {
                return isExhausted ? "its data end early" : $"its data are corrupt in block {unit} of {grid.Count}";
            }
        }

        return null;
    }

    /// <summary>Lays out a unit's blocks and makes the tables that are not there from the file before.</summary>
    private int Plan(JpegHeader header, JpegScan scan, JpegUnits grid, JpegHuffmanTable?[] dc, JpegHuffmanTable?[] ac)
    {
        int blocks = 0;
        for (int i = 0; i < scan.Components.Length; i++)
        {
            (JpegHuffmanTable dcTable, JpegHuffmanTable acTable) = (dc[scan.Dc[i]]!, ac[scan.Ac[i]]!);
            if (_made[2 * i] != dcTable || _made[(2 * i) + 1] != acTable)
            {
                JpegLeapTable.Fill(dcTable, acTable, wantsMeans: i == 0, _tables.AsSpan(2 * i * JpegLeapTable.Length, 2 * JpegLeapTable.Length));
                (_made[2 * i], _made[(2 * i) + 1]) = (dcTable, acTable);
            }

            JpegComponent component = header.Components[scan.Components[i]];
            for (int b = grid.IsInterleaved ? component.Across * component.Down : 1; b > 0; b--, blocks++)
            {
                _blocks[2 * blocks] = 2 * i * JpegLeapTable.Length;
            }
        }

        // From where each block's tables start to where the next one's do; the units follow each other all alike.
        int first = _blocks[0];
        for (int b = 0; b < blocks; b++)
        {
            (int start, int next) = (_blocks[2 * b], b + 1 < blocks ? _blocks[2 * (b + 1)] : first);
            (_blocks[2 * b], _blocks[(2 * b) + 1]) = (next, next ^ (start + JpegLeapTable.Length));
        }

        for (int i = 2 * blocks; i < 2 * blocks * UnitsAtOnce; i++)
        {
            _blocks[i] = _blocks[i - (2 * blocks)];
        }

        return blocks;
    }

    // The unit that was not read, or the end.
    private int ReadInterval(
        JpegEntropy entropy,
        int index,
        int unit,
        int end,
        int blocks,
        JpegScan scan,
        JpegHuffmanTable?[] dc,
        JpegHuffmanTable?[] ac,
        int unitsAcross,
        JpegPlane luma,
        int across,
        int down,
        int step,
        out bool isExhausted)
    {
        isExhausted = false;
        (int start, int last) = entropy.Range(index);
        var state = new State { Position = start };
        while (unit < end)
        {
            int units = Math.Min(UnitsAtOnce, end - unit);
            (state.Block, state.K, state.Table) = (0, JpegLeapTable.Begin, 0);
            while (!Leap(entropy.Bytes, _tables, _blocks, 2 * blocks * units, ref state))
            {
                if (!TryStep(ref state, scan, dc, ac))
                {
                    return unit + (state.Block / (2 * blocks));
                }
            }

            if ((8L * state.Position) - state.Count > 8L * last)
            {
                isExhausted = true;
                return unit;
            }

            for (int u = 0; u < units; u++, unit++)
            {
                (int unitY, int unitX) = Math.DivRem(unit, unitsAcross);
                for (int y = 0, b = Means + (2 * blocks * u); y < down; y++)
                {
                    Span<byte> row = luma.Block(unitX * across, (unitY * down) + y);
                    for (int x = 0; x < across; x++, b += 2)
                    {
                        row[x] = JpegIdct.Level(_blocks[b] * step);
                    }
                }
            }
        }

        return unit;
    }

    /// <summary>Goes on to the end of a unit, or to a code that the tables do not hold.</summary>
    /// <returns>Whether the unit is at its end.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static bool Leap(ReadOnlySpan<byte> bytes, uint[] allTables, int[] allBlocks, int end, ref State state)
    {
        ref byte begin = ref MemoryMarshal.GetReference(bytes);
        ref byte at = ref Unsafe.Add(ref begin, state.Position);
        ref uint tables = ref MemoryMarshal.GetArrayDataReference(allTables);
        ref int blocks = ref MemoryMarshal.GetArrayDataReference(allBlocks);
        ulong buffer = state.Buffer;
        int count = state.Count, block = state.Block, k = state.K, table = state.Table, mean = state.Mean;
        int next = Unsafe.Add(ref blocks, block), change = Unsafe.Add(ref blocks, block + 1);
        bool isAtEnd = true;
        while (block < end)
        {
            ulong more = Unsafe.ReadUnaligned<ulong>(ref at);
            buffer |= (BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(more) : more) >> count;
            at = ref Unsafe.Add(ref at, (63 - count) >> 3);
            count |= 56;
            uint entry = Unsafe.Add(ref tables, (nint)(uint)table + (nint)(buffer >> (64 - JpegLeapTable.IndexBits)));
            int sum = k + (int)(entry >> JpegLeapTable.AdvanceShift);
            if (((sum - 1) & JpegLeapTable.SoundBit) == 0)
            {
                isAtEnd = false;
                break;
            }

            buffer <<= (int)entry; // by its low six bits
            count -= (int)entry & JpegLeapTable.ConsumedMask;
            mean += (short)(entry >> JpegLeapTable.DifferenceShift);
            Unsafe.Add(ref blocks, Means + block) = mean;
            int stays = sum >> 31; // -1 within the block, 0 at its end
            table = next ^ (change & stays);
            k = ((sum - JpegLeapTable.Begin) & stays) + JpegLeapTable.Begin;
            block += 2 + stays + stays;
            next = Unsafe.Add(ref blocks, block);
            change = Unsafe.Add(ref blocks, block + 1);
        }

        (state.Buffer, state.Count, state.Position) = (buffer, count, (int)Unsafe.ByteOffset(ref begin, ref at));
        (state.Block, state.K, state.Table, state.Mean) = (block, k, table, mean);
        return isAtEnd;
    }

    /// <summary>One code that is too long for the tables; the buffer is full.</summary>
    /// <returns>False where the data are corrupt.</returns>
    private bool TryStep(ref State state, JpegScan scan, JpegHuffmanTable?[] dc, JpegHuffmanTable?[] ac)
    {
        (int component, int within) = Math.DivRem(state.Table, 2 * JpegLeapTable.Length);
        bool atStart = within == 0;
        int length = (atStart ? dc[scan.Dc[component]]! : ac[scan.Ac[component]]!).Read(state.Buffer, out int symbol), size = symbol & 15;
        ulong value = state.Buffer << length;
        (state.Buffer, state.Count) = (value << size, state.Count - length - size);
        if (length == 0)
        {
            return false;
        }

        if (atStart)
        {
            state.Mean += component == 0 ? JpegHuffmanTable.Extend((int)(value >> 1 >> (63 - size)), size) : 0;
            _blocks[Means + state.Block] = state.Mean;
            state.Table = _blocks[state.Block] ^ _blocks[state.Block + 1];
            return true;
        }

        int advance = (int)JpegHuffmanTable.Advance(symbol);
        state.K += advance;
        if (state.K > 0 && advance != JpegHuffmanTable.EndAdvance)
        {
            return false;
        }

        if (state.K >= 0)
        {
            (state.K, state.Table) = (JpegLeapTable.Begin, _blocks[state.Block]);
            state.Block += 2;
        }

        return true;
    }

    /// <summary>Where reading is: the bits at hand, and in which block.</summary>
    private struct State
    {
        public ulong Buffer;
        public int Count;
        public int Position;
        public int Block;
        public int K;
        public int Table;
        public int Mean;
    }
}

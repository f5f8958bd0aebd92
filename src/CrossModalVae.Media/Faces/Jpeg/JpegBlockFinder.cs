using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CrossModalVae.Faces.Jpeg;

/// <summary>
/// Finds where the blocks of a sequential scan begin, which is to pass over its codes. That is one look-up after the other, several codes
/// each, without a branch that data could surprise: where a block ends, the next look-up's table, the place and the block change by masks.
/// As each look-up waits for the one before, two places of the data are read in turn: the second one starts anywhere, and as Huffman codes
/// fall into step by themselves, it soon finds true blocks; from where the first one meets it (the same bit, the same block of a unit) all
/// that it has found is true. Klein and Wiseman, "Parallel Huffman decoding with applications to JPEG files", The Computer Journal 46,
/// 2003. For Huffman tables that are met again, as its own take time to make.
/// </summary>
internal sealed class JpegBlockFinder
{
    /// <summary>The longest data whose bits can be counted.</summary>
    public const int MostBytes = int.MaxValue / 8;

    // Fewer bytes are not worth a second place.
    private const int LeastBytes = 1024;

    // The two places meet within some hundredths of the data, nearly always.
    private const int Reach = 32;

    // What is broken in the last few bits is not worth another start.
    private const int LargestPadding = 64;

    private readonly JpegHuffmanTable?[] _made = new JpegHuffmanTable?[6]; // [slots, dc and ac]
    private readonly short[] _tables = new short[7 * JpegLeapTable.Length]; // [slots, start or within, entries], and one of nothing
    private readonly int[] _slots = new int[JpegUnits.LargestUnit]; // of a unit's blocks
    private readonly JpegBlockLane _first = new();
    private readonly JpegBlockLane _second = new();
    private int _planned;
    private int _blocksOfUnit;

    /// <summary>Makes a finder.</summary>
    public JpegBlockFinder() => _tables.AsSpan(6 * JpegLeapTable.Length).Fill(JpegLeapTable.Nothing);

    /// <summary>Takes a scan's tables.</summary>
    /// <param name="unit">The component of the scan that each block of a unit belongs to.</param>
    /// <param name="dc">DC tables of the scan's components.</param>
    /// <param name="ac">Their AC tables.</param>
    public void Begin(ReadOnlySpan<int> unit, ReadOnlySpan<JpegHuffmanTable> dc, ReadOnlySpan<JpegHuffmanTable> ac)
    {
        Span<int> slots = stackalloc int[dc.Length];
        for (int c = 0; c < dc.Length; c++)
        {
            slots[c] = c;
            for (int other = 0; other < c && slots[c] == c; other++)
            {
                slots[c] = dc[other] == dc[c] && ac[other] == ac[c] ? other : c;
            }

            if (slots[c] == c && (_made[2 * c] != dc[c] || _made[(2 * c) + 1] != ac[c]))
            {
                JpegLeapTable.Fill(dc[c], ac[c], _tables.AsSpan(2 * c * JpegLeapTable.Length, 2 * JpegLeapTable.Length));
                (_made[2 * c], _made[(2 * c) + 1]) = (dc[c], ac[c]);
            }
        }

        bool isSame = _blocksOfUnit == unit.Length;
        for (int b = 0; b < unit.Length; b++)
        {
            isSame &= _slots[b] == slots[unit[b]];
            _slots[b] = slots[unit[b]];
        }

        (_blocksOfUnit, _planned) = (unit.Length, isSame ? _planned : 0);
    }

    /// <summary>Finds the blocks of a restart interval.</summary>
    /// <param name="bytes">The data and <see cref="JpegBits.Slack"/>.</param>
    /// <param name="start">The interval's first byte.</param>
    /// <param name="end">After its last.</param>
    /// <param name="count">How many blocks it has.</param>
    /// <param name="places">Receives [count]: the bit of <paramref name="bytes"/> where each one begins.</param>
    /// <returns>False where the data are corrupt or end early.</returns>
    public bool TryFind(ReadOnlySpan<byte> bytes, int start, int end, int count, Span<int> places)
    {
        Plan(count);
        int middle = 4 * (start + end), last = 8 * end;
        _first.Begin(8 * start);
        if (end - start >= LeastBytes)
        {
            _second.Begin(middle);
            GoBoth(bytes, middle, last, count);
            for (int step = (last - middle) / Reach; _first.Place < last && !_first.IsBroken; step *= 2)
            {
                if (_first.TryMeet(_second, middle, _blocksOfUnit, count, out int own, out int other))
                {
                    Copy(_first, 0, places[..own]);
                    Copy(_second, other, places[own..]);
                    return _second.Blocks[other + count - own].Place <= last;
                }

                if (_first.Block == count)
                {
                    break;
                }

                Go(_first, bytes, (int)Math.Min(last, (long)_first.Place + step), count);
            }
        }

        Go(_first, bytes, last, count);
        Copy(_first, 0, places);
        return _first.Block == count && _first.Place <= last;
    }

    private static void Copy(JpegBlockLane lane, int first, Span<int> places)
    {
        ReadOnlySpan<JpegBlock> blocks = lane.Blocks.AsSpan(first, places.Length);
        for (int b = 0; b < places.Length; b++)
        {
            places[b] = blocks[b].Place;
        }
    }

    /// <summary>Both places until the first one is in the middle and the second one at the end.</summary>
    private void GoBoth(ReadOnlySpan<byte> bytes, int middle, int last, int count)
    {
        while (_first.Place < middle && _second.Place < last && !_first.IsAtEnd(count) && !_second.IsAtEnd(count))
        {
            Leap(bytes, _tables, _first, middle, _second, last);
            Step(_first, bytes, count);
            Step(_second, bytes, count);
            if (_second.IsBroken && _second.Place < last - LargestPadding)
            {
                _second.BeginAgain(_blocksOfUnit, count);
            }
        }

        Go(_first, bytes, middle, count);
        Go(_second, bytes, last, count);
    }

    /// <summary>One place until a bit, or the end.</summary>
    private void Go(JpegBlockLane lane, ReadOnlySpan<byte> bytes, int end, int count)
    {
        while (lane.Place < end && !lane.IsAtEnd(count))
        {
            Leap(bytes, _tables, lane, end);
            Step(lane, bytes, count);
        }
    }

    /// <summary>
    /// From the start of each block to the next one's; the units follow each other all alike, and after the last one is nothing.
    /// </summary>
    private void Plan(int count)
    {
        if (_planned == count)
        {
            return;
        }

        foreach (JpegBlockLane lane in (ReadOnlySpan<JpegBlockLane>)[_first, _second])
        {
            lane.Reserve(count);
            for (int b = 0; b < count; b++)
            {
                int own = 2 * _slots[b % _blocksOfUnit] * JpegLeapTable.Length;
                int next = b + 1 < count ? 2 * _slots[(b + 1) % _blocksOfUnit] * JpegLeapTable.Length : 6 * JpegLeapTable.Length;
                (lane.Blocks[b].Within, lane.Blocks[b].Change) =
                    ((ushort)(own + JpegLeapTable.Length), (ushort)(next ^ (own + JpegLeapTable.Length)));
            }
        }

        _planned = count;
    }

    /// <summary>Both places go on until one of them is at its end or before a code that the tables do not hold.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Leap(
        ReadOnlySpan<byte> allBytes, short[] allTables, JpegBlockLane first, int firstEnd, JpegBlockLane second, int secondEnd)
    {
        ref byte bytes = ref MemoryMarshal.GetReference(allBytes);
        ref short tables = ref MemoryMarshal.GetArrayDataReference(allTables);
        ref JpegBlock block = ref first.Blocks[first.Block], block2 = ref second.Blocks[second.Block];
        ulong place = (ulong)first.Place, place2 = (ulong)second.Place;
        long k = first.K, k2 = second.K, table = first.Table, table2 = second.Table;
        while ((int)place < firstEnd && (int)place2 < secondEnd)
        {
            // One after the other, three look-ups each: the processor has both in hand.
            ulong bits = Bits(ref bytes, place);
            if (!TryLook(ref tables, bits, table, k, out long entry, out long sum))
            {
                break;
            }

            block = ref Take(ref block, entry, sum, ref bits, ref place, ref table, ref k);
            if (!TryLook(ref tables, bits, table, k, out entry, out sum))
            {
                break;
            }

            block = ref Take(ref block, entry, sum, ref bits, ref place, ref table, ref k);
            if (!TryLook(ref tables, bits, table, k, out entry, out sum))
            {
                break;
            }

            block = ref Take(ref block, entry, sum, ref bits, ref place, ref table, ref k);

            bits = Bits(ref bytes, place2);
            if (!TryLook(ref tables, bits, table2, k2, out entry, out sum))
            {
                break;
            }

            block2 = ref Take(ref block2, entry, sum, ref bits, ref place2, ref table2, ref k2);
            if (!TryLook(ref tables, bits, table2, k2, out entry, out sum))
            {
                break;
            }

            block2 = ref Take(ref block2, entry, sum, ref bits, ref place2, ref table2, ref k2);
            if (!TryLook(ref tables, bits, table2, k2, out entry, out sum))
            {
                break;
            }

            block2 = ref Take(ref block2, entry, sum, ref bits, ref place2, ref table2, ref k2);
        }

        first.Set(ref block, (int)place, (int)table, (int)k);
        second.Set(ref block2, (int)place2, (int)table2, (int)k2);
    }

    /// <summary>As above, one of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Leap(ReadOnlySpan<byte> allBytes, short[] allTables, JpegBlockLane lane, int end)
    {
        ref byte bytes = ref MemoryMarshal.GetReference(allBytes);
        ref short tables = ref MemoryMarshal.GetArrayDataReference(allTables);
        ref JpegBlock block = ref lane.Blocks[lane.Block];
        ulong place = (ulong)lane.Place;
        long k = lane.K, table = lane.Table;
        while ((int)place < end)
        {
            ulong bits = Bits(ref bytes, place);
            if (!TryLook(ref tables, bits, table, k, out long entry, out long sum))
            {
                break;
            }

            block = ref Take(ref block, entry, sum, ref bits, ref place, ref table, ref k);
            if (!TryLook(ref tables, bits, table, k, out entry, out sum))
            {
                break;
            }

            block = ref Take(ref block, entry, sum, ref bits, ref place, ref table, ref k);
            if (!TryLook(ref tables, bits, table, k, out entry, out sum))
            {
                break;
            }

            block = ref Take(ref block, entry, sum, ref bits, ref place, ref table, ref k);
        }

        lane.Set(ref block, (int)place, (int)table, (int)k);
    }

    /// <summary>The next 57 bits at least, the first one uppermost.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Bits(ref byte bytes, ulong place)
    {
        ulong bits = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref bytes, (nuint)(place >> 3)));
        return (BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(bits) : bits) << (int)(place & 7);
    }

    /// <summary>What the tables say of the next bits.</summary>
    /// <returns>False where they do not hold the code, or the block may end without one for its end.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryLook(ref short tables, ulong bits, long table, long k, out long entry, out long sum)
    {
        entry = Unsafe.Add(ref tables, (nint)(table + (long)(bits >> (64 - JpegLeapTable.IndexBits))));
        sum = k + (entry >> JpegLeapTable.AdvanceShift);
        return (sum & JpegLeapTable.Fault) == 0;
    }

    /// <summary>Goes on by what <see cref="TryLook"/> has found.</summary>
    /// <returns>The block that it is in then.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref JpegBlock Take(
        ref JpegBlock block, long entry, long sum, scoped ref ulong bits, scoped ref ulong place, scoped ref long table, scoped ref long k)
    {
        bits <<= (int)entry; // by its low six bits
        place += (ulong)entry & JpegLeapTable.ConsumedMask;
        long ends = sum >> 63; // -1 at the block's end, 0 within
        k = sum & ~ends;
        table = block.Within ^ (block.Change & ends);
        Unsafe.Add(ref block, 1).Place = (int)place;
        return ref Unsafe.Add(ref block, (nint)((ulong)sum >> 63));
    }

    /// <summary>One code, as it stands in the Huffman tables.</summary>
    private void Step(JpegBlockLane lane, ReadOnlySpan<byte> bytes, int count)
    {
        if (lane.IsAtEnd(count))
        {
            return;
        }

        (int slot, int within) = Math.DivRem(lane.Table, 2 * JpegLeapTable.Length);
        ulong bits = Bits(ref MemoryMarshal.GetReference(bytes), (ulong)lane.Place);
        int length = _made[(2 * slot) + (within == 0 ? 0 : 1)]!.Read(bits, out int symbol), place = lane.Place + length + (symbol & 15);
        if (length == 0)
        {
            lane.Break();
            return;
        }

        if (within == 0)
        {
            lane.Set(lane.Block, place, lane.Table + JpegLeapTable.Length, 1);
            return;
        }

        int advance = (int)JpegHuffmanTable.Advance(symbol), k = lane.K + advance;
        if (k > 64 && advance != JpegHuffmanTable.EndAdvance)
        {
            lane.Break();
        }
        else if (k < 64)
        {
            lane.Set(lane.Block, place, lane.Table, k);
        }
        else
        {
            lane.Blocks[lane.Block + 1].Place = place;
            lane.Set(lane.Block + 1, place, lane.Blocks[lane.Block].Next, 0);
        }
    }
}

using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CrossModalVae.Faces.Jpeg;

/// <summary>
/// Finds the start of each block of a sequential scan by skipping its codes: a chain of table look-ups, each of several codes, without
/// data-dependent branches; at a block's end the next table, place and block change by masks. As each look-up depends on the previous one,
/// two positions of the data are read in turn. The second one starts anywhere: Huffman codes synchronise by themselves, so it soon finds
/// true blocks, and from where the first one meets it (the same bit, the same block of an MCU) all that it found is true (Klein and
/// Wiseman, "Parallel Huffman decoding with applications to JPEG files", The Computer Journal 46, 2003). Building the tables pays off for
/// Huffman tables that occur again.
/// </summary>
internal sealed class JpegBlockFinder
{
    /// <summary>The longest data whose bits can be counted.</summary>
    public const int MaxBytes = int.MaxValue / 8;

    // Shorter data are read from one position.
    private const int MinBytes = 1024;

    // The two positions nearly always meet within a few hundredths of the data.
    private const int StepsPerHalf = 32;

    // A position that breaks in the last few bits is not restarted.
    private const int EndBits = 64;

    private readonly JpegHuffmanTable?[] _made = new JpegHuffmanTable?[6]; // [slots, dc and ac]
    private readonly short[] _tables = new short[7 * JpegSkipTable.Length]; // [slots, start or within, entries], and one without codes
    private readonly int[] _slots = new int[JpegMcuGrid.MaxBlocks]; // of an MCU's blocks
    private readonly JpegBlockCursor _first = new();
    private readonly JpegBlockCursor _second = new();
    private int _planned;
    private int _blocksPerMcu;

    public JpegBlockFinder() => _tables.AsSpan(6 * JpegSkipTable.Length).Fill(JpegSkipTable.NoCode);

    /// <summary>Starts a scan: the component of each block of an MCU, and the Huffman tables of each component.</summary>
    public void Begin(ReadOnlySpan<int> mcu, ReadOnlySpan<JpegHuffmanTable> dc, ReadOnlySpan<JpegHuffmanTable> ac)
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
                JpegSkipTable.Fill(dc[c], ac[c], _tables.AsSpan(2 * c * JpegSkipTable.Length, 2 * JpegSkipTable.Length));
                (_made[2 * c], _made[(2 * c) + 1]) = (dc[c], ac[c]);
            }
        }

        bool isSame = _blocksPerMcu == mcu.Length;
        for (int b = 0; b < mcu.Length; b++)
        {
            isSame &= _slots[b] == slots[mcu[b]];
            _slots[b] = slots[mcu[b]];
        }

        (_blocksPerMcu, _planned) = (mcu.Length, isSame ? _planned : 0);
    }

    /// <summary>
    /// Finds the bits where the <paramref name="count"/> blocks of a restart interval begin; the bytes go on for
    /// <see cref="JpegBits.Padding"/> after the end. False where the data are corrupt or end early.
    /// </summary>
    public bool TryFind(ReadOnlySpan<byte> bytes, int start, int end, int count, Span<int> places)
    {
        Plan(count);
        int middle = 4 * (start + end), last = 8 * end;
        _first.Start(8 * start);
        if (end - start >= MinBytes)
        {
            _second.Start(middle);
            AdvanceBoth(bytes, middle, last, count);
            for (int step = (last - middle) / StepsPerHalf; _first.Place < last && !_first.IsBroken; step *= 2)
            {
                if (_first.TryMeet(_second, middle, _blocksPerMcu, count, out int own, out int other))
                {
                    Copy(_first, 0, places[..own]);
                    Copy(_second, other, places[own..]);
                    return _second.Blocks[other + count - own].Place <= last;
                }

                if (_first.Block == count)
                {
                    break;
                }

                Advance(_first, bytes, (int)Math.Min(last, (long)_first.Place + step), count);
            }
        }

        Advance(_first, bytes, last, count);
        Copy(_first, 0, places);
        return _first.Block == count && _first.Place <= last;
    }

    private static void Copy(JpegBlockCursor cursor, int first, Span<int> places)
    {
        ReadOnlySpan<JpegBlock> blocks = cursor.Blocks.AsSpan(first, places.Length);
        for (int b = 0; b < places.Length; b++)
        {
            places[b] = blocks[b].Place;
        }
    }

    /// <summary>Advances both until the first one is in the middle and the second one at the end.</summary>
    private void AdvanceBoth(ReadOnlySpan<byte> bytes, int middle, int last, int count)
    {
        while (_first.Place < middle && _second.Place < last && !_first.IsAtEnd(count) && !_second.IsAtEnd(count))
        {
            Skip(bytes, _tables, _first, middle, _second, last);
            Step(_first, bytes, count);
            Step(_second, bytes, count);
            if (_second.IsBroken && _second.Place < last - EndBits)
            {
                _second.Restart(_blocksPerMcu, count);
            }
        }

        Advance(_first, bytes, middle, count);
        Advance(_second, bytes, last, count);
    }

    /// <summary>Advances one to a bit, or the end.</summary>
    private void Advance(JpegBlockCursor cursor, ReadOnlySpan<byte> bytes, int end, int count)
    {
        while (cursor.Place < end && !cursor.IsAtEnd(count))
        {
            Skip(bytes, _tables, cursor, end);
            Step(cursor, bytes, count);
        }
    }

    /// <summary>Prepares the tables from each block to the next; all MCUs are alike, and after the last one there is no code.</summary>
    private void Plan(int count)
    {
        if (_planned == count)
        {
            return;
        }

        foreach (JpegBlockCursor cursor in (ReadOnlySpan<JpegBlockCursor>)[_first, _second])
        {
            cursor.Reserve(count);
            for (int b = 0; b < count; b++)
            {
                int own = 2 * _slots[b % _blocksPerMcu] * JpegSkipTable.Length;
                int next = b + 1 < count ? 2 * _slots[(b + 1) % _blocksPerMcu] * JpegSkipTable.Length : 6 * JpegSkipTable.Length;
                (cursor.Blocks[b].Within, cursor.Blocks[b].Change) =
                    ((ushort)(own + JpegSkipTable.Length), (ushort)(next ^ (own + JpegSkipTable.Length)));
            }
        }

        _planned = count;
    }

    /// <summary>Advances both until one is at its end or before a code that is not in the tables.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Skip(
        ReadOnlySpan<byte> allBytes, short[] allTables, JpegBlockCursor first, int firstEnd, JpegBlockCursor second, int secondEnd)
    {
        ref byte bytes = ref MemoryMarshal.GetReference(allBytes);
        ref short tables = ref MemoryMarshal.GetArrayDataReference(allTables);
        ref JpegBlock block = ref first.Blocks[first.Block], block2 = ref second.Blocks[second.Block];
        ulong place = (ulong)first.Place, place2 = (ulong)second.Place;
        long k = first.K, k2 = second.K, table = first.Table, table2 = second.Table;
        while ((int)place < firstEnd && (int)place2 < secondEnd)
        {
            // Three look-ups each, in turn: the processor overlaps the two.
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

    /// <summary>As above, for one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Skip(ReadOnlySpan<byte> allBytes, short[] allTables, JpegBlockCursor cursor, int end)
    {
        ref byte bytes = ref MemoryMarshal.GetReference(allBytes);
        ref short tables = ref MemoryMarshal.GetArrayDataReference(allTables);
        ref JpegBlock block = ref cursor.Blocks[cursor.Block];
        ulong place = (ulong)cursor.Place;
        long k = cursor.K, table = cursor.Table;
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

        cursor.Set(ref block, (int)place, (int)table, (int)k);
    }

    /// <summary>At least the next 57 bits, most significant first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Bits(ref byte bytes, ulong place)
    {
        ulong bits = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref bytes, (nuint)(place >> 3)));
        return (BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(bits) : bits) << (int)(place & 7);
    }

    /// <summary>Looks the next bits up; false where the code is not in the tables, or the block may end without the end code.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryLook(ref short tables, ulong bits, long table, long k, out long entry, out long sum)
    {
        entry = Unsafe.Add(ref tables, (nint)(table + (long)(bits >> (64 - JpegSkipTable.IndexBits))));
        sum = k + (entry >> JpegSkipTable.AdvanceShift);
        return (sum & JpegSkipTable.Fault) == 0;
    }

    /// <summary>Advances by the entry that <see cref="TryLook"/> has found; returns the block that is current then.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref JpegBlock Take(
        ref JpegBlock block, long entry, long sum, scoped ref ulong bits, scoped ref ulong place, scoped ref long table, scoped ref long k)
    {
        bits <<= (int)entry; // by its low six bits
        place += (ulong)entry & JpegSkipTable.ConsumedMask;
        long ends = sum >> 63; // -1 at the block's end, else 0
        k = sum & ~ends;
        table = block.Within ^ (block.Change & ends);
        Unsafe.Add(ref block, 1).Place = (int)place;
        return ref Unsafe.Add(ref block, (nint)((ulong)sum >> 63));
    }

    /// <summary>Advances by one code of the Huffman tables.</summary>
    private void Step(JpegBlockCursor cursor, ReadOnlySpan<byte> bytes, int count)
    {
        if (cursor.IsAtEnd(count))
        {
            return;
        }

        (int slot, int within) = Math.DivRem(cursor.Table, 2 * JpegSkipTable.Length);
        ulong bits = Bits(ref MemoryMarshal.GetReference(bytes), (ulong)cursor.Place);
        int length = _made[(2 * slot) + (within == 0 ? 0 : 1)]!.Read(bits, out int symbol), place = cursor.Place + length + (symbol & 15);
        if (length == 0)
        {
            cursor.Break();
            return;
        }

        if (within == 0)
        {
            cursor.Set(cursor.Block, place, cursor.Table + JpegSkipTable.Length, 1);
            return;
        }

        int advance = (int)JpegHuffmanTable.Advance(symbol), k = cursor.K + advance;
        if (k > 64 && advance != JpegHuffmanTable.EndAdvance)
        {
            cursor.Break();
        }
        else if (k < 64)
        {
            cursor.Set(cursor.Block, place, cursor.Table, k);
        }
        else
        {
            cursor.Blocks[cursor.Block + 1].Place = place;
            cursor.Set(cursor.Block + 1, place, cursor.Blocks[cursor.Block].Next, 0);
        }
    }
}

using System.Numerics;
using CrossModalVae.Embeddings;

namespace CrossModalVae.Retrieval;

/// <summary>The rows of a gallery that are searched: one bit a row.</summary>
public sealed class RowMask
{
    private readonly ulong[] _words;

    private RowMask(int count)
    {
        Count = count;
        _words = new ulong[(count + 63) / 64];
    }

    /// <summary>N, the rows of the gallery.</summary>
    public int Count { get; }

    /// <summary>How many of them take part.</summary>
    public int AllowedCount { get; private set; }

    /// <summary>Whether a row passes.</summary>
    /// <param name="row">Zero-based row.</param>
    public bool this[int row]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(row);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Count);
            return (_words[row / 64] >> (row % 64) & 1) != 0;
        }
    }

    /// <summary>The rows whose description satisfies a condition; O(N).</summary>
    /// <param name="rows">The gallery's rows.</param>
    /// <param name="condition">Which rows take part.</param>
    public static RowMask Where(IReadOnlyList<EmbeddingRow> rows, Func<EmbeddingRow, bool> condition)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(condition);
        return Where(rows.Count, row => condition(rows[row]));
    }

    /// <summary>The rows whose number satisfies a condition; O(N).</summary>
    /// <param name="count">N, at least 0.</param>
    /// <param name="condition">Called once for each row, from 0 on.</param>
    public static RowMask Where(int count, Func<int, bool> condition)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentNullException.ThrowIfNull(condition);
        var mask = new RowMask(count);
        for (int row = 0; row < count; row++)
        {
            if (condition(row))
            {
                mask._words[row / 64] |= 1UL << (row % 64);
                mask.AllowedCount++;
            }
        }

        return mask;
    }

    /// <summary>The bits of 16 rows from a multiple of 16 on; none beyond the end.</summary>
    internal uint Sixteen(int first) => (uint)(_words[first / 64] >> (first % 64)) & 0xFFFF;

    /// <summary>The rows of a range that take part, in order.</summary>
    internal int Gather(int first, int end, Span<int> rows)
    {
        int count = 0;
        for (int word = first / 64; word * 64 < end; word++)
        {
            for (ulong bits = _words[word]; bits != 0; bits &= bits - 1)
            {
                int row = (word * 64) + BitOperations.TrailingZeroCount(bits);
                if (row >= first && row < end)
                {
                    rows[count++] = row;
                }
            }
        }

        return count;
    }
}

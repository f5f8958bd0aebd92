namespace CrossModalVae.Embeddings;

/// <summary>Embeddings of clips: a row-major matrix and what each row stands for.</summary>
public sealed class EmbeddingSet
{
    /// <summary>Stores the matrix and its rows; nothing is copied.</summary>
    /// <param name="values">[N, dimension] row-major.</param>
    /// <param name="dimension">Values of one row, above 0.</param>
    /// <param name="rows">N rows.</param>
    /// <exception cref="ArgumentException">The sizes do not fit each other.</exception>
    public EmbeddingSet(float[] values, int dimension, IReadOnlyList<EmbeddingRow> rows)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        if (values.Length != (long)dimension * rows.Count)
        {
            throw new ArgumentException(
                $"'values' has {values.Length} numbers; must have {rows.Count} rows x {dimension} = {(long)dimension * rows.Count}.", nameof(values));
        }

        Values = values;
        Dimension = dimension;
        Rows = rows;
    }

    /// <summary>[N, Dimension] row-major.</summary>
    public float[] Values { get; }

    /// <summary>Values of one row.</summary>
    public int Dimension { get; }

    /// <summary>What each row stands for.</summary>
    public IReadOnlyList<EmbeddingRow> Rows { get; }

    /// <summary>N.</summary>
    public int Count => Rows.Count;

    /// <summary>One row, [Dimension].</summary>
    /// <param name="index">Zero-based row.</param>
    public ReadOnlySpan<float> this[int index] => Values.AsSpan(index * Dimension, Dimension);

    /// <summary>The rows that satisfy a condition, in the same order; values are copied.</summary>
    /// <param name="condition">Which rows to keep.</param>
    public EmbeddingSet Where(Func<EmbeddingRow, bool> condition)
    {
        int[] keep = [.. Enumerable.Range(0, Count).Where(i => condition(Rows[i]))];
        var values = new float[keep.Length * Dimension];
        for (int r = 0; r < keep.Length; r++)
        {
            this[keep[r]].CopyTo(values.AsSpan(r * Dimension));
        }

        return new EmbeddingSet(values, Dimension, [.. keep.Select(i => Rows[i])]);
    }
}

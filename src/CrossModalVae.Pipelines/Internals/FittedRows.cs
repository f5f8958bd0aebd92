namespace CrossModalVae.Pipelines.Internals;

/// <summary>The rows a step was fitted on, and which of them a row equals, number for number: 0 and -0 are equal.</summary>
internal sealed class FittedRows
{
    private readonly Dictionary<int, List<int>> _rowsByHash = [];

    public FittedRows(float[] values, int dimension)
    {
        Values = values;
        Dimension = dimension;
        for (int i = 0; i < Count; i++)
        {
            int hash = Hash(this[i]);
            if (!_rowsByHash.TryGetValue(hash, out List<int>? rows))
            {
                _rowsByHash.Add(hash, rows = []);
            }

            rows.Add(i);
        }
    }

    /// <summary>[Count, Dimension].</summary>
    public float[] Values { get; }

    public int Dimension { get; }

    public int Count => Values.Length / Dimension;

    public ReadOnlySpan<float> this[int row] => Values.AsSpan(row * Dimension, Dimension);

    /// <summary>Reads a vector column, rows with a missing value left out.</summary>
    public static FittedRows Read(IDataView input, DataViewSchema.Column column, CancellationToken cancellationToken)
    {
        int dimension = ((VectorDataViewType)column.Type).Size;
        var values = new List<float>(); // [N, dimension]
        using DataViewRowCursor cursor = input.GetRowCursor([column]);
        ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(column);
        VBuffer<float> buffer = default;
        var row = new float[dimension];
        while (cursor.MoveNext())
        {
            cancellationToken.ThrowIfCancellationRequested();
            getter(ref buffer);
            buffer.CopyTo(row);
            if (!JointPosterior.IsMissing(row))
            {
                values.AddRange(row);
            }
        }

        return new FittedRows([.. values], dimension);
    }

    /// <summary>The first fitted row that a row equals, or null.</summary>
    public int? Find(ReadOnlySpan<float> row)
    {
        if (_rowsByHash.TryGetValue(Hash(row), out List<int>? rows))
        {
            foreach (int i in rows)
            {
                if (row.SequenceEqual(this[i]))
                {
                    return i;
                }
            }
        }

        return null;
    }

    private static int Hash(ReadOnlySpan<float> row)
    {
        HashCode hash = default;
        foreach (float value in row)
        {
            hash.Add(value); // not its bits: those of 0 and -0 differ
        }

        return hash.ToHashCode();
    }
}

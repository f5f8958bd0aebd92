namespace CrossModalVae.Pipelines.Internals;

/// <summary>The rows a step was fitted on, and which of them a row equals, number for number: 0 and -0 are equal.</summary>
internal sealed class FittedRows
{
    private readonly ILookup<int, int> _rowsByHash;

    public FittedRows(float[] values, int dimension)
    {
        Values = values;
        Dimension = dimension;
        _rowsByHash = Enumerable.Range(0, Count).ToLookup(row => Hash(this[row]));
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
        foreach (int i in _rowsByHash[Hash(row)])
        {
            if (row.SequenceEqual(this[i]))
            {
                return i;
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

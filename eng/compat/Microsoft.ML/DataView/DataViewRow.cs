using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>A row and the getters of its active columns.</summary>
public abstract class DataViewRow : IDisposable
{
    /// <summary>Counts rows from 0; -1 before the first and after the last.</summary>
    public abstract long Position { get; }

    public abstract long Batch { get; }

    public abstract DataViewSchema Schema { get; }

    public abstract ValueGetter<DataViewRowId> GetIdGetter();

    public abstract bool IsColumnActive(DataViewSchema.Column column);

    public abstract ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}

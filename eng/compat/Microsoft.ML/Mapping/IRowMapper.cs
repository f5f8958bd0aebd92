namespace Microsoft.ML.Data;

/// <summary>Computes the columns that a transformer adds, once bound to an input schema.</summary>
internal interface IRowMapper
{
    DataViewSchema.DetachedColumn[] AddedColumns { get; }

    /// <summary>The indices of the input columns that the active ones of the added columns need.</summary>
    IEnumerable<int> Needs(bool[] activeAdded);

    /// <summary>A getter per added column, null where inactive; <paramref name="disposer"/> may be null.</summary>
    Delegate[] CreateGetters(DataViewRow input, bool[] activeAdded, out Action disposer);
}

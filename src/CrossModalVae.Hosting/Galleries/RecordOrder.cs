using CrossModalVae.Embeddings;
using OrderBy = Microsoft.Extensions.VectorData.FilteredRecordRetrievalOptions<CrossModalVae.Hosting.GalleryRecord>.OrderByDefinition;

namespace CrossModalVae.Hosting.Galleries;

/// <summary>The order of records by their fields: texts by their code units, what is missing first.</summary>
internal static class RecordOrder
{
    /// <exception cref="NotSupportedException">A key of the order is no field.</exception>
    public static IEnumerable<int> Apply(
        IEnumerable<int> found,
        IReadOnlyList<EmbeddingRow> rows,
        Func<OrderBy, OrderBy>? orderBy)
    {
        if (orderBy is null)
        {
            return found;
        }

        IOrderedEnumerable<int> ordered = found.OrderBy(_ => 0); // stable: the gallery's order among equals
        foreach (OrderBy.SortInfo sort in orderBy(new OrderBy()).Values)
        {
            Func<EmbeddingRow, object?> field = RecordFilter.Field(sort.PropertySelector.Body, sort.PropertySelector.Parameters[0])
                ?? throw UserError.Mark(new NotSupportedException(
                    $"The order has '{sort.PropertySelector.Body}'; must be a field of {nameof(GalleryRecord)} other than its vector."));
            ordered = sort.Ascending
                ? ordered.ThenBy(row => field(rows[row]), Fields.Comparer)
                : ordered.ThenByDescending(row => field(rows[row]), Fields.Comparer);
        }

        return ordered;
    }

    private sealed class Fields : IComparer<object?>
    {
        public static Fields Comparer { get; } = new();

        public int Compare(object? x, object? y) => x is string one && y is string other
            ? string.CompareOrdinal(one, other)
            : System.Collections.Comparer.DefaultInvariant.Compare(x, y);
    }
}

using CrossModalVae.Embeddings;

namespace CrossModalVae.Retrieval.Search;

/// <summary>The parts of queries that a metric compares, each a matrix in single precision.</summary>
internal sealed class QueryRows
{
    private readonly float[][] _parts; // each [Q, D of the part]
    private readonly int[] _dimensions;

    private QueryRows(RankingMetric metric, int count, float[][] parts, int[] dimensions)
    {
        Count = count;
        _parts = parts;
        _dimensions = dimensions;
        for (int part = 0; part < parts.Length; part++)
        {
            int index = Array.FindIndex(parts[part], value => !float.IsFinite(value));
            if (index >= 0)
            {
                string number = parts[part][index].ToString(CultureInfo.InvariantCulture);
                string of = count == 1 ? "" : $" in row {index / dimensions[part]}";
                throw UserError.Mark(new ArgumentException(
                    $"'query' has {number}{of} as {RowParts.NameOf(metric, part)} {index % dimensions[part]}; must be finite."));
            }

            Largest = Math.Max(Largest, parts[part].Length == 0 ? 0 : parts[part].Max(Math.Abs));
        }
    }

    /// <summary>Q.</summary>
    public int Count { get; }

    /// <summary>The largest magnitude of any number.</summary>
    public float Largest { get; }

    /// <summary>A part of a query.</summary>
    public ReadOnlySpan<float> Part(int part, int query) => _parts[part].AsSpan(query * _dimensions[part], _dimensions[part]);

    /// <summary>A query of which only the mean is known.</summary>
    public static QueryRows From(ReadOnlySpan<float> mean, RankingMetric metric, int[] dimensions)
    {
        RequireDimension("values", mean.Length, dimensions[0]);
        return dimensions.Length == 1
            ? new QueryRows(metric, 1, [mean.ToArray()], dimensions)
            : throw Lacking(metric, "the query is");
    }

    /// <summary>Queries of which only the means are known, [Q, D].</summary>
    public static QueryRows From(ReadOnlyMemory<float> means, RankingMetric metric, int[] dimensions)
    {
        if (means.Length % dimensions[0] != 0)
        {
            throw new ArgumentException(
                $"'queries' has {means.Length} values; must be a multiple of {dimensions[0]}, as the gallery's rows have.");
        }

        return dimensions.Length == 1
            ? new QueryRows(metric, means.Length / dimensions[0], [means.ToArray()], dimensions)
            : throw Lacking(metric, "the queries are");
    }

    /// <summary>Rows of an embedding set as queries to a gallery whose parts have some dimensions.</summary>
    public static QueryRows From(EmbeddingSet queries, int first, int count, RankingMetric metric, int[] dimensions)
    {
        RequireDimension("values", queries.Dimension, dimensions[0]);
        RowParts parts = RowParts.Of(queries, metric) ?? throw Lacking(metric, "the queries are");
        for (int part = 1; part < dimensions.Length; part++)
        {
            RequireDimension(
                part == 1 && metric == RankingMetric.MsVae ? "reconstructed features" : "standard deviations",
                parts.Dimensions[part],
                dimensions[part]);
        }

        return new QueryRows(
            metric,
            count,
            [.. parts.Values.Select((values, part) => values[(first * dimensions[part])..((first + count) * dimensions[part])])],
            dimensions);
    }

    private static void RequireDimension(string what, int found, int expected)
    {
        if (found != expected)
        {
            throw UserError.Mark(new ArgumentException($"'query' has {found} {what}; the gallery's rows have {expected}."));
        }
    }

    private static ArgumentException Lacking(RankingMetric metric, string whatIs) => new(
        $"The metric {EnumText.Of(metric)} needs {RowParts.NeedOf(metric)}; {whatIs} without.");
}

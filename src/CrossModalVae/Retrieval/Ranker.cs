using System.Numerics.Tensors;
using CrossModalVae.Clustering;
using CrossModalVae.Embeddings;

namespace CrossModalVae.Retrieval;

/// <summary>Ranks a gallery by nearness to a query, exactly. Equal scores are ordered by row, so a ranking is always the same.</summary>
public sealed class Ranker
{
    private readonly EmbeddingSet _gallery;
    private readonly PointSet _points;
    private readonly DistanceMetric _metric;

    /// <summary>Prepares a gallery; O(N D) once.</summary>
    /// <param name="gallery">The rows to rank, all finite.</param>
    /// <param name="metric">What nearness means.</param>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    public Ranker(EmbeddingSet gallery, DistanceMetric metric)
    {
        ArgumentNullException.ThrowIfNull(gallery);
        _gallery = gallery;
        _metric = metric;
        Dbscan.Check(gallery.Values, gallery.Count, gallery.Dimension);
        _points = new PointSet(gallery.Values, gallery.Count, gallery.Dimension, metric);
    }

    /// <summary>The number of rows in the gallery.</summary>
    public int Count => _gallery.Count;

    /// <summary>The score of every row of the gallery; O(N D).</summary>
    /// <param name="query">[D].</param>
    /// <param name="scores">[N] receives the similarities, higher is nearer.</param>
    /// <exception cref="ArgumentException">The query or the scores have another length.</exception>
    public void Score(ReadOnlySpan<float> query, Span<float> scores)
    {
        if (query.Length != _gallery.Dimension)
        {
            throw new ArgumentException($"'query' has {query.Length} values; the gallery's rows have {_gallery.Dimension}.", nameof(query));
        }

        if (scores.Length != Count)
        {
            throw new ArgumentException($"'scores' has room for {scores.Length}; the gallery has {Count} rows.", nameof(scores));
        }

        float[] prepared = _points.Prepare(query);
        for (int i = 0; i < scores.Length; i++)
        {
            scores[i] = _metric == DistanceMetric.Cosine
                ? TensorPrimitives.Dot(prepared, _points[i])
                : -TensorPrimitives.Distance(prepared, _points[i]);
        }
    }

    /// <summary>The nearest rows of the gallery, nearest first.</summary>
    /// <param name="query">[D].</param>
    /// <param name="count">How many to list, at least 1; fewer where the gallery is smaller.</param>
    public IReadOnlyList<RankedMatch> Rank(ReadOnlySpan<float> query, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var scores = new float[Count];
        Score(query, scores);
        int[] order = [.. Enumerable.Range(0, Count).OrderByDescending(i => scores[i]).Take(count)];
        return [.. order.Select((row, i) => new RankedMatch(i + 1, _gallery.Rows[row].Identity, _gallery.Rows[row].Clip, scores[row]))];
    }

    /// <summary>The nearest identities, each by its nearest row; the match names that row.</summary>
    /// <param name="query">[D].</param>
    /// <param name="count">How many identities to list, at least 1.</param>
    public IReadOnlyList<RankedMatch> RankIdentities(ReadOnlySpan<float> query, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return [.. Rank(query, Count).DistinctBy(match => match.Identity).Take(count).Select((match, i) => match with { Rank = i + 1 })];
    }
}

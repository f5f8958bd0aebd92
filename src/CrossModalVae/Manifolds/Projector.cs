using CrossModalVae.Embeddings;
using CrossModalVae.Metrics;
using CrossModalVae.Projection;

namespace CrossModalVae.Manifolds;

/// <summary>Projects embeddings of several modalities together into one plane.</summary>
public static class Projector
{
    private const int TrustworthinessSample = 1_000;

    /// <summary>By t-SNE.</summary>
    /// <param name="embeddings">All rows go into one matrix, whatever their modality.</param>
    /// <param name="options">t-SNE's options.</param>
    /// <param name="progress">Receives the steps done.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">An option is out of range, there are too few rows for the perplexity, or all of them are
    /// equal.</exception>
    public static ProjectionRecord Tsne(
        EmbeddingSet embeddings, TSneOptions options, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        TSneResult result = new TSne(options).Fit(embeddings.Values, embeddings.Count, embeddings.Dimension, progress, cancellationToken);
        return new ProjectionRecord
        {
            Method = ProjectionMethod.Tsne,
            Metric = options.Metric,
            Perplexity = options.Perplexity,
            Seed = options.Seed,
            KullbackLeiblerLoss = result.KullbackLeiblerLoss,
            TrustworthinessScore = result.TrustworthinessScore,
            Rows = Place(embeddings, Array.ConvertAll(result.Layout.ToArray(), value => (double)value), TSne.LayoutDimension),
        };
    }

    /// <summary>On the first two principal components.</summary>
    /// <param name="embeddings">All rows go into one matrix, whatever their modality; at least two.</param>
    /// <param name="metric">Cosine brings rows to length 1 first.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">There are fewer than two rows, or all of them are equal.</exception>
    public static ProjectionRecord Pca(EmbeddingSet embeddings, DistanceMetric metric, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        int dimension = embeddings.Dimension, count = Math.Min(2, dimension);
        float[] points = metric == DistanceMetric.Cosine ? Rows.ToUnitLength(embeddings.Values, dimension) : embeddings.Values;
        PrincipalComponents components = PrincipalComponents.Fit(points, embeddings.Count, dimension, count, cancellationToken);
        if (components.TotalVariance == 0)
        {
            throw UserError.Mark(new ArgumentException(
                $"All {embeddings.Count} embeddings are equal; there is nothing to lay out.", nameof(embeddings)));
        }

        double[] scores = components.Scores(points, embeddings.Count); // [N, count]
        int neighbours = Math.Min(Trustworthiness.DefaultNeighbourCount, (embeddings.Count - 1) / 2);
        return new ProjectionRecord
        {
            Method = ProjectionMethod.Pca,
            Metric = metric,
            ExplainedVarianceRatio = Math.Min(1, components.ExplainedVarianceRatio.Sum()),
            TrustworthinessScore = neighbours < 1
                ? null
                : Trustworthiness.Score(
                    points, Rescaled(scores), embeddings.Count, dimension, count, neighbours, TrustworthinessSample, cancellationToken),
            Rows = Place(embeddings, scores, count),
        };
    }

    // In a unit in which single precision holds them, whatever the size of the embeddings.
    private static float[] Rescaled(double[] scores)
    {
        int exponent = -Math.ILogB(scores.Max(Math.Abs)); // above 0, as something varies
        return Array.ConvertAll(scores, score => (float)Math.ScaleB(score, exponent));
    }

    private static ProjectedRow[] Place(EmbeddingSet embeddings, double[] layout, int width) =>
    [
        .. embeddings.Rows.Select((row, i) =>
            new ProjectedRow(row.Identity, row.Clip, row.Modality, layout[i * width], width > 1 ? layout[(i * width) + 1] : 0)),
    ];
}

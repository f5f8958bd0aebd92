using CrossModalVae.Clusters;
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
        var gap = ModalityGap.Compute(embeddings, options.Metric);
        TSneResult result = new TSne(options).Fit(embeddings.Values, embeddings.Count, embeddings.Dimension, progress, cancellationToken);
        return new ProjectionRecord
        {
            Method = ProjectionMethod.Tsne,
            Metric = options.Metric,
            Perplexity = options.Perplexity,
            Seed = options.Seed,
            KullbackLeiblerLoss = result.KullbackLeiblerLoss,
            TrustworthinessScore = result.TrustworthinessScore,
            ModalityGapDistance = gap?.Distance,
            RelativeModalityGap = Relative(gap),
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
        var gap = ModalityGap.Compute(embeddings, metric);
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
            ModalityGapDistance = gap?.Distance,
            RelativeModalityGap = Relative(gap),
            Rows = Place(embeddings, scores, count),
        };
    }

    /// <summary>Gives the rows of a projection their classes.</summary>
    /// <param name="projection">The projection.</param>
    /// <param name="embeddings">What was projected, the same rows in the same order.</param>
    /// <param name="colour">What the classes are.</param>
    /// <param name="clusters">For clusters: a clustering of clips of these identities, by which all rows of a clip have its cluster; null
    /// for HDBSCAN, with its defaults, on these rows.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static ProjectionRecord Classify(
        ProjectionRecord projection,
        EmbeddingSet embeddings,
        ProjectionColour colour,
        ClusteringRecord? clusters = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(projection);
        ArgumentNullException.ThrowIfNull(embeddings);
        string?[] classes = colour switch
        {
            ProjectionColour.Gender => [.. embeddings.Rows.Select(row => row.Gender)],
            ProjectionColour.Split => [.. embeddings.Rows.Select(row => EnumText.Of(row.Split))],
            ProjectionColour.Cluster => clusters is null
                ? OwnClusters(projection, embeddings, cancellationToken)
                : Of(clusters, embeddings),
            _ => new string?[embeddings.Count],
        };
        return projection with
        {
            Colour = colour,
            Rows = [.. projection.Rows.Select((row, i) => row with { Class = classes[i] })],
        };
    }

    private static double? Relative(ModalityGap? gap) =>
        gap is { RelativeDistance: double relative } && double.IsFinite(relative) ? relative : null;

    private static string?[] OwnClusters(ProjectionRecord projection, EmbeddingSet embeddings, CancellationToken cancellationToken)
    {
        var options = new ClusteringOptions { Method = ClusteringMethod.Hdbscan, Metric = projection.Metric };
        ClusterAssignment found = options.Fit(embeddings.Values, embeddings.Count, embeddings.Dimension, cancellationToken);
        return [.. found.Labels.Select(NameOf)];
    }

    private static string?[] Of(ClusteringRecord clusters, EmbeddingSet embeddings)
    {
        Dictionary<(string, string), int> labels = clusters.Rows.DistinctBy(row => (row.Identity, row.Clip))
            .ToDictionary(row => (row.Identity, row.Clip), row => row.Cluster);
        return [.. embeddings.Rows.Select(row => labels.TryGetValue((row.Identity, row.Clip), out int label) ? NameOf(label) : null)];
    }

    private static string? NameOf(int label) => label < 0 ? null : FormattableString.Invariant($"cluster {label}");

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

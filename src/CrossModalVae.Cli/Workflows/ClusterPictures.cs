using CrossModalVae.Cli.Terminal;
using CrossModalVae.Clustering;
using CrossModalVae.Clusters;
using CrossModalVae.Manifolds;
using CrossModalVae.Pictures;
using CrossModalVae.Projection;

namespace CrossModalVae.Cli.Workflows;

/// <summary>Draws a clustering: what its clusters were chosen from, and the clusters in a plane.</summary>
internal static class ClusterPictures
{
    // Beyond, t-SNE takes minutes, and principal components stand in for it.
    private const int LargestTsne = 5_000;
    private const int LeastTsne = 10;

    /// <summary>k-distance for DBSCAN, condensed-tree for HDBSCAN, and clusters.</summary>
    internal static void Write(
        EmbeddingSet rows,
        ClusteringRecord record,
        ClusterAssignment result,
        string folder,
        string prefix,
        string data,
        CancellationToken cancellationToken)
    {
        ClusteringOptions options = record.Options;
        string about = ResultPictures.About(data, ResultPictures.Describe(rows), EnumText.Of(record.Modality));
        string method = ClusteringTables.Method(record);
        if (result.CondensedTree is IReadOnlyList<CondensedEdge> tree)
        {
            CondensedTreePicture.Draw(tree, result.Labels, new PictureOptions { Subtitle = ResultPictures.About(about, method) })
                .SaveBoth(folder, prefix + "condensed-tree");
        }
        else if (options.Eps is double eps)
        {
            double[] curve = KDistance.Curve(
                rows.Values, rows.Count, rows.Dimension, options.MinSamples, options.Metric, cancellationToken);
            string knee = record.Scores.LacksKnee
                ? Invariant($"no sharp knee: the curve rises x {record.Scores.KneeRise:0.00} around eps")
                : "";
            KDistancePicture.Draw(
                curve, options.MinSamples, eps, new PictureOptions { Subtitle = ResultPictures.About(about, method, knee) })
                .SaveBoth(folder, prefix + "k-distance");
        }

        if (rows.Count > 1 && !Rows.AllEqual(rows.Values, rows.Dimension))
        {
            DrawClusters(rows, record, folder, prefix, ResultPictures.About(about, method), cancellationToken);
        }
    }

    /// <summary>Rows in a plane: by t-SNE, or by principal components where there are too few rows for it or too many.</summary>
    internal static ProjectionRecord Plane(EmbeddingSet rows, DistanceMetric metric, CancellationToken cancellationToken)
    {
        var layout = new TSneOptions { Metric = metric, Perplexity = Math.Min(new TSneOptions().Perplexity, (rows.Count - 1) / 3.0) };
        return rows.Count is >= LeastTsne and <= LargestTsne
            ? Projector.Tsne(rows, layout, cancellationToken: cancellationToken)
            : Projector.Pca(rows, metric, cancellationToken);
    }

    private static void DrawClusters(
        EmbeddingSet rows, ClusteringRecord record, string folder, string prefix, string about, CancellationToken cancellationToken)
    {
        ProjectionRecord plane = Plane(rows, record.Options.Metric, cancellationToken);
        plane = Projector.Classify(plane, rows, ProjectionColour.Cluster, record, cancellationToken);
        string ari = Invariant($"ARI with the people {record.Scores.NoiseAsCluster.Agreement.AdjustedRandScore:0.000}");
        string subtitle = ResultPictures.About(about, ari, ResultPictures.Layout(plane));
        ResultPictures.Manifold(plane, "Clusters", subtitle).SaveBoth(folder, prefix + "clusters");
    }
}

using CrossModalVae.Clustering;
using CrossModalVae.Embeddings;
using CrossModalVae.Pictures;

namespace CrossModalVae.Cli.Workflows;

/// <summary>The k-distance curve of a clustering, as SVG and PNG.</summary>
internal static class ClusterPictures
{
    internal static void Write(EmbeddingSet rows, DbscanOptions options, double eps, string folder, string prefix, CancellationToken cancellationToken)
    {
        double[] curve = KDistance.Curve(rows.Values, rows.Count, rows.Dimension, options.MinSamples, options.Metric, cancellationToken);
        KDistancePicture.Draw(curve, options.MinSamples, eps).SaveBoth(folder, prefix + "k-distance");
    }
}

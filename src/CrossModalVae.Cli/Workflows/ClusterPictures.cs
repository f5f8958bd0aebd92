using CrossModalVae.Clustering;
using CrossModalVae.Clusters;
using CrossModalVae.Pictures;

namespace CrossModalVae.Cli.Workflows;

/// <summary>The k-distance curve of a clustering, as SVG and PNG.</summary>
internal static class ClusterPictures
{
    /// <param name="rows">What was clustered.</param>
    /// <param name="options">How; with the eps in use. HDBSCAN has no such curve, and nothing is written.</param>
    /// <param name="folder">Where to.</param>
    /// <param name="prefix">What file names begin with.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    internal static void Write(
        EmbeddingSet rows, ClusteringOptions options, string folder, string prefix, CancellationToken cancellationToken)
    {
        if (options.Eps is not double eps)
        {
            return;
        }

        double[] curve = KDistance.Curve(rows.Values, rows.Count, rows.Dimension, options.MinSamples, options.Metric, cancellationToken);
        KDistancePicture.Draw(curve, options.MinSamples, eps).SaveBoth(folder, prefix + "k-distance");
    }
}

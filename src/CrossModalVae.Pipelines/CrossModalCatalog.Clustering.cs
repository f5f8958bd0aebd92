using CrossModalVae.Clustering;
using CrossModalVae.Projection;

namespace CrossModalVae.Pipelines;

public static partial class CrossModalCatalog
{
    /// <summary>Density-based clustering of a vector column; see <see cref="DbscanEstimator"/>.</summary>
    /// <param name="catalog">ML.NET's clustering.</param>
    /// <param name="outputColumnName">The labels' column, Int32; -1 is noise. Default "PredictedLabel".</param>
    /// <param name="inputColumnName">The vectors' column. Default "Features".</param>
    /// <param name="options">Eps, minimum samples and metric. Default: eps at the knee of the k-distance curve, 5, cosine.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static DbscanEstimator Dbscan(
        this ClusteringCatalog catalog,
        string outputColumnName = "PredictedLabel",
        string inputColumnName = "Features",
        DbscanOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        ArgumentException.ThrowIfNullOrEmpty(inputColumnName);
        return new DbscanEstimator(outputColumnName, inputColumnName, options ?? new DbscanOptions());
    }

    /// <summary>Hierarchical density-based clustering of a vector column; see <see cref="HdbscanEstimator"/>.</summary>
    /// <param name="catalog">ML.NET's clustering.</param>
    /// <param name="outputColumnName">The labels' column, Int32; -1 is noise. Default "PredictedLabel".</param>
    /// <param name="probabilityColumnName">The membership probabilities' column, Single, 0 to 1. Default "Probability".</param>
    /// <param name="outlierScoreColumnName">The outlier scores' column, Single, 0 to 1. Default "OutlierScore".</param>
    /// <param name="inputColumnName">The vectors' column. Default "Features".</param>
    /// <param name="options">Minimum cluster size and samples, metric, and how clusters are chosen.
    /// Default: 5, 5, cosine, excess of mass.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static HdbscanEstimator Hdbscan(
        this ClusteringCatalog catalog,
        string outputColumnName = "PredictedLabel",
        string probabilityColumnName = "Probability",
        string outlierScoreColumnName = "OutlierScore",
        string inputColumnName = "Features",
        HdbscanOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        ArgumentException.ThrowIfNullOrEmpty(probabilityColumnName);
        ArgumentException.ThrowIfNullOrEmpty(outlierScoreColumnName);
        ArgumentException.ThrowIfNullOrEmpty(inputColumnName);
        return new HdbscanEstimator(
            outputColumnName, probabilityColumnName, outlierScoreColumnName, inputColumnName, options ?? new HdbscanOptions());
    }

    /// <summary>A layout of a vector column in the plane by t-SNE; see <see cref="TSneEstimator"/>.</summary>
    /// <param name="catalog">ML.NET's transforms.</param>
    /// <param name="outputColumnName">The places' column, Vector&lt;Single, 2&gt;.</param>
    /// <param name="inputColumnName">The vectors' column. Default: that of the output.</param>
    /// <param name="options">Perplexity, schedule, metric and seed. Default: perplexity 30, Euclidean.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static TSneEstimator ProjectTsne(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null, TSneOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        return new TSneEstimator(catalog, outputColumnName, inputColumnName ?? outputColumnName, options ?? new TSneOptions());
    }
}

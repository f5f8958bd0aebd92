using CrossModalVae.Clustering;
using CrossModalVae.Projection;

namespace CrossModalVae.Pipelines;

public static partial class CrossModalCatalog
{
    /// <summary>Density-based clustering of a vector column; see <see cref="DbscanEstimator"/>.</summary>
    /// <param name="catalog">ML.NET's clustering trainers.</param>
    /// <param name="featureColumnName">The vectors' column. Default "Features".</param>
    /// <param name="options">Eps, minimum samples and metric. Default: eps at the knee of the k-distance curve, 5, cosine.</param>
    /// <param name="predictedLabelColumnName">The clusters' column, a key, missing for noise. Default "PredictedLabel".</param>
    /// <param name="scoreColumnName">The distances to the clusters, Vector of Single. Default "Score".</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static DbscanEstimator Dbscan(
        this ClusteringCatalog.ClusteringTrainers catalog,
        string featureColumnName = "Features",
        DbscanOptions? options = null,
        string predictedLabelColumnName = "PredictedLabel",
        string scoreColumnName = "Score")
    {
        ArgumentException.ThrowIfNullOrEmpty(featureColumnName);
        ArgumentException.ThrowIfNullOrEmpty(predictedLabelColumnName);
        ArgumentException.ThrowIfNullOrEmpty(scoreColumnName);
        return new DbscanEstimator(
            CatalogEnvironment.Of(catalog), featureColumnName, options ?? new DbscanOptions(), predictedLabelColumnName, scoreColumnName);
    }

    /// <summary>Hierarchical density-based clustering of a vector column; see <see cref="HdbscanEstimator"/>.</summary>
    /// <param name="catalog">ML.NET's clustering trainers.</param>
    /// <param name="featureColumnName">The vectors' column. Default "Features".</param>
    /// <param name="options">Minimum cluster size and samples, metric, and how clusters are chosen.
    /// Default: 5, 5, cosine, excess of mass.</param>
    /// <param name="predictedLabelColumnName">The clusters' column, a key, missing for noise. Default "PredictedLabel".</param>
    /// <param name="scoreColumnName">The distances to the clusters, Vector of Single. Default "Score".</param>
    /// <param name="probabilityColumnName">The membership probabilities' column, Single, 0 to 1. Default "Probability".</param>
    /// <param name="outlierScoreColumnName">The outlier scores' column, Single, 0 to 1. Default "OutlierScore".</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static HdbscanEstimator Hdbscan(
        this ClusteringCatalog.ClusteringTrainers catalog,
        string featureColumnName = "Features",
        HdbscanOptions? options = null,
        string predictedLabelColumnName = "PredictedLabel",
        string scoreColumnName = "Score",
        string probabilityColumnName = "Probability",
        string outlierScoreColumnName = "OutlierScore")
    {
        ArgumentException.ThrowIfNullOrEmpty(featureColumnName);
        ArgumentException.ThrowIfNullOrEmpty(predictedLabelColumnName);
        ArgumentException.ThrowIfNullOrEmpty(scoreColumnName);
        ArgumentException.ThrowIfNullOrEmpty(probabilityColumnName);
        ArgumentException.ThrowIfNullOrEmpty(outlierScoreColumnName);
        return new HdbscanEstimator(
            CatalogEnvironment.Of(catalog),
            featureColumnName,
            options ?? new HdbscanOptions(),
            predictedLabelColumnName,
            scoreColumnName,
            probabilityColumnName,
            outlierScoreColumnName);
    }

    /// <summary>A layout of a vector column in the plane by t-SNE; see <see cref="TSneEstimator"/>.</summary>
    /// <param name="catalog">ML.NET's transforms.</param>
    /// <param name="outputColumnName">The places' column, Vector&lt;Single, 2&gt;.</param>
    /// <param name="inputColumnName">The vectors' column. Default: that of the output.</param>
    /// <param name="options">Perplexity, schedule, metric and seed. Default: perplexity 30, Euclidean, and a seed drawn from the
    /// context's, the same in every process where MLContext was given one.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static TSneEstimator ProjectTsne(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null, TSneOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        options ??= new TSneOptions { Seed = CatalogEnvironment.Of(catalog).Register(nameof(ProjectTsne)).Rand.Next() };
        return new TSneEstimator(catalog, outputColumnName, inputColumnName ?? outputColumnName, options);
    }
}

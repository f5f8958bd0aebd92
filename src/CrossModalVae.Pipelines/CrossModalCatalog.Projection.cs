using CrossModalVae.Projection;

namespace CrossModalVae.Pipelines;

public static partial class CrossModalCatalog
{
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

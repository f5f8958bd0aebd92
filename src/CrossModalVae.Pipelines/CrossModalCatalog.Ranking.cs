using CrossModalVae.Embeddings;
using CrossModalVae.Retrieval;
using Microsoft.ML;

namespace CrossModalVae.Pipelines;

public static partial class CrossModalCatalog
{
    /// <summary>Ranks a gallery of embeddings by nearness to each row's query; see <see cref="GalleryRankingEstimator"/>.</summary>
    /// <param name="catalog">ML.NET's transforms.</param>
    /// <param name="inputColumnName">The queries' column, Vector of Single of the gallery's dimension; NaN is a missing query.</param>
    /// <param name="gallery">What is ranked, for voice-to-face the faces' embeddings; at least one row, all finite.</param>
    /// <param name="options">How many matches and what nearness means. Default: 10, cosine.</param>
    /// <param name="columns">The columns added. Default: RankedIdentities, RankedClips, RankedScores.</param>
    /// <param name="distinctIdentities">Whether each identity is listed once, by its nearest clip. Default: every clip counts.</param>
    /// <exception cref="ArgumentException">The gallery is empty or an option is out of its range.</exception>
    public static GalleryRankingEstimator RankAgainstGallery(
        this TransformsCatalog catalog,
        string inputColumnName,
        EmbeddingSet gallery,
        RankingOptions? options = null,
        GalleryRankingColumns? columns = null,
        bool distinctIdentities = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(inputColumnName);
        ArgumentNullException.ThrowIfNull(gallery);
        return GalleryRankingEstimator.Create(
            catalog, columns ?? new GalleryRankingColumns(), inputColumnName, gallery, options ?? new RankingOptions(), distinctIdentities);
    }
}

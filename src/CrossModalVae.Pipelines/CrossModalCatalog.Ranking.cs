using CrossModalVae.Calibration;
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
    /// <param name="columns">The columns added. Default: RankedIdentities, RankedClips, RankedScores and, with a calibration, RankedProbabilities.</param>
    /// <param name="identities">Ranks identities: how their clips become one score, such as <see cref="IdentityAggregation.Best"/>. Default: every clip counts.</param>
    /// <param name="calibration">
    /// From scores to probabilities that it is the same person, in a further column; fitted to scores of the same kind (<see cref="CalibrationReport.Require"/>). Default: none.
    /// </param>
    /// <exception cref="ArgumentException">The gallery is empty or an option is out of its range.</exception>
    public static GalleryRankingEstimator RankAgainstGallery(
        this TransformsCatalog catalog,
        string inputColumnName,
        EmbeddingSet gallery,
        RankingOptions? options = null,
        GalleryRankingColumns? columns = null,
        IdentityAggregation? identities = null,
        ScoreCalibration? calibration = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(inputColumnName);
        ArgumentNullException.ThrowIfNull(gallery);
        return GalleryRankingEstimator.Create(
            catalog, columns ?? new GalleryRankingColumns(), inputColumnName, gallery, options ?? new RankingOptions(), identities, calibration);
    }
}

using CrossModalVae.Calibration;
using CrossModalVae.Embeddings;
using CrossModalVae.Metrics;
using CrossModalVae.Pipelines.Ranking;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Pipelines;

public static partial class CrossModalCatalog
{
    /// <summary>Ranks a gallery of embeddings by similarity to each row's query; see <see cref="GalleryRankingEstimator"/>.</summary>
    /// <param name="catalog">ML.NET's transforms.</param>
    /// <param name="outputColumnName">The beginning of the names of the columns added: Ranked gives RankedIdentities, RankedClips,
    /// RankedScores and, with a calibration, RankedProbabilities.</param>
    /// <param name="inputColumnName">The queries' column, Vector of Single of the gallery's dimension; NaN is a missing query.</param>
    /// <param name="gallery">What is ranked, for voice-to-face the faces' embeddings; at least one row, all finite.</param>
    /// <param name="options">How many matches and by which metric. Default: 10, cosine.</param>
    /// <param name="identities">Ranks identities instead of clips: how their clips' scores become one, such as
    /// <see cref="IdentityAggregation.Best"/>. Default: every clip counts.</param>
    /// <param name="calibration">
    /// From scores to probabilities that it is the same person, in a further column; fitted to scores of the same kind
    /// (<see cref="CalibrationReport.Require"/>). Default: none.
    /// </param>
    /// <exception cref="ArgumentException">The gallery is empty or an option is out of its range.</exception>
    public static GalleryRankingEstimator RankAgainstGallery(
        this TransformsCatalog catalog,
        string outputColumnName,
        string inputColumnName,
        EmbeddingSet gallery,
        RankingOptions? options = null,
        IdentityAggregation? identities = null,
        ScoreCalibration? calibration = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        ArgumentException.ThrowIfNullOrEmpty(inputColumnName);
        ArgumentNullException.ThrowIfNull(gallery);
        return GalleryRankingEstimator.Create(
            catalog,
            outputColumnName,
            inputColumnName,
            RankedGallery.Of(gallery),
            options ?? new RankingOptions(),
            identities,
            calibration,
            null);
    }

    /// <summary>
    /// Ranks a memory-mapped gallery, whose rows are not copied; see <see cref="GalleryRankingEstimator"/>.
    /// </summary>
    /// <param name="catalog">ML.NET's transforms.</param>
    /// <param name="outputColumnName">The beginning of the names of the columns added: Ranked gives RankedIdentities, RankedClips,
    /// RankedScores and, with a calibration, RankedProbabilities.</param>
    /// <param name="inputColumnName">The queries' column, Vector of Single of the gallery's dimension; NaN is a missing query.</param>
    /// <param name="gallery">What is ranked; at least one row. Keep it open while pipelines use it.</param>
    /// <param name="options">How many matches and by which metric. Default: 10, cosine.</param>
    /// <param name="identities">Ranks identities instead of clips: how their clips' scores become one. Default: every clip counts.</param>
    /// <param name="calibration">From scores to probabilities that it is the same person, in a further column. Default: none.</param>
    /// <param name="mask">Which rows take part, for example the faces of a gallery of voices and faces. Default all.</param>
    /// <exception cref="ArgumentException">No row takes part, the mask is over another number of rows, or
    /// an option is out of its range.</exception>
    /// <exception cref="InvalidDataException">A value of the gallery is not finite.</exception>
    public static GalleryRankingEstimator RankAgainstGallery(
        this TransformsCatalog catalog,
        string outputColumnName,
        string inputColumnName,
        Gallery gallery,
        RankingOptions? options = null,
        IdentityAggregation? identities = null,
        ScoreCalibration? calibration = null,
        RowMask? mask = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        ArgumentException.ThrowIfNullOrEmpty(inputColumnName);
        ArgumentNullException.ThrowIfNull(gallery);
        return GalleryRankingEstimator.Create(
            catalog,
            outputColumnName,
            inputColumnName,
            RankedGallery.Of(gallery),
            options ?? new RankingOptions(),
            identities,
            calibration,
            mask);
    }
}

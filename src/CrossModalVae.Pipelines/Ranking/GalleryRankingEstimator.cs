using CrossModalVae.Files;
using CrossModalVae.Metrics;
using CrossModalVae.Pipelines.Ranking;
using CrossModalVae.Retrieval;
using Microsoft.ML.Runtime;

namespace CrossModalVae.Pipelines;

/// <summary>
/// Ranks a gallery of embeddings by similarity to each row's query; see <see cref="Ranker"/>.
/// <list type="table">
/// <item><term>Learns from data</term><description>no; the gallery is given</description></item>
/// <item><term>Input</term><description>Vector&lt;Single, D&gt;, D the gallery's dimension</description></item>
/// <item><term>Output</term><description>for the name Ranked: RankedIdentities and RankedClips, Vector&lt;String, K&gt;, and RankedScores,
/// Vector&lt;Single, K&gt;, nearest first; with a calibration also RankedProbabilities, Vector&lt;Single, K&gt;</description></item>
/// <item><term>Savable</term><description>in a bundle, gallery and all; see <see cref="CrossModalCatalog.SaveBundle"/></description></item>
/// </list>
/// K is the count asked for, or what the gallery has; slots are named by rank, 1 to K. Scores are higher where nearer: the cosine, the
/// inner product, or the negative Euclidean distance. Probabilities are those that the match is the same person. A missing query (NaN)
/// gives empty texts and NaN.
/// </summary>
public sealed class GalleryRankingEstimator : CrossModalEstimator<GalleryRankingTransformer>
{
    internal const string IdentitiesSuffix = "Identities";

    private readonly RankedGallery _gallery;
    private readonly Ranker _ranker;
    private readonly RankingRequest _request;
    private readonly RowMask? _mask;

    private GalleryRankingEstimator(
        IHostEnvironment environment,
        InputColumn query,
        IReadOnlyList<OutputColumn> outputs,
        RankedGallery gallery,
        Ranker ranker,
        RankingRequest request,
        RowMask? mask)
        : base(environment, [query], outputs)
    {
        _gallery = gallery;
        _ranker = ranker;
        _request = request;
        _mask = mask;
    }

    internal static GalleryRankingEstimator Create(
        TransformsCatalog transforms,
        string outputColumn,
        string inputColumn,
        RankedGallery gallery,
        RankingOptions options,
        IdentityAggregation? identities,
        ScoreCalibration? calibration,
        RowMask? mask)
    {
        options.Validate();
        if (options.Metric is RankingMetric.GaussianWasserstein or RankingMetric.MsVae)
        {
            throw new ArgumentException(
                $"'Metric' is {EnumText.Of(options.Metric)}, which compares more than one column's means; "
                + $"must be cosine, inner-product or euclidean. A {nameof(Ranker)} takes it.");
        }

        Ranker ranker = gallery.CreateRanker(options.Metric);
        if (mask is not null && mask.Count != ranker.Count)
        {
            throw new ArgumentException($"'mask' is over {mask.Count} rows; the gallery has {ranker.Count}.", nameof(mask));
        }

        int available = identities is null
            ? mask?.AllowedCount ?? ranker.Count
            : ranker.Rows.Where((_, row) => mask is null || mask[row]).Select(row => row.Identity).Distinct().Count();
        if (available == 0)
        {
            throw UserError.Mark(new ArgumentException("'gallery' is empty; must have at least one row to rank."));
        }

        int count = Math.Min(options.Count, available);
        var request = new RankingRequest { Count = count, Identities = identities, Calibration = calibration };
        request.Validate();
        return new GalleryRankingEstimator(
            CatalogEnvironment.Of(transforms),
            Query(inputColumn, ranker.Dimension),
            [.. Columns(outputColumn, count, calibration is not null)],
            gallery,
            ranker,
            request,
            mask);
    }

    private protected override GalleryRankingTransformer FitChecked(IDataView input, CancellationToken cancellationToken)
    {
        Environment.Log("RankAgainstGallery", string.Create(
            CultureInfo.InvariantCulture,
            $"the first {_request.Count} of {_mask?.AllowedCount ?? _ranker.Count} rows by {EnumText.Of(_ranker.Metric)}."));
        return new GalleryRankingTransformer(Inputs, Outputs, _gallery, _ranker, _request, _mask);
    }

    internal static InputColumn Query(string name, int dimension) =>
        new(name, "query of RankAgainstGallery", InputKind.FloatVector, dimension);

    internal static IEnumerable<OutputColumn> Columns(string name, int count, bool hasProbabilities)
    {
        var ranks = ColumnAnnotation.SlotNames(Enumerable.Range(1, count).Select(rank => rank.ToString(CultureInfo.InvariantCulture)));
        yield return OutputColumn.TextVector(name + IdentitiesSuffix, count) with { Annotations = [ranks] };
        yield return OutputColumn.TextVector($"{name}Clips", count) with { Annotations = [ranks] };
        yield return Scores("Scores", "Score");
        if (hasProbabilities)
        {
            yield return Scores("Probabilities", "Probability");
        }

        OutputColumn Scores(string suffix, string kind) => OutputColumn.FloatVector(name + suffix, count) with
        {
            Annotations = [ranks, .. ColumnAnnotation.Score("Ranking", kind)],
        };
    }
}

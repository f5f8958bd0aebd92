using CrossModalVae.Files;
using CrossModalVae.Metrics;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Pipelines;

/// <summary>The columns that a ranking adds, each a vector of K, nearest first.</summary>
public sealed record GalleryRankingColumns
{
    /// <summary>The matches' identities, Vector of String. Default "RankedIdentities".</summary>
    public string Identities { get; init; } = "RankedIdentities";

    /// <summary>The matches' clips, Vector of String. Default "RankedClips".</summary>
    public string Clips { get; init; } = "RankedClips";

    /// <summary>
    /// The matches' scores, Vector of Single, higher is nearer: the cosine, or the negative Euclidean distance. Default "RankedScores".
    /// </summary>
    public string Scores { get; init; } = "RankedScores";

    /// <summary>
    /// The probabilities that the matches are the same person, Vector of Single; only with a calibration. Default "RankedProbabilities".
    /// </summary>
    public string Probabilities { get; init; } = "RankedProbabilities";
}

/// <summary>
/// Ranks a gallery of embeddings by similarity to each row's query; see <see cref="Ranker"/>.
/// <list type="table">
/// <item><term>Learns from data</term><description>no; the gallery is given</description></item>
/// <item><term>Input</term><description>Vector&lt;Single, D&gt;, D the gallery's dimension</description></item>
/// <item><term>Output</term><description>identities and clips Vector&lt;String, K&gt;, scores Vector&lt;Single, K&gt;, nearest first; with
/// a calibration also probabilities, Vector&lt;Single, K&gt;</description></item>
/// <item><term>Savable</term><description>no; see <see cref="CrossModalTransformer"/></description></item>
/// </list>
/// K is the count asked for, or what the gallery has. A missing query (NaN) gives empty texts and NaN.
/// </summary>
public sealed class GalleryRankingEstimator : CrossModalEstimator<GalleryRankingTransformer>
{
    private readonly Ranker _ranker;
    private readonly RankingRequest _request;
    private readonly RowMask? _mask;

    private GalleryRankingEstimator(
        TransformsCatalog transforms,
        InputColumn query,
        IReadOnlyList<OutputColumn> outputs,
        Ranker ranker,
        RankingRequest request,
        RowMask? mask)
        : base(transforms, [query], outputs)
    {
        _ranker = ranker;
        _request = request;
        _mask = mask;
    }

    internal static GalleryRankingEstimator Create(
        TransformsCatalog transforms,
        GalleryRankingColumns columns,
        string inputColumn,
        Func<RankingMetric, Ranker> createRanker,
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

        Ranker ranker = createRanker(options.Metric);
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
            transforms,
            new InputColumn(inputColumn, "query of RankAgainstGallery", InputKind.FloatVector, ranker.Dimension),
            [
                OutputColumn.TextVector(columns.Identities, count),
                OutputColumn.TextVector(columns.Clips, count),
                OutputColumn.FloatVector(columns.Scores, count),
                .. calibration is null ? Array.Empty<OutputColumn>() : [OutputColumn.FloatVector(columns.Probabilities, count)],
            ],
            ranker,
            request,
            mask);
    }

    private protected override GalleryRankingTransformer FitChecked(IDataView input, CancellationToken cancellationToken) =>
        new(Inputs, Outputs, _ranker, _request, _mask);
}

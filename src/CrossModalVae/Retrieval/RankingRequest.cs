using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Metrics;

namespace CrossModalVae.Retrieval;

/// <summary>A ranking to be made: of clips or identities, which rows, how many matches, and with what probabilities.</summary>
public sealed record RankingRequest
{
    /// <summary>How many matches to list, at least 1. Default 10.</summary>
    public int Count { get; init; } = 10;

    /// <summary>The aggregation of an identity's clips; null, the default, to rank clips.</summary>
    public IdentityAggregation? Identities { get; init; }

    /// <summary>
    /// How several probe clips of one identity are combined. Default the mean of their embeddings; without effect for one clip.
    /// </summary>
    public ProbeCombination Combination { get; init; }

    /// <summary>Which rows of the gallery take part. Default all.</summary>
    public RankingFilter Filter { get; init; } = new();

    /// <summary>
    /// The calibration of scores to probabilities, or null for none. It must have been fitted to scores of the same kind (metric,
    /// direction, clips or identities and their aggregation); see <c>CalibrationReport.Require</c>.
    /// </summary>
    public ScoreCalibration? Calibration { get; init; }

    /// <summary>Ranks a gallery for one or several probe clips of one identity, exactly; see <see cref="Ranker"/>.</summary>
    /// <param name="gallery">The gallery.</param>
    /// <param name="probes">The probe clips, at least one, all finite, with what the metric needs.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The matches, nearest first; equal clips by row, equal identities by their best clip's score and row.</returns>
    /// <exception cref="ArgumentException">An option is out of range, there is no probe, no row passes the filter, or the gallery's metric
    /// compares more than means and the combination makes only those.</exception>
    public IReadOnlyList<RankedMatch> Rank(Ranker gallery, EmbeddingSet probes, CancellationToken cancellationToken = default)
    {
        (RowMask? mask, _) = Prepare(gallery, probes);
        return Matches(gallery, Search(gallery, probes, SearchCount(gallery, mask), mask, cancellationToken));
    }

    /// <summary>The same matches, and where the probes' own identity stands among all that is ranked, which is ordered whole.</summary>
    /// <param name="gallery">The gallery.</param>
    /// <param name="probes">The probe clips, all of one identity; as for
    /// <see cref="Rank(Ranker, EmbeddingSet, CancellationToken)"/>.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">As for <see cref="Rank(Ranker, EmbeddingSet, CancellationToken)"/>.</exception>
    public (IReadOnlyList<RankedMatch> Matches, RankingPlace Place) RankAndPlace(
        Ranker gallery, EmbeddingSet probes, CancellationToken cancellationToken = default)
    {
        (RowMask? mask, string identity) = Prepare(gallery, probes);
        RankedRow[] found = Search(gallery, probes, Math.Max(1, mask?.AllowedCount ?? gallery.Count), mask, cancellationToken);
        int people = found.Select(row => gallery.Rows[row.Row].Identity).Distinct(StringComparer.Ordinal).Count();
        int[] own = Identities is null
            ? [.. Enumerable.Range(0, found.Length).Where(i => gallery.Rows[found[i].Row].Identity == identity)]
            :
            [
                .. Identities.Rank(found, row => gallery.Rows[row].Identity, people).Index()
                    .Where(ranked => ranked.Item.Identity == identity).Select(ranked => ranked.Index),
            ];
        var place = new RankingPlace(own.Length == 0 ? null : own[0] + 1, Identities is null ? found.Length : people, own.Length, people);
        return (Matches(gallery, Identities is null ? found[..Math.Min(Count, found.Length)] : found), place);
    }

    // The rows that take part, null for all, and whose clips the probes are.
    private (RowMask? Mask, string Identity) Prepare(Ranker gallery, EmbeddingSet probes)
    {
        ArgumentNullException.ThrowIfNull(gallery);
        ArgumentNullException.ThrowIfNull(probes);
        Validate();
        if (probes.Count == 0)
        {
            throw UserError.Mark(new ArgumentException("'probes' is empty; must have at least one clip.", nameof(probes)));
        }

        ClipKey[] asking = [.. probes.Rows.Select(row => row.Key)];
        RowMask? mask = Filter.IsEmpty ? null : RowMask.Where(gallery.Rows, row => Filter.Accepts(row, asking));
        if (mask is { AllowedCount: 0 })
        {
            throw UserError.Mark(new ArgumentException(
                $"None of the gallery's {Counted.Of(gallery.Count, "row")} passes the filter: {Filter.Describe()}.", nameof(gallery)));
        }

        return (mask, asking[0].Identity);
    }

    /// <summary>Ranks a gallery for one query of which only the embedding is known, so that none of its clips can be excluded.</summary>
    /// <param name="gallery">The gallery.</param>
    /// <param name="query">[D], finite.</param>
    /// <param name="mask">The rows to rank, instead of the filter, which is ignored. Default all.</param>
    /// <returns>The matches, nearest first.</returns>
    /// <exception cref="ArgumentException">An option is out of range, or the query does not fit the gallery.</exception>
    public IReadOnlyList<RankedMatch> Rank(Ranker gallery, ReadOnlySpan<float> query, RowMask? mask = null)
    {
        ArgumentNullException.ThrowIfNull(gallery);
        Validate();
        return Identities is { Score: IdentityScore.Best }
            ? Calibrated(gallery.RankIdentities(query, Count, mask))
            : Matches(gallery, gallery.Search(query, SearchCount(gallery, mask), mask));
    }

    /// <summary>
    /// Ranks a gallery's clips for many queries of which only the embeddings are known: the same as one by one, many times as fast.
    /// </summary>
    /// <param name="gallery">The gallery.</param>
    /// <param name="queries">[Q, D] row-major, finite.</param>
    /// <param name="mask">The rows to rank, instead of the filter, which is ignored. Default all.</param>
    /// <returns>[Q]: the matches of each, nearest first.</returns>
    /// <exception cref="ArgumentException">An option is out of range, or the queries do not fit the gallery.</exception>
    public IReadOnlyList<RankedMatch>[] RankEach(Ranker gallery, ReadOnlyMemory<float> queries, RowMask? mask = null)
    {
        ArgumentNullException.ThrowIfNull(gallery);
        Validate();
        return [.. gallery.Search(queries, SearchCount(gallery, mask), mask).Select(found => Matches(gallery, found))];
    }

    /// <summary>Reports every fault of these options at once.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message lists all faults.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(Filter);
        var faults = new OptionFaults();
        faults.AtLeast(Count, 1);
        faults.OneOf(Combination);
        faults.ThrowIfAny();
        Identities?.Validate();
        Filter.Validate();
        Calibration?.Validate();
    }

    // All rows take part in the score of an identity.
    private int SearchCount(Ranker gallery, RowMask? mask) =>
        Identities is null ? Count : Math.Max(1, mask?.AllowedCount ?? gallery.Count);

    private RankedRow[] Search(Ranker gallery, EmbeddingSet probes, int count, RowMask? mask, CancellationToken cancellationToken)
    {
        return probes.Count == 1 ? gallery.Search(probes, count, mask, cancellationToken)[0]
            : Combination == ProbeCombination.MeanEmbedding ? gallery.Search(MeanOf(probes, gallery.Metric), count, mask)
            : CombinedScores(gallery, probes, count, mask, cancellationToken);
    }

    private RankedRow[] CombinedScores(Ranker gallery, EmbeddingSet probes, int count, RowMask? mask, CancellationToken cancellationToken)
    {
        var combined = new double[gallery.Count];
        Array.Fill(combined, Combination == ProbeCombination.MeanScore ? 0 : double.NegativeInfinity);
        for (int probe = 0; probe < probes.Count; probe++)
        {
            foreach (RankedRow row in gallery.Search(probes.Slice(probe, 1), gallery.Count, mask, cancellationToken)[0])
            {
                combined[row.Row] = Combination == ProbeCombination.MeanScore
                    ? combined[row.Row] + row.Score
                    : Math.Max(combined[row.Row], row.Score);
            }
        }

        int divisor = Combination == ProbeCombination.MeanScore ? probes.Count : 1;
        return
        [
            .. Enumerable.Range(0, gallery.Count).Where(row => mask is null || mask[row])
                .Select(row => new RankedRow(row, combined[row] / divisor)).OrderByDescending(row => row.Score).Take(count),
        ];
    }

    private static float[] MeanOf(EmbeddingSet probes, RankingMetric metric)
    {
        if (metric is RankingMetric.GaussianWasserstein or RankingMetric.MsVae)
        {
            throw UserError.Mark(new ArgumentException(
                $"The metric {EnumText.Of(metric)} compares more than means, and 'Combination' is "
                + $"{EnumText.Of(ProbeCombination.MeanEmbedding)}; must be "
                + $"{EnumText.Of(ProbeCombination.MeanScore)} or {EnumText.Of(ProbeCombination.BestScore)} "
                + "to combine several clips."));
        }

        var sum = new double[probes.Dimension];
        for (int probe = 0; probe < probes.Count; probe++)
        {
            ReadOnlySpan<float> own = probes[probe];
            double square = 0;
            foreach (float value in own)
            {
                square += (double)value * value;
            }

            double scale = metric == RankingMetric.Cosine ? (square > 0 ? 1 / Math.Sqrt(square) : 0) : 1;
            for (int d = 0; d < sum.Length; d++)
            {
                sum[d] += scale * own[d];
            }
        }

        return [.. sum.Select(value => (float)(value / probes.Count))];
    }

    private IReadOnlyList<RankedMatch> Matches(Ranker gallery, RankedRow[] found)
    {
        IReadOnlyList<RankedMatch> matches = Identities is null
            ? gallery.Named(found)
            :
            [
                .. Identities.Rank(found, row => gallery.Rows[row].Identity, Count).Select((identity, i) =>
                    new RankedMatch(i + 1, identity.Identity, gallery.Rows[identity.BestRow].Clip, identity.Score)
                    {
                        ClipCount = identity.ClipCount,
                    }),
            ];
        return Calibrated(matches);
    }

    private IReadOnlyList<RankedMatch> Calibrated(IReadOnlyList<RankedMatch> matches) => Calibration is null
        ? matches
        : [.. matches.Select(match => match with { Probability = Calibration.Probability(match.Score) })];
}

/// <summary>How several probe clips of one identity are combined.</summary>
public enum ProbeCombination
{
    /// <summary>
    /// By the mean of their embeddings, each scaled to length 1 first for the cosine. Only for metrics that compare means.
    /// </summary>
    MeanEmbedding,

    /// <summary>By each row's mean score over the probe clips: the sum rule (Kittler, Hatef, Duin, Matas 1998).</summary>
    MeanScore,

    /// <summary>By each row's best score over the probe clips: the max rule.</summary>
    BestScore,
}

using CrossModalVae.Corpora;
using CrossModalVae.Metrics;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Calibration;

/// <summary>A calibration, what it was fitted to, and how reliable its probabilities are; the content of a calibration file.</summary>
public sealed record CalibrationReport
{
    /// <summary>The modalities of probe and gallery.</summary>
    public required RetrievalDirection Direction { get; init; }

    /// <summary>The metric that ranked.</summary>
    public required RankingMetric Metric { get; init; }

    /// <summary>The aggregation of an identity's clips; null for scores of clips.</summary>
    public IdentityAggregation? Identities { get; init; }

    /// <summary>The split of the trials.</summary>
    public required CorpusSplit Split { get; init; }

    /// <summary>Seed of the drawn trials.</summary>
    public required long Seed { get; init; }

    /// <summary>The calibration.</summary>
    public required ScoreCalibration Calibration { get; init; }

    /// <summary>Whether the calibration's prior was given; else it is the trials', and whoever knows a better one uses that.</summary>
    public bool IsPriorGiven { get; init; }

    /// <summary>Target and non-target trials: different pairs, none of them twice.</summary>
    public required long TrialCount { get; init; }

    /// <summary>How many of them are targets; null where a file does not say it.</summary>
    public long? TargetCount { get; init; }

    /// <summary>The identities in them, in ordinal order.</summary>
    public required IReadOnlyList<string> People { get; init; }

    /// <summary>Losses with the score itself as log-odds, without calibration (Brümmer, du Preez 2006).</summary>
    public required ProbabilityLosses Before { get; init; }

    /// <summary>Losses of the calibrated probabilities, at the trials' share of targets; see <see cref="IsHeldOut"/>.</summary>
    public required ProbabilityLosses After { get; init; }

    /// <summary>
    /// Whether <see cref="After"/> and the table are cross-validated over five folds of identities; false where there are too few
    /// identities for that, and the fit is evaluated on its own trials.
    /// </summary>
    public required bool IsHeldOut { get; init; }

    /// <summary>The reliability table of the probabilities, with intervals over identities.</summary>
    public required IReadOnlyList<ReliabilityBin> Reliability { get; init; }

    /// <summary>
    /// The calibration for a gallery: at the prior that is given here, else the one given when it was fitted, else one over the number of
    /// people, yet at most one half, as the person asked for need not be among them.
    /// </summary>
    /// <param name="peopleCount">The people ranked.</param>
    /// <param name="prior">The share of targets, above 0 and below 1, or null.</param>
    public ScoreCalibration For(int peopleCount, double? prior = null) =>
        Calibration with { Prior = prior ?? (IsPriorGiven ? Calibration.Prior : 1.0 / Math.Max(2, peopleCount)) };

    /// <summary>Refuses scores of another kind than those it was fitted to: their probabilities would be wrong.</summary>
    /// <param name="direction">The modalities of probe and gallery.</param>
    /// <param name="metric">The metric that ranks.</param>
    /// <param name="identities">The aggregation of an identity's clips; null for clips.</param>
    /// <exception cref="ArgumentException">One of them differs; the message names it, with both values.</exception>
    public void Require(RetrievalDirection direction, RankingMetric metric, IdentityAggregation? identities)
    {
        (string What, string Fitted, string Requested)[] kinds =
        [
            ("direction", EnumText.Of(Direction), EnumText.Of(direction)),
            ("metric", EnumText.Of(Metric), EnumText.Of(metric)),
            ("ranked", Describe(Identities), Describe(identities)),
        ];
        string differences = string.Join("; ", kinds.Where(kind => kind.Fitted != kind.Requested)
            .Select(kind => $"{kind.What} {kind.Requested} is asked for, it was fitted to {kind.Fitted}"));
        if (differences.Length > 0)
        {
            throw UserError.Mark(new ArgumentException(
                $"The calibration is for other scores: {differences}. Calibrate those that are ranked."));
        }
    }

    private static string Describe(IdentityAggregation? identities) => identities switch
    {
        null => "clips",
        { Score: IdentityScore.TopM } => $"identities by the mean of their {identities.TopCount} best clips",
        { Score: IdentityScore.Mean } => "identities by their mean",
        { Score: IdentityScore.ShrunkenMean, Shrinkage: double clips } => FormattableString.Invariant(
            $"identities by their mean, shrunken by {clips} clips"),
        { Score: IdentityScore.ShrunkenMean } => "identities by their shrunken mean",
        _ => "identities by their best clip",
    };
}

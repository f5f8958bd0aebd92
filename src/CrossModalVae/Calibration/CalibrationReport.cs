using CrossModalVae.Corpora;
using CrossModalVae.Metrics;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Calibration;

/// <summary>A calibration, what it was fitted to, and how well its probabilities come true: what a calibration file holds.</summary>
public sealed record CalibrationReport
{
    /// <summary>Which modality asked.</summary>
    public required RetrievalDirection Direction { get; init; }

    /// <summary>What nearness meant.</summary>
    public required RankingMetric Metric { get; init; }

    /// <summary>How an identity's clips became one score; null for the scores of clips.</summary>
    public IdentityAggregation? Identities { get; init; }

    /// <summary>Whose trials they were.</summary>
    public required CorpusSplit Split { get; init; }

    /// <summary>Seed of the drawn trials.</summary>
    public required long Seed { get; init; }

    /// <summary>The calibration.</summary>
    public required ScoreCalibration Calibration { get; init; }

    /// <summary>Target and non-target trials.</summary>
    public required long TrialCount { get; init; }

    /// <summary>The people in them, in ordinal order.</summary>
    public required IReadOnlyList<string> People { get; init; }

    /// <summary>Losses with the score itself taken for the log-odds, as if it needed no calibration (Brümmer, du Preez 2006).</summary>
    public required ProbabilityLosses Before { get; init; }

    /// <summary>Losses of the calibrated probabilities, at the trials' own share of targets; see <see cref="IsHeldOut"/>.</summary>
    public required ProbabilityLosses After { get; init; }

    /// <summary>
    /// Whether <see cref="After"/> and the table judge people by fits to the trials of others (five folds of people); false where there are
    /// too few people for that, and the trials judge the fit that they made.
    /// </summary>
    public required bool IsHeldOut { get; init; }

    /// <summary>How often the probabilities came true, with intervals over people.</summary>
    public required IReadOnlyList<ReliabilityBin> Reliability { get; init; }

    /// <summary>Refuses scores of another kind than those it was fitted to: their probabilities would mean nothing.</summary>
    /// <param name="direction">Which modality asks.</param>
    /// <param name="metric">What nearness means.</param>
    /// <param name="identities">How an identity's clips become one score; null for clips.</param>
    /// <exception cref="ArgumentException">One of them differs; the message names it, with both values.</exception>
    public void Require(RetrievalDirection direction, RankingMetric metric, IdentityAggregation? identities)
    {
        var differences = new List<string>();
        Compare("direction", EnumText.Of(Direction), EnumText.Of(direction));
        Compare("metric", EnumText.Of(Metric), EnumText.Of(metric));
        Compare("ranked", Describe(Identities), Describe(identities));
        if (differences.Count > 0)
        {
            throw UserError.Mark(new ArgumentException(
                $"The calibration is for other scores: {string.Join("; ", differences)}. Calibrate those that are ranked."));
        }

        void Compare(string what, string fitted, string asked)
        {
            if (fitted != asked)
            {
                differences.Add($"{what} {asked} is asked for, it was fitted to {fitted}");
            }
        }
    }

    private static string Describe(IdentityAggregation? identities) => identities switch
    {
        null => "clips",
        { Score: IdentityScore.TopM } => $"identities by the mean of their {identities.TopCount} best clips",
        { Score: IdentityScore.Mean } => "identities by their mean",
        _ => "identities by their best clip",
    };
}

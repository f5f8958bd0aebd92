using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;

namespace CrossModalVae.Evaluation;

/// <summary>The scores on the identities of one split.</summary>
public sealed record PopulationScores
{
    /// <summary>With fewer identities an interval is too wide to be meaningful.</summary>
    public const int FewestIdentities = 10;

    /// <summary>With fewer identities there is no metric: one or two people would decide it.</summary>
    public const int FewestIdentitiesOfMetric = StratumPlan.FewestIdentities;

    /// <summary>The split.</summary>
    public required CorpusSplit Split { get; init; }

    /// <summary>What the identities were in training.</summary>
    public Population Population => Split switch
    {
        CorpusSplit.Train => Population.SeenHeard,
        CorpusSplit.Validation => Population.Validation,
        _ => Population.UnseenUnheard,
    };

    /// <summary>Identities with both modalities.</summary>
    public required int IdentityCount { get; init; }

    /// <summary>Those of them with one clip, which has no other clip as its positive.</summary>
    public int OneClipIdentityCount { get; init; }

    /// <summary>Clips scored.</summary>
    public required int ClipCount { get; init; }

    /// <summary>The model first, then the systems it is compared with.</summary>
    public required IReadOnlyList<SystemScores> Systems { get; init; }

    /// <summary>The model minus each system it is compared with.</summary>
    public IReadOnlyList<DirectionDifference> Differences { get; init; } = [];

    /// <summary>The distance between the voices' and the faces' clouds; null where it was not computed.</summary>
    public ModalityGap? ModalityGap { get; init; }

    /// <summary>The clusters that the transductive scores are means over; null where these were not asked for.</summary>
    public TransductiveClusters? Transductive { get; init; }

    /// <summary>How much of the model's ability is gender, age and nationality; null where it was not asked for or none is known.</summary>
    public ScoreExplanation? Explanation { get; init; }

    /// <summary>Whether confidences predict the model's errors, by task and direction; empty where it was not asked for.</summary>
    public IReadOnlyList<UncertaintyScores> Uncertainty { get; init; } = [];

    /// <summary>What was left out and why, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The system of a kind; null where it was not scored.</summary>
    /// <param name="kind">The kind.</param>
    public SystemScores? Find(SystemKind kind) => Systems.FirstOrDefault(system => system.Kind == kind);

    /// <summary>What to know before using the metrics, a sentence each.</summary>
    public IReadOnlyList<string> Warnings =>
    [
        .. Systems[0].Scores
            .SelectMany(scores => scores.Metrics.Where(metric => metric.Value.ByIdentity?.Count < FewestIdentities)
                .GroupBy(metric => metric.Value.ByIdentity!.Count, metric => EvaluationMetrics.Key(metric.Key))
                .Select(few =>
                    (scores.Stratum, Metrics: few.Count() == scores.Metrics.Count ? "" : $", {string.Join(", ", few)}", Count: few.Key)))
            .Distinct() // most hold for both directions
            .Select(few => $"{EnumText.Of(Population)}, {Strata.Title(few.Stratum)}{few.Metrics}: {Counted.Of(few.Count, "identity")}; "
                + $"with fewer than {FewestIdentities} an interval is too wide to mean anything."),
    ];
}

/// <summary>What the identities of an evaluation were in training; metrics of different populations are not comparable.</summary>
public enum Population
{
    /// <summary>Identities of the test split: generalisation.</summary>
    UnseenUnheard,

    /// <summary>
    /// Identities of the validation split: the model is not fitted to them, but the epoch that was kept, and the size of the linear
    /// baseline, were chosen by their scores, which are therefore a little too good.
    /// </summary>
    Validation,

    /// <summary>
    /// Identities of the training split: memorisation. As splits here separate identities, these are the training clips, not further clips
    /// of the same identities as in the field's seen-heard lists.
    /// </summary>
    SeenHeard,
}

/// <summary>One system in every stratum and both directions.</summary>
/// <param name="Kind">Its role.</param>
/// <param name="Scores">By stratum, then direction.</param>
public sealed record SystemScores(SystemKind Kind, IReadOnlyList<DirectionScores> Scores)
{
    /// <summary>Identities it was scored on: for the gender oracle those with a known gender.</summary>
    public int IdentityCount { get; init; }

    /// <summary>The scores of a stratum and direction; null where the stratum has no trial.</summary>
    /// <param name="stratum">The stratum.</param>
    /// <param name="direction">The direction.</param>
    public DirectionScores? Find(Stratum stratum, RetrievalDirection direction) =>
        Scores.FirstOrDefault(scores => scores.Stratum == stratum && scores.Direction == direction);
}

/// <summary>The role of a system in an evaluation.</summary>
public enum SystemKind
{
    /// <summary>The system that is evaluated.</summary>
    Model,

    /// <summary>The system it is compared with.</summary>
    Against,

    /// <summary>Canonical correlation analysis on the same features.</summary>
    Linear,

    /// <summary>Knows the gender of every identity and nothing else.</summary>
    GenderOracle,

    /// <summary>Random scores.</summary>
    RandomScores,

    /// <summary>The ideal matcher of a synthetic corpus.</summary>
    Ceiling,

    /// <summary>The model's scores as means over clusters of the evaluated set: transductive, where all others are inductive.</summary>
    Transductive,
}

using CrossModalVae.Corpora;

namespace CrossModalVae.Evaluation;

/// <summary>The protocol on the people of one split.</summary>
public sealed record PopulationScores
{
    /// <summary>Fewer identities than this make an interval that means nothing.</summary>
    public const int FewestIdentities = 10;

    /// <summary>The split.</summary>
    public required CorpusSplit Split { get; init; }

    /// <summary>Whether training has met these people.</summary>
    public Population Population => Split == CorpusSplit.Train ? Population.SeenHeard : Population.UnseenUnheard;

    /// <summary>Identities with both modalities.</summary>
    public required int IdentityCount { get; init; }

    /// <summary>Clips scored.</summary>
    public required int ClipCount { get; init; }

    /// <summary>The model first, then what it is seen beside.</summary>
    public required IReadOnlyList<SystemScores> Systems { get; init; }

    /// <summary>The model minus the systems it is compared with.</summary>
    public IReadOnlyList<DirectionDifference> Differences { get; init; } = [];

    /// <summary>The system of a kind; null where it was not scored.</summary>
    /// <param name="kind">The kind.</param>
    public SystemScores? Find(SystemKind kind) => Systems.FirstOrDefault(system => system.Kind == kind);

    /// <summary>What a reader must know before using the figures, a sentence each; none where there is nothing to say.</summary>
    public IReadOnlyList<string> Warnings =>
    [
        .. Systems[0].Scores
            .SelectMany(scores => scores.Figures.Where(figure => figure.Value.ByIdentity?.Count < FewestIdentities)
                .GroupBy(figure => figure.Value.ByIdentity!.Count, figure => EvaluationFigures.Key(figure.Key))
                .Select(few =>
                    (scores.Stratum, Figures: few.Count() == scores.Figures.Count ? "" : $", {string.Join(", ", few)}", Count: few.Key)))
            .Distinct() // most hold for both directions
            .Select(few => $"{Files.EnumText.Of(Population)}, stratum {Strata.Name(few.Stratum)}{few.Figures}: {few.Count} identities; "
                + $"with fewer than {FewestIdentities} an interval is too wide to mean anything."),
    ];
}

using CrossModalVae.Retrieval;

namespace CrossModalVae.Evaluation.Trials;

/// <summary>How embeddings scored on listed trials.</summary>
/// <param name="Metric">What nearness means.</param>
/// <param name="TrialCount">Lines scored.</param>
/// <param name="MissingCount">Lines left out because the embeddings lack a clip they name.</param>
/// <param name="Lists">One entry for every kind, stratum, direction and number of candidates, in the order of the list.</param>
public sealed record TrialReport(RankingMetric Metric, long TrialCount, long MissingCount, IReadOnlyList<TrialListScores> Lists)
{
    /// <summary>What a reader must know before using the figures, a sentence each; none where there is nothing to say.</summary>
    public IReadOnlyList<string> Warnings =>
    [
        .. Lists.Where(list => list.Figures.Count > 0 && list.IdentityCount < PopulationScores.FewestIdentities).Select(list =>
            $"{Files.EnumText.Of(list.Kind)} {list.Stratum ?? "all"}: {list.IdentityCount} identities; "
            + $"with fewer than {PopulationScores.FewestIdentities} an interval is too wide to mean anything."),
    ];
}

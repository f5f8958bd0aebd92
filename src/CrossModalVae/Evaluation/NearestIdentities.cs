using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Evaluation;

/// <summary>The report's Figure 4: for a few probes, the identities of the other modality nearest to them.</summary>
/// <param name="Direction">The modalities of probe and gallery.</param>
/// <param name="Probe">The probe.</param>
/// <param name="OwnRank">One-based rank of the probe's identity among all identities of the gallery; null where it is not among
/// them.</param>
/// <param name="Matches">The nearest identities, nearest first, each by its nearest clip.</param>
public sealed record NearestIdentities(RetrievalDirection Direction, ClipKey Probe, int? OwnRank, IReadOnlyList<RankedMatch> Matches)
{
    /// <summary>The table for the first clip of every identity, at most <paramref name="probeCount"/> of them.</summary>
    /// <param name="embeddings">Rows of both modalities.</param>
    /// <param name="direction">The modalities of probe and gallery.</param>
    /// <param name="metric">The metric that ranks.</param>
    /// <param name="probeCount">How many probes, at least 1.</param>
    /// <param name="matchCount">How many identities for each, at least 1.</param>
    public static IReadOnlyList<NearestIdentities> Table(
        EmbeddingSet embeddings, RetrievalDirection direction, RankingMetric metric, int probeCount, int matchCount)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        (Modality asking, Modality answering) = ProtocolPlan.Sides(direction);
        EmbeddingSet probes = embeddings.Where(row => row.Modality == asking);
        var ranker = new Ranker(embeddings.Where(row => row.Modality == answering), metric);
        return
        [
            .. Enumerable.Range(0, probes.Count).DistinctBy(i => probes.Rows[i].Identity).Take(probeCount).Select(i =>
            {
                IReadOnlyList<RankedMatch> all = ranker.RankIdentities(probes, i, int.MaxValue);
                ClipKey probe = probes.Rows[i].Key;
                return new NearestIdentities(
                    direction, probe, all.FirstOrDefault(match => match.Identity == probe.Identity)?.Rank, [.. all.Take(matchCount)]);
            }),
        ];
    }
}

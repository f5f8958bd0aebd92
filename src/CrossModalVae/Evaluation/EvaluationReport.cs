using CrossModalVae.Clusters;
using CrossModalVae.Corpora;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Evaluation;

/// <summary>The results of an evaluation; the content of metrics.json.</summary>
public sealed record EvaluationReport
{
    /// <summary>The metric that ranks.</summary>
    public required RankingMetric Metric { get; init; }

    /// <summary>The options of the protocol.</summary>
    public required ProtocolOptions Options { get; init; }

    /// <summary>One entry a split, unseen identities first; at least one.</summary>
    public required IReadOnlyList<PopulationScores> Populations { get; init; }

    /// <summary>DBSCAN on joint, voice and face embeddings of the first population, as far as present.</summary>
    public IReadOnlyDictionary<Modality, ClusteringScores> Clustering { get; init; } = new Dictionary<Modality, ClusteringScores>();

    /// <summary>The nearest identities of a few probes of the first population, in both directions.</summary>
    public IReadOnlyList<NearestIdentities> Nearest { get; init; } = [];

    /// <summary>Broken clips that the linear baseline left out; empty where none was.</summary>
    public IReadOnlyList<SkippedClip> Skipped { get; init; } = [];

    /// <summary>
    /// About ten lines that answer: on whom, how good, and whether better than chance, gender and the linear baseline, and by how much.
    /// </summary>
    public IReadOnlyList<string> Summary => EvaluationSummary.Lines(this);

    /// <summary>Identities of the first population with both modalities.</summary>
    public int IdentityCount => Populations[0].IdentityCount;

    /// <summary>The model among everybody of the first population, voice to face.</summary>
    /// <exception cref="InvalidOperationException">It has fewer identities than a metric needs.</exception>
    public DirectionScores VoiceToFace => Model(RetrievalDirection.VoiceToFace);

    /// <summary>The same, face to voice.</summary>
    /// <exception cref="InvalidOperationException">As there.</exception>
    public DirectionScores FaceToVoice => Model(RetrievalDirection.FaceToVoice);

    /// <summary>Any system among everybody of the first population; null where it was not scored.</summary>
    /// <param name="kind">The system.</param>
    /// <param name="direction">The direction.</param>
    public DirectionScores? Find(SystemKind kind, RetrievalDirection direction) =>
        Populations[0].Find(kind)?.Find(Stratum.Everybody, direction);

    private DirectionScores Model(RetrievalDirection direction) => Find(SystemKind.Model, direction)
        ?? throw new InvalidOperationException(
            $"Fewer than {PopulationScores.FewestIdentitiesOfMetric} identities ask {EnumText.Of(direction)}; there is no metric.");
}

using CrossModalVae.Clustering;
using CrossModalVae.Embeddings;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Evaluation;

/// <summary>The whole evaluation of embeddings: guard, both directions, clustering, and the report's Figure 4 as a table.</summary>
public static class Evaluator
{
    private const int NearestProbes = 5;
    private const int NearestMatches = 5;

    /// <summary>Evaluates embeddings.</summary>
    /// <param name="embeddings">Rows of the identities to score; joint rows are used for clustering where they are there.</param>
    /// <param name="ranking">What nearness means.</param>
    /// <param name="clustering">How clusters are found.</param>
    /// <param name="options">Seed and number of trials.</param>
    /// <param name="ceiling">Scores the true match of two identities, probe's first, for a synthetic corpus; null elsewhere.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="InvalidDataException">The guard refuses the embeddings.</exception>
    /// <exception cref="ArgumentException">There are fewer than two identities with both modalities.</exception>
    public static EvaluationReport Evaluate(
        EmbeddingSet embeddings,
        RankingOptions ranking,
        ClusteringOptions clustering,
        ProtocolOptions options,
        Func<string, string, double>? ceiling = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        ArgumentNullException.ThrowIfNull(ranking);
        ArgumentNullException.ThrowIfNull(clustering);
        ArgumentNullException.ThrowIfNull(options);
        EmbeddingGuard.Check(embeddings, ranking.Metric);

        DirectionScores voiceToFace =
            CrossModalProtocol.Evaluate(embeddings, RetrievalDirection.VoiceToFace, ranking.Metric, options, cancellationToken);
        DirectionScores faceToVoice =
            CrossModalProtocol.Evaluate(embeddings, RetrievalDirection.FaceToVoice, ranking.Metric, options, cancellationToken);
        return new EvaluationReport
        {
            IdentityCount = voiceToFace.IdentityCount,
            ClipCount = embeddings.Rows.Select(row => (row.Identity, row.Clip)).Distinct().Count(),
            Seed = options.Seed,
            VoiceToFace = voiceToFace,
            FaceToVoice = faceToVoice,
            VoiceToFaceCeiling = ceiling is null ? null : Ceiling(RetrievalDirection.VoiceToFace, ceiling),
            FaceToVoiceCeiling = ceiling is null ? null : Ceiling(RetrievalDirection.FaceToVoice, (face, voice) => ceiling(voice, face)),
            Clustering = Cluster(embeddings, clustering, options.Seed, cancellationToken),
            Nearest =
            [
                .. NearestIdentities.Table(embeddings, RetrievalDirection.FaceToVoice, ranking.Metric, NearestProbes, NearestMatches),
                .. NearestIdentities.Table(embeddings, RetrievalDirection.VoiceToFace, ranking.Metric, NearestProbes, NearestMatches),
            ],
        };

        DirectionScores Ceiling(RetrievalDirection direction, Func<string, string, double> score) =>
            EvaluateIdentities(embeddings, direction, score, options, cancellationToken);
    }

    /// <summary>Runs the protocol with a score that knows identities only: an ideal matcher, an oracle.</summary>
    /// <param name="embeddings">Whose rows the protocol runs over; their values are not looked at.</param>
    /// <param name="direction">Which modality asks.</param>
    /// <param name="score">The score of a probe's identity against a gallery item's identity, higher is nearer.</param>
    /// <param name="options">Seed and number of trials.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static DirectionScores EvaluateIdentities(
        EmbeddingSet embeddings,
        RetrievalDirection direction,
        Func<string, string, double> score,
        ProtocolOptions options,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        ArgumentNullException.ThrowIfNull(score);
        ClipKey[] voices = Keys(Modality.Voice);
        ClipKey[] faces = Keys(Modality.Face);
        (ClipKey[] probes, ClipKey[] gallery) = direction == RetrievalDirection.VoiceToFace ? (voices, faces) : (faces, voices);
        return CrossModalProtocol.Evaluate(direction, probes, gallery, ScoreRow, options, cancellationToken);

        ClipKey[] Keys(Modality modality) =>
            [.. embeddings.Rows.Where(row => row.Modality == modality).Select(row => new ClipKey(row.Identity, row.Clip))];

        void ScoreRow(int probe, Span<float> scores)
        {
            var known = new Dictionary<string, float>(StringComparer.Ordinal);
            for (int i = 0; i < scores.Length; i++)
            {
                string identity = gallery[i].Identity;
                if (!known.TryGetValue(identity, out float value))
                {
                    value = known[identity] = (float)score(probes[probe].Identity, identity);
                }

                scores[i] = value;
            }
        }
    }

    private static Dictionary<Modality, ClusteringScores> Cluster(
        EmbeddingSet embeddings, ClusteringOptions clustering, long seed, CancellationToken cancellationToken)
    {
        var scores = new Dictionary<Modality, ClusteringScores>();
        foreach (Modality modality in (Modality[])[Modality.Joint, Modality.Voice, Modality.Face])
        {
            EmbeddingSet own = embeddings.Where(row => row.Modality == modality);
            if (own.Count > 0)
            {
                ClusterAssignment result = clustering.Fit(own.Values, own.Count, own.Dimension, cancellationToken);
                scores[modality] = ClusteringScores.Compute(own, result, clustering.Metric, seed, cancellationToken);
            }
        }

        return scores;
    }
}

using CrossModalVae.Embeddings;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Evaluation;

/// <summary>Something that scores probes against a gallery.</summary>
public sealed class EvaluationSystem
{
    private readonly Func<RetrievalDirection, IReadOnlyList<EmbeddingRow>, IReadOnlyList<EmbeddingRow>, GalleryScorer> _scorer;

    private EvaluationSystem(
        SystemKind kind,
        Func<RetrievalDirection, IReadOnlyList<EmbeddingRow>, IReadOnlyList<EmbeddingRow>, GalleryScorer> scorer) => (Kind, _scorer) = (
            kind, scorer);

    /// <summary>The part it plays.</summary>
    public SystemKind Kind { get; }

    /// <summary>Embeddings and a distance.</summary>
    /// <param name="kind">The part it plays.</param>
    /// <param name="embeddings">Rows of every clip and modality that will be evaluated, in any order,
    /// each once; others are left aside.</param>
    /// <param name="metric">What nearness means.</param>
    public static EvaluationSystem OfEmbeddings(SystemKind kind, EmbeddingSet embeddings, RankingMetric metric)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        return new EvaluationSystem(kind, (_, probes, gallery) =>
        {
            EmbeddingSet asking = AlignedRows.Of(kind, embeddings, probes);
            var ranker = new Ranker(AlignedRows.Of(kind, embeddings, gallery), metric);
            return (probe, scores) => ranker.Score(asking, probe, scores);
        });
    }

    /// <summary>A score of two people: an ideal matcher, an oracle. Called from several threads at once.</summary>
    /// <param name="kind">The part it plays.</param>
    /// <param name="score">Scores a voice's row and a face's row, higher is nearer; asked once for every pair of identities, so it may look
    /// at what an identity's clips share only.</param>
    public static EvaluationSystem OfIdentities(SystemKind kind, Func<EmbeddingRow, EmbeddingRow, double> score)
    {
        ArgumentNullException.ThrowIfNull(score);
        return new EvaluationSystem(kind, (direction, probes, gallery) => (probe, scores) =>
        {
            var known = new Dictionary<string, float>(StringComparer.Ordinal);
            for (int i = 0; i < scores.Length; i++)
            {
                if (!known.TryGetValue(gallery[i].Identity, out float value))
                {
                    value = known[gallery[i].Identity] = (float)(direction == RetrievalDirection.VoiceToFace
                        ? score(probes[probe], gallery[i])
                        : score(gallery[i], probes[probe]));
                }

                scores[i] = value;
            }
        });
    }

    /// <summary>
    /// Says "same" of two clips of one gender, "not the same" of two, and nothing where one is
    /// unknown: what a system may owe to gender alone.
    /// </summary>
    public static EvaluationSystem GenderOracle() => OfIdentities(
        SystemKind.GenderOracle, (voice, face) => voice.Gender is null || face.Gender is null ? 0.5 : voice.Gender == face.Gender ? 1 : 0);

    /// <summary>Random scores: chance, as it comes out on these trials.</summary>
    /// <param name="seed">Seed of the scores.</param>
    public static EvaluationSystem Random(long seed) => new(SystemKind.Random, (direction, probes, _) => (probe, scores) =>
    {
        var random = SeededRandom.For(seed, $"random scores/{direction}/{probes[probe].Identity}/{probes[probe].Clip}");
        foreach (ref float score in scores)
        {
            score = (float)random.NextDouble();
        }
    });

    internal GalleryScorer Scorer(RetrievalDirection direction, IReadOnlyList<EmbeddingRow> probes, IReadOnlyList<EmbeddingRow> gallery) =>
        _scorer(direction, probes, gallery);
}

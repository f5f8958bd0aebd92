using System.Buffers;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Evaluation;

/// <summary>Something that scores probes against a gallery.</summary>
public sealed class EvaluationSystem
{
    private EvaluationSystem(
        SystemKind kind, Func<RetrievalDirection, IReadOnlyList<EmbeddingRow>, IReadOnlyList<EmbeddingRow>, GalleryScorer> scorer) =>
            (Kind, Scorer) = (kind, scorer);

    /// <summary>Its role in the evaluation.</summary>
    public SystemKind Kind { get; }

    /// <summary>Prepares the scores of some probes against a gallery, in a direction.</summary>
    internal Func<RetrievalDirection, IReadOnlyList<EmbeddingRow>, IReadOnlyList<EmbeddingRow>, GalleryScorer> Scorer { get; }

    /// <summary>Of a transductive system, what it computes; else null.</summary>
    internal TransductiveScores? Means { get; private init; }

    /// <summary>Embeddings and a distance.</summary>
    /// <param name="kind">Its role in the evaluation.</param>
    /// <param name="embeddings">Rows of every clip and modality that will be evaluated, in any order, each once; others are
    /// ignored.</param>
    /// <param name="metric">The metric that ranks.</param>
    public static EvaluationSystem OfEmbeddings(SystemKind kind, EmbeddingSet embeddings, RankingMetric metric)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        return new EvaluationSystem(kind, (_, probes, gallery) =>
        {
            EmbeddingSet asking = Align(kind, embeddings, probes);
            var ranker = new Ranker(Align(kind, embeddings, gallery), metric);
            return (probe, scores) => ranker.Score(asking, probe, scores);
        });
    }

    /// <summary>
    /// The model's transductive scores: means over pairs of clusters of the evaluated voices and faces, each modality clustered by itself
    /// and without labels. <see cref="Evaluator"/> gives them beside the model's own, the inductive ones.
    /// </summary>
    /// <param name="embeddings">The model's embeddings: rows of every clip and modality that will be evaluated.</param>
    /// <param name="metric">The metric that ranks.</param>
    /// <param name="voices">Features of the same voices to cluster in place of the embeddings, by their cosine: a pretrained encoder's; or
    /// null.</param>
    /// <param name="faces">The same of faces.</param>
    public static EvaluationSystem Transductive(
        EmbeddingSet embeddings, RankingMetric metric, EmbeddingSet? voices = null, EmbeddingSet? faces = null)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        var features = new Dictionary<Modality, EmbeddingSet>();
        foreach ((Modality modality, EmbeddingSet? own) in new[] { (Modality.Voice, voices), (Modality.Face, faces) })
        {
            if (own is not null)
            {
                features[modality] = own;
            }
        }

        var scores = new TransductiveScores(embeddings, metric, features);
        return new EvaluationSystem(SystemKind.Transductive, (_, probes, gallery) => scores.Scorer(probes, gallery)) { Means = scores };
    }

    /// <summary>A score of two identities: an ideal matcher, an oracle. Called from several threads at once.</summary>
    /// <param name="kind">Its role in the evaluation.</param>
    /// <param name="score">Scores a voice's row and a face's row, higher is nearer; called once for every pair of identities, so it may use
    /// only what an identity's clips share.</param>
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
    /// Scores 1 for two clips of one gender, 0 for two of different genders: what gender alone can achieve. <see cref="Evaluator"/> scores
    /// it on the people with a gender, and leaves it out where these are too few or of one gender.
    /// </summary>
    public static EvaluationSystem GenderOracle() => OfIdentities(
        SystemKind.GenderOracle, (voice, face) => voice.Gender == face.Gender ? 1 : 0);

    /// <summary>Random scores: the chance level as measured on these trials.</summary>
    /// <param name="seed">Seed of the scores.</param>
    public static EvaluationSystem RandomScores(long seed) => new(SystemKind.RandomScores, (direction, probes, _) => (probe, scores) =>
    {
        var random = SeededRandom.For(seed, $"random scores/{direction}/{probes[probe].Identity}/{probes[probe].Clip}");
        foreach (ref float score in scores)
        {
            score = (float)random.NextDouble();
        }
    });

    /// <summary>Embeddings' scores less what is known of a voice's and a face's rows; not the model itself, so that its curve has no
    /// interval to compute.</summary>
    internal static EvaluationSystem Without(
        EmbeddingSet embeddings, RankingMetric metric, Func<EmbeddingRow, EmbeddingRow, double> known) =>
        new(SystemKind.Against, (direction, probes, gallery) =>
        {
            EmbeddingSet asking = Align(SystemKind.Model, embeddings, probes);
            var ranker = new Ranker(Align(SystemKind.Model, embeddings, gallery), metric);
            return (probe, scores) =>
            {
                double[] own = ArrayPool<double>.Shared.Rent(scores.Length);
                ranker.Score(asking, probe, own.AsSpan(0, scores.Length));
                for (int i = 0; i < scores.Length; i++)
                {
                    scores[i] = (float)(own[i] - (direction == RetrievalDirection.VoiceToFace
                        ? known(probes[probe], gallery[i])
                        : known(gallery[i], probes[probe])));
                }

                ArrayPool<double>.Shared.Return(own);
            };
        });

    /// <summary>A scorer that numbers probes and gallery as they stand in <paramref name="rows"/>, the probes first.</summary>
    internal static EvaluationSystem OfScorer(GalleryScorer scorer, IReadOnlyList<EmbeddingRow> rows, int probeCount)
    {
        var places = new Dictionary<EmbeddingRow, int>(ReferenceEqualityComparer.Instance); // rows of one clip are equal
        for (int i = 0; i < rows.Count; i++)
        {
            places[rows[i]] = i < probeCount ? i : i - probeCount;
        }

        return new EvaluationSystem(SystemKind.Model, (_, probes, gallery) => (probe, scores) =>
        {
            float[] given = ArrayPool<float>.Shared.Rent(scores.Length);
            scorer(places[probes[probe]], given.AsSpan(0, scores.Length));
            for (int i = 0; i < scores.Length; i++)
            {
                scores[i] = given[places[gallery[i]]];
            }

            ArrayPool<float>.Shared.Return(given);
        });
    }

    /// <summary>The embeddings of some rows, in their order.</summary>
    /// <exception cref="InvalidDataException">A row is missing, or given twice.</exception>
    internal static EmbeddingSet Align(SystemKind kind, EmbeddingSet embeddings, IReadOnlyList<EmbeddingRow> rows)
    {
        var places = new Dictionary<(Modality, ClipKey), int>();
        for (int i = 0; i < embeddings.Count; i++)
        {
            EmbeddingRow row = embeddings.Rows[i];
            if (!places.TryAdd((row.Modality, row.Key), i))
            {
                throw new InvalidDataException(
                    $"The {EnumText.Of(kind)} embeddings have the {row.Label} twice; expected once, so that a trial has one score.");
            }
        }

        EmbeddingSet found = embeddings.Pick(
        [
            .. rows.Select(row => places.TryGetValue((row.Modality, row.Key), out int place) ? place : throw new InvalidDataException(
                $"The {EnumText.Of(kind)} embeddings lack the {row.Label}; expected all that are evaluated, "
                + "since only scores on the same trials can be compared.")),
        ]);
        return new EmbeddingSet(found.Values, found.Dimension, rows, found.StandardDeviations, found.Reconstructions);
    }
}

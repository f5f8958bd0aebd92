using CrossModalVae.Embeddings;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Evaluation;

/// <summary>
/// Transductive scores: the voices and the faces that are evaluated are clustered, each modality by itself (<see cref="SetClusters"/>), and
/// every pair of a voice and a face scores the mean over the pairs of their clusters. They take the whole set of probes and gallery at
/// once, which a system that answers one probe does not have, and are no score of it; no label is read.
/// </summary>
/// <param name="embeddings">Rows of every clip and modality that will be evaluated.</param>
/// <param name="metric">The metric that ranks.</param>
/// <param name="features">By modality, what is clustered in place of the embeddings: features of the same rows.</param>
internal sealed class TransductiveScores(
    EmbeddingSet embeddings, RankingMetric metric, IReadOnlyDictionary<Modality, EmbeddingSet> features)
{
    // Means of clusters that are kept, so that each is computed once; as many bytes as the protocol keeps for all pairs. Those of the
    // smallest clusters beyond are computed for every row anew.
    private const long KeptMeans = 20_000_000;

    private readonly Dictionary<Modality, (EmbeddingRow[] Rows, SetClusters Clusters)> _known = []; // both directions ask for the same

    /// <summary>The clusters of the modalities that were scored last.</summary>
    public TransductiveClusters Clusters => new(Of(Modality.Voice), Of(Modality.Face));

    /// <summary>Prepares the scores of some probes against a gallery: all rows of the two modalities that are evaluated.</summary>
    public GalleryScorer Scorer(IReadOnlyList<EmbeddingRow> probes, IReadOnlyList<EmbeddingRow> gallery)
    {
        EmbeddingSet asking = EvaluationSystem.Align(SystemKind.Model, embeddings, probes);
        var ranker = new Ranker(EvaluationSystem.Align(SystemKind.Model, embeddings, gallery), metric);
        SetClusters own = Find(probes), answering = Find(gallery);
        var kept = new Lazy<float[]>?[own.Members.Length];
        long left = KeptMeans;
        foreach (int cluster in Enumerable.Range(0, kept.Length).OrderByDescending(cluster => own.Members[cluster].Count)) // stable
        {
            left -= answering.Members.Length;
            kept[cluster] = own.Members[cluster].Count > 1 && left >= 0 ? new(() => Means(cluster)) : null;
        }

        return (probe, scores) =>
        {
            int cluster = own.Labels[probe];
            float[] means = kept[cluster]?.Value ?? Means(cluster);
            for (int i = 0; i < scores.Length; i++)
            {
                scores[i] = means[answering.Labels[i]];
            }
        };

        // [clusters of the gallery], summed in an order that no label changes.
        float[] Means(int cluster)
        {
            var sums = new double[answering.Members.Length];
            var scores = new double[gallery.Count];
            foreach (int member in own.Members[cluster])
            {
                ranker.Score(asking, member, scores);
                foreach (int row in answering.Order)
                {
                    sums[answering.Labels[row]] += scores[row];
                }
            }

            return [.. sums.Select((sum, other) => (float)(sum / ((double)own.Members[cluster].Count * answering.Members[other].Count)))];
        }
    }

    private SetClusters Find(IReadOnlyList<EmbeddingRow> rows)
    {
        Modality modality = rows[0].Modality;
        if (!_known.TryGetValue(modality, out var known) || !known.Rows.SequenceEqual(rows, ReferenceEqualityComparer.Instance))
        {
            EmbeddingSet points = EvaluationSystem.Align(SystemKind.Model, features.GetValueOrDefault(modality, embeddings), rows);
            _known[modality] = known = ([.. rows], SetClusters.Find(points.Values, points.Dimension, default));
        }

        return known.Clusters;
    }

    private TransductiveModality Of(Modality modality)
    {
        (EmbeddingRow[] rows, SetClusters clusters) = _known[modality];
        return new TransductiveModality(
            rows.Length, clusters.Shared.ClusterCount, clusters.Shared.RowCount, features.ContainsKey(modality));
    }
}

/// <summary>The clusters that a transductive score took its means over.</summary>
/// <param name="Voice">Of the voices.</param>
/// <param name="Face">Of the faces.</param>
public sealed record TransductiveClusters(TransductiveModality Voice, TransductiveModality Face)
{
    /// <summary>Whether there are none, so that the transductive scores are the inductive ones.</summary>
    public bool AreNone => Voice.ClusterCount + Face.ClusterCount == 0;
}

/// <summary>The clusters of one modality.</summary>
/// <param name="RowCount">Rows clustered.</param>
/// <param name="ClusterCount">Clusters of two rows or more.</param>
/// <param name="ClusteredCount">Rows in them.</param>
/// <param name="FromFeatures">Whether the front end's features were clustered in place of the embeddings.</param>
public sealed record TransductiveModality(int RowCount, int ClusterCount, int ClusteredCount, bool FromFeatures);

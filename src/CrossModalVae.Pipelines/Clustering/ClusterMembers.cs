using System.Buffers;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Pipelines;

/// <summary>The points that draw others into their clusters, and a point's distances to them; at least one.</summary>
internal sealed class ClusterMembers
{
    private readonly int[] _labels;
    private readonly Ranker _ranker;
    private readonly DistanceMetric _metric;

    private ClusterMembers(FittedRows rows, int[] members, IReadOnlyList<int> labels, DistanceMetric metric)
    {
        _labels = [.. members.Select(row => labels[row])];
        _metric = metric;
        float[] values = [.. members.SelectMany(row => rows[row].ToArray())]; // [members, D]
        _ranker = new Ranker(new EmbeddingSet(values, rows.Dimension, [.. members.Select(Name)]), metric.ToRanking());
    }

    /// <summary>The rows that are members; null where none is.</summary>
    public static ClusterMembers? Of(FittedRows rows, IReadOnlyList<int> labels, Predicate<int> isMember, DistanceMetric metric)
    {
        int[] members = [.. Enumerable.Range(0, labels.Count).Where(row => isMember(row))];
        return members.Length == 0 ? null : new ClusterMembers(rows, members, labels, metric);
    }

    /// <summary>The nearest member's cluster, and how far it is.</summary>
    public (int Label, double Distance) Nearest(ReadOnlySpan<float> point)
    {
        RankedRow nearest = _ranker.Search(point, 1)[0];
        return (_labels[nearest.Row], Distance(nearest.Score));
    }

    /// <summary>
    /// The distance to the nearest member of each cluster. That of the point's own cluster is the least: where a member of another one is
    /// nearer, as for a border point between two, it becomes the next smaller number than that one's.
    /// </summary>
    public void Distances(ReadOnlySpan<float> point, int label, Span<float> distances)
    {
        float[] scores = ArrayPool<float>.Shared.Rent(_labels.Length);
        _ranker.Score(point, scores.AsSpan(0, _labels.Length));
        distances.Fill(float.PositiveInfinity);
        for (int i = 0; i < _labels.Length; i++)
        {
            ref float nearest = ref distances[_labels[i]];
            nearest = MathF.Min(nearest, (float)Distance(scores[i]));
        }

        ArrayPool<float>.Shared.Return(scores);
        float own = distances[label];
        distances[label] = float.PositiveInfinity;
        float others = distances[0];
        foreach (float distance in distances)
        {
            others = MathF.Min(others, distance);
        }

        distances[label] = own < others ? own : MathF.BitDecrement(others);
    }

    private double Distance(double score) => _metric == DistanceMetric.Cosine ? 1 - score : -score;

    private static EmbeddingRow Name(int row) =>
        new() { Identity = "member", Clip = $"{row}", Modality = Modality.Joint, Split = CorpusSplit.Test };
}

using System.Runtime.InteropServices;
using CrossModalVae.Clustering;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Pipelines;

/// <summary>The clusters of fitted points, and the cluster of any other point: that of the nearest core point within eps, else noise.</summary>
internal sealed class FittedClusters
{
    private readonly float[] _values;
    private readonly int[] _coreLabels;
    private readonly Ranker? _cores;
    private readonly DistanceMetric _metric;
    private readonly Dictionary<int, List<int>> _rowsByHash = [];

    public FittedClusters(float[] values, int dimension, DbscanResult result, DistanceMetric metric)
    {
        _values = values;
        Dimension = dimension;
        Result = result;
        _metric = metric;
        int[] cores = [.. Enumerable.Range(0, result.Labels.Count).Where(i => result.IsCore[i])];
        _coreLabels = [.. cores.Select(i => result.Labels[i])];
        if (cores.Length > 0)
        {
            float[] coreValues = [.. cores.SelectMany(i => Row(i).ToArray())]; // [cores, dimension]
            _cores = new Ranker(new EmbeddingSet(coreValues, dimension, [.. cores.Select(Name)]), metric);
        }

        for (int i = 0; i < result.Labels.Count; i++)
        {
            int hash = Hash(Row(i));
            if (!_rowsByHash.TryGetValue(hash, out List<int>? rows))
            {
                _rowsByHash.Add(hash, rows = []);
            }

            rows.Add(i);
        }
    }

    public int Dimension { get; }

    public DbscanResult Result { get; }

    /// <summary>The label of a point.</summary>
    public int Label(ReadOnlySpan<float> point)
    {
        if (JointPosterior.IsMissing(point))
        {
            return DbscanResult.Noise;
        }

        // A border point between clusters keeps the label it was fitted with, even where another cluster's core is nearer; equal points
        // have equal neighbours, hence equal labels.
        if (_rowsByHash.TryGetValue(Hash(point), out List<int>? rows))
        {
            foreach (int i in rows)
            {
                if (point.SequenceEqual(Row(i)))
                {
                    return Result.Labels[i];
                }
            }
        }

        if (_cores is null)
        {
            return DbscanResult.Noise;
        }

        var scores = new float[_cores.Count];
        _cores.Score(point, scores);
        int nearest = scores.AsSpan().IndexOf(scores.Max());
        double distance = _metric == DistanceMetric.Cosine ? Math.Max(0, 1.0 - scores[nearest]) : -scores[nearest];
        return distance <= Result.Eps ? _coreLabels[nearest] : DbscanResult.Noise;
    }

    private static EmbeddingRow Name(int i) =>
        new() { Identity = "core", Clip = $"{i}", Modality = Modality.Joint, Split = CorpusSplit.Test };

    private static int Hash(ReadOnlySpan<float> row)
    {
        HashCode hash = default;
        hash.AddBytes(MemoryMarshal.AsBytes(row));
        return hash.ToHashCode();
    }

    private ReadOnlySpan<float> Row(int i) => _values.AsSpan(i * Dimension, Dimension);
}

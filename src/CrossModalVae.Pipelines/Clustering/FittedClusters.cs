using CrossModalVae.Clustering;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Pipelines;

/// <summary>
/// The clusters of fitted points, and the cluster of any other point: that of the nearest core point within eps, else noise.
/// </summary>
internal sealed class FittedClusters
{
    private readonly FittedRows _rows;
    private readonly int[] _coreLabels;
    private readonly Ranker? _cores;
    private readonly DistanceMetric _metric;

    public FittedClusters(FittedRows rows, DbscanResult result, DistanceMetric metric)
    {
        _rows = rows;
        Result = result;
        _metric = metric;
        int[] cores = [.. Enumerable.Range(0, result.Labels.Count).Where(i => result.IsCore[i])];
        _coreLabels = [.. cores.Select(i => result.Labels[i])];
        if (cores.Length > 0)
        {
            float[] coreValues = [.. cores.SelectMany(i => rows[i].ToArray())]; // [cores, dimension]
            _cores = new Ranker(new EmbeddingSet(coreValues, rows.Dimension, [.. cores.Select(Name)]), metric.ToRanking());
        }
    }

    public int Dimension => _rows.Dimension;

    public DbscanResult Result { get; }

    /// <summary>The label of a point.</summary>
    public int Label(ReadOnlySpan<float> point)
    {
        if (JointPosterior.IsMissing(point))
        {
            return DbscanResult.Noise;
        }

        // A border point between clusters keeps its fitted label, even where another cluster's core is nearer; equal points have equal
        // neighbours, hence equal labels.
        if (_rows.Find(point) is int row)
        {
            return Result.Labels[row];
        }

        if (_cores is null)
        {
            return DbscanResult.Noise;
        }

        RankedRow nearest = _cores.Search(point, 1)[0];
        double distance = _metric == DistanceMetric.Cosine ? 1 - nearest.Score : -nearest.Score;
        return distance <= Result.Eps ? _coreLabels[nearest.Row] : DbscanResult.Noise;
    }

    private static EmbeddingRow Name(int i) =>
        new() { Identity = "core", Clip = $"{i}", Modality = Modality.Joint, Split = CorpusSplit.Test };
}

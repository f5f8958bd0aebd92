using CrossModalVae.Clustering;
using CrossModalVae.Pipelines.Saving;
using Microsoft.ML.Runtime;

namespace CrossModalVae.Pipelines;

/// <summary>
/// Density-based clustering of a vector column; see <see cref="Dbscan"/>.
/// <list type="table">
/// <item><term>Learns from data</term><description>yes: the rows it is fitted on are read once and kept</description></item>
/// <item><term>Input</term><description>Vector&lt;Single&gt; of known length</description></item>
/// <item><term>Output</term><description>Key&lt;UInt32, K&gt;, the cluster, missing for noise; Vector&lt;Single, K&gt;, the distance to the
/// nearest core point of each cluster, NaN for noise</description></item>
/// <item><term>Savable</term><description>in a bundle; see <see cref="CrossModalCatalog.SaveBundle"/></description></item>
/// </list>
/// K is the number of clusters found, or 1 where there is none. The key's values are the clusters' numbers from 0, as text. The least score
/// is that of the predicted cluster: where another one's core point is nearer to a border point, its own score is lowered to just below
/// that. Rows with a missing value (NaN) belong to no cluster.
/// </summary>
public sealed class DbscanEstimator : CrossModalEstimator<DbscanTransformer>
{
    private readonly DbscanOptions _options;

    internal DbscanEstimator(
        IHostEnvironment environment, string featureColumn, DbscanOptions options, string predictedLabelColumn, string scoreColumn)
        : base(
            environment,
            [Features(featureColumn)],
            ClusterColumns.Of(predictedLabelColumn, scoreColumn, 0))
    {
        options.Validate();
        _options = options;
    }

    internal static InputColumn Features(string name) => new(name, "features of Dbscan", InputKind.FloatVector);

    private protected override DbscanTransformer FitChecked(IDataView input, CancellationToken cancellationToken)
    {
        FittedRows rows = FittedRows.Read(input, Inputs[0].Find(input.Schema), cancellationToken);
        DbscanResult result = new Dbscan(_options).Fit(rows.Values, rows.Count, rows.Dimension, null, cancellationToken);
        Environment.Log("Dbscan", string.Create(
            CultureInfo.InvariantCulture,
            $"{rows.Count} rows, eps {result.Eps:0.####}: {result.ClusterCount} clusters, {result.NoiseShare:P1} noise."));
        IReadOnlyList<OutputColumn> outputs = ClusterColumns.Of(Outputs[0].Name, Outputs[1].Name, result.ClusterCount);
        return new DbscanTransformer(Inputs, outputs, new FittedClusters(rows, result, _options.Metric), _options.Metric);
    }
}

/// <summary>
/// Labels rows by the clusters found in the rows it was fitted on: those keep their labels, any other row gets the label of the nearest
/// core point within eps, else none (noise). See <see cref="DbscanEstimator"/>.
/// </summary>
public sealed class DbscanTransformer : CrossModalTransformer
{
    internal const string Kind = "dbscan";

    private readonly FittedClusters _clusters;
    private readonly DistanceMetric _metric;

    internal DbscanTransformer(
        IReadOnlyList<InputColumn> inputs, IReadOnlyList<OutputColumn> outputs, FittedClusters clusters, DistanceMetric metric)
        : base([inputs[0] with { Length = clusters.Dimension }], outputs) => (_clusters, _metric) = (clusters, metric);

    /// <summary>Labels, core points and eps of the rows it was fitted on, in their order, rows with a missing value left out.</summary>
    public DbscanResult Result => _clusters.Result;

    internal override int BlockSize => 256;

    internal static DbscanTransformer Load(BundleStep step, BundleReader reader)
    {
        Saved saved = step.Read<Saved>();
        FittedRows rows = saved.Rows.Load(reader);
        if (saved.Labels.Length != rows.Count || saved.IsCore.Length != rows.Count)
        {
            throw new InvalidDataException($"'dbscan' has {saved.Labels.Length} labels for {rows.Count} rows");
        }

        var result = new DbscanResult(saved.Labels, saved.IsCore, saved.Eps, saved.Knee);
        return new DbscanTransformer(
            [DbscanEstimator.Features(saved.Columns.Inputs[0])],
            ClusterColumns.Of(saved.Columns.Outputs[0], saved.Columns.Outputs[1], result.ClusterCount),
            new FittedClusters(rows, result, saved.Metric),
            saved.Metric);
    }

    internal override BundleStep Save(BundleWriter writer) => BundleStep.Of(Kind, new Saved(
        SavedColumns.Of(this),
        SavedRows.Of(_clusters.Rows, writer),
        _metric,
        [.. Result.Labels],
        [.. Result.IsCore],
        Result.Eps,
        Result.Knee));

    private sealed record Saved(
        SavedColumns Columns, SavedRows Rows, DistanceMetric Metric, int[] Labels, bool[] IsCore, double Eps, KDistanceKnee? Knee = null);

    internal override BlockKernel CreateKernel(DataViewRow input, int capacity, Predicate<int> isNeeded) =>
        new Kernel(input, Inputs[0].Name, _clusters, capacity, isNeeded(1) ? Math.Max(1, Result.ClusterCount) : 0);

    private sealed class Kernel(DataViewRow input, string column, FittedClusters clusters, int capacity, int scoreCount)
        : VectorKernel(input, column, clusters.Dimension, capacity)
    {
        private readonly ScalarColumn<uint> _keys = new(capacity);
        private readonly VectorColumn<float> _scores = new(capacity, scoreCount);

        public override void Compute(int first, int count) => ParallelLoop.For(count, i =>
        {
            ReadOnlySpan<float> point = Vectors.Row(first + i);
            int label = clusters.Label(point);
            _keys.Values[first + i] = ClusterColumns.Key(label);
            if (scoreCount > 0)
            {
                clusters.Score(point, label, _scores.Row(first + i));
            }
        });

        public override BlockColumn Output(int index) => index == 0 ? _keys : _scores;
    }
}

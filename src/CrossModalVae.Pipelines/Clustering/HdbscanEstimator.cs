using CrossModalVae.Clustering;
using CrossModalVae.Pipelines.Saving;
using Microsoft.ML.Runtime;

namespace CrossModalVae.Pipelines;

/// <summary>
/// Hierarchical density-based clustering of a vector column; see <see cref="Hdbscan"/>.
/// <list type="table">
/// <item><term>Learns from data</term><description>yes: the rows it is fitted on are read once and kept</description></item>
/// <item><term>Input</term><description>Vector&lt;Single&gt; of known length</description></item>
/// <item><term>Output</term><description>Key&lt;UInt32, K&gt;, the cluster, missing for noise; Vector&lt;Single, K&gt;, the distance to the
/// nearest member of each cluster, NaN for noise; Single, membership probability; Single, outlier score</description></item>
/// <item><term>Savable</term><description>in a bundle; see <see cref="CrossModalCatalog.SaveBundle"/></description></item>
/// </list>
/// K is the number of clusters found, or 1 where there is none. The key's values are the clusters' numbers from 0, as text. The least score
/// is that of the predicted cluster: where another one's member is nearer, its own score is lowered to just below that. Rows with a missing
/// value (NaN) belong to no cluster: probability 0, outlier score 1.
/// </summary>
public sealed class HdbscanEstimator : CrossModalEstimator<HdbscanTransformer>
{
    private readonly HdbscanOptions _options;

    internal HdbscanEstimator(
        IHostEnvironment environment,
        string featureColumn,
        HdbscanOptions options,
        string predictedLabelColumn,
        string scoreColumn,
        string probabilityColumn,
        string outlierScoreColumn)
        : base(
            environment,
            [Features(featureColumn)],
            Columns([predictedLabelColumn, scoreColumn, probabilityColumn, outlierScoreColumn], 0))
    {
        options.Validate();
        _options = options;
    }

    private protected override HdbscanTransformer FitChecked(IDataView input, CancellationToken cancellationToken)
    {
        FittedRows rows = FittedRows.Read(input, Inputs[0].Find(input.Schema), cancellationToken);
        HdbscanResult result = new Hdbscan(_options).Fit(rows.Values, rows.Count, rows.Dimension, null, cancellationToken);
        Environment.Log("Hdbscan", string.Create(
            CultureInfo.InvariantCulture, $"{rows.Count} rows: {result.ClusterCount} clusters, {result.NoiseShare:P1} noise."));
        return new HdbscanTransformer(
            Inputs, Columns([.. Outputs.Select(column => column.Name)], result.ClusterCount), rows, result, _options);
    }

    internal static InputColumn Features(string name) => new(name, "features of Hdbscan", InputKind.FloatVector);

    internal static IReadOnlyList<OutputColumn> Columns(IReadOnlyList<string> names, int clusterCount) =>
    [
        .. ClusterColumns.Of(names[0], names[1], clusterCount),
        OutputColumn.Float(names[2]) with { Annotations = ColumnAnnotation.Score("Clustering", "Probability") },
        OutputColumn.Float(names[3]) with { Annotations = ColumnAnnotation.Score("Clustering", "OutlierScore") },
    ];
}

/// <summary>
/// Labels rows by the clusters found in the rows it was fitted on: those keep what they got, any other row is placed by
/// <see cref="HdbscanResult.Predict"/>. See <see cref="HdbscanEstimator"/>.
/// </summary>
public sealed class HdbscanTransformer : CrossModalTransformer
{
    internal const string Kind = "hdbscan";

    private readonly FittedRows _rows;
    private readonly ClusterMembers? _members;
    private readonly HdbscanOptions _options;

    internal HdbscanTransformer(
        IReadOnlyList<InputColumn> inputs,
        IReadOnlyList<OutputColumn> outputs,
        FittedRows rows,
        HdbscanResult result,
        HdbscanOptions options)
        : base([inputs[0] with { Length = rows.Dimension }], outputs)
    {
        _rows = rows;
        _members = ClusterMembers.Of(rows, result.Labels, row => result.Labels[row] >= 0, options.Metric);
        _options = options;
        Result = result;
    }

    /// <summary>
    /// Labels, probabilities and outlier scores of the rows it was fitted on, in their order, rows with a missing value left out.
    /// </summary>
    public HdbscanResult Result { get; }

    internal override int BlockSize => 1024; // a block is one search over the fitted rows

    // The tree is built anew from the rows, which are the same to the bit; the labels say whether it is the same tree.
    internal static HdbscanTransformer Load(BundleStep step, BundleReader reader)
    {
        Saved saved = step.Read<Saved>();
        FittedRows rows = saved.Rows.Load(reader);
        HdbscanResult result = new Hdbscan(saved.Options).Fit(rows.Values, rows.Count, rows.Dimension);
        return result.Labels.SequenceEqual(saved.Labels)
            ? new HdbscanTransformer(
                [HdbscanEstimator.Features(saved.Columns.Inputs[0])],
                HdbscanEstimator.Columns(saved.Columns.Outputs, result.ClusterCount),
                rows,
                result,
                saved.Options)
            : throw new InvalidDataException("'hdbscan' has other labels than its rows give with its options");
    }

    internal override BundleStep Save(BundleWriter writer) =>
        BundleStep.Of(Kind, new Saved(SavedColumns.Of(this), SavedRows.Of(_rows, writer), _options, [.. Result.Labels]));

    private sealed record Saved(SavedColumns Columns, SavedRows Rows, HdbscanOptions Options, int[] Labels);

    internal override BlockKernel CreateKernel(DataViewRow input, int capacity, Predicate<int> isNeeded) =>
        new Kernel(_rows, input, Inputs[0].Name, Result, capacity, _members, isNeeded(1) ? Math.Max(1, Result.ClusterCount) : 0);

    private sealed class Kernel(
        FittedRows rows, DataViewRow input, string column, HdbscanResult result, int capacity, ClusterMembers? members, int scoreCount)
        : FittedKernel(rows, input, column, capacity)
    {
        private readonly ScalarColumn<uint> _keys = new(capacity);
        private readonly VectorColumn<float> _scores = new(capacity, scoreCount);
        private readonly ScalarColumn<float> _probabilities = new(capacity);
        private readonly ScalarColumn<float> _outlierScores = new(capacity);

        public override BlockColumn Output(int index) => index switch
        {
            0 => _keys,
            1 => _scores,
            2 => _probabilities,
            _ => _outlierScores,
        };

        protected override void SetMissing(int slot) => Set(slot, HdbscanResult.Noise, 0, 1);

        protected override void SetFitted(int slot, int row) =>
            Set(slot, result.Labels[row], result.Probabilities[row], result.OutlierScores[row]);

        protected override void SetUnknown(IReadOnlyList<int> slots, float[] vectors)
        {
            HdbscanPrediction predicted = result.Predict(vectors, slots.Count);
            for (int i = 0; i < slots.Count; i++)
            {
                Set(slots[i], predicted.Labels[i], predicted.Probabilities[i], predicted.OutlierScores[i]);
            }
        }

        private void Set(int slot, int label, double probability, double outlierScore)
        {
            _keys.Values[slot] = ClusterColumns.Key(label);
            if (scoreCount > 0)
            {
                ClusterColumns.Score(members, Vectors.Row(slot), label, _scores.Row(slot));
            }

            _probabilities.Values[slot] = (float)probability;
            _outlierScores.Values[slot] = (float)outlierScore;
        }
    }
}

using CrossModalVae.Clustering;

namespace CrossModalVae.Pipelines;

/// <summary>
/// Labels rows by the clusters found in the rows it was fitted on: those keep their labels, any other row gets the label of the nearest
/// core point within eps, else -1 (noise). See <see cref="DbscanEstimator"/>.
/// </summary>
public sealed class DbscanTransformer : CrossModalTransformer
{
    private readonly FittedClusters _clusters;

    internal DbscanTransformer(IReadOnlyList<InputColumn> inputs, IReadOnlyList<OutputColumn> outputs, FittedClusters clusters)
        : base([inputs[0] with { Length = clusters.Dimension }], outputs) => _clusters = clusters;

    /// <summary>Labels, core points and eps of the rows it was fitted on, in their order, rows with a missing value left out.</summary>
    public DbscanResult Result => _clusters.Result;

    internal override int BlockSize => 256;

    internal override BlockKernel CreateKernel(DataViewRow input, int capacity) => new Kernel(input, Inputs[0].Name, _clusters, capacity);

    private sealed class Kernel(DataViewRow input, string column, FittedClusters clusters, int capacity)
        : VectorKernel(input, column, clusters.Dimension, capacity)
    {
        private readonly ScalarColumn<int> _labels = new(capacity);

        public override void Compute(int first, int count) =>
            ParallelLoop.For(count, i => _labels.Values[first + i] = clusters.Label(Vectors.Row(first + i)));

        public override BlockColumn Output(int index) => _labels;
    }
}

using CrossModalVae.Pipelines.Saving;
using CrossModalVae.Projection;

namespace CrossModalVae.Pipelines;

/// <summary>
/// A layout of a vector column in the plane by t-SNE; see <see cref="TSne"/>.
/// <list type="table">
/// <item><term>Learns from data</term><description>yes: the rows it is fitted on are read once, laid out and kept</description></item>
/// <item><term>Input</term><description>Vector&lt;Single&gt; of known length</description></item>
/// <item><term>Output</term><description>Vector&lt;Single, 2&gt;: x and y</description></item>
/// <item><term>Savable</term><description>in a bundle; see <see cref="CrossModalCatalog.SaveBundle"/></description></item>
/// </list>
/// Rows with a missing value (NaN) are left out of the fit, and their place is NaN.
/// </summary>
public sealed class TSneEstimator : CrossModalEstimator<TSneTransformer>
{
    private readonly TSneOptions _options;

    internal TSneEstimator(TransformsCatalog catalog, string outputColumn, string inputColumn, TSneOptions options)
        : base(
            CatalogEnvironment.Of(catalog),
            [Features(inputColumn)],
            [Place(outputColumn)])
    {
        options.Validate();
        _options = options;
    }

    internal static InputColumn Features(string name) => new(name, "features of ProjectTsne", InputKind.FloatVector);

    internal static OutputColumn Place(string name) => OutputColumn.FloatVector(name, TSne.LayoutDimension);

    private protected override TSneTransformer FitChecked(IDataView input, CancellationToken cancellationToken)
    {
        FittedRows rows = FittedRows.Read(input, Inputs[0].Find(input.Schema), cancellationToken);
        TSneResult result = new TSne(_options).Fit(rows.Values, rows.Count, rows.Dimension, null, cancellationToken);
        Environment.Log("ProjectTsne", string.Create(
            CultureInfo.InvariantCulture, $"{rows.Count} rows laid out; the divergence is {result.KullbackLeiblerLoss:0.####}."));
        return new TSneTransformer(Inputs, Outputs, rows, result, _options);
    }
}

/// <summary>
/// Places rows in a fitted layout: the rows it was fitted on keep their places (equal rows that of the first), any other row is placed
/// among them by <see cref="TSneResult.Transform"/>. See <see cref="TSneEstimator"/>.
/// </summary>
public sealed class TSneTransformer : CrossModalTransformer
{
    internal const string Kind = "t-sne";

    private readonly FittedRows _rows;
    private readonly TSneOptions _options;

    internal TSneTransformer(
        IReadOnlyList<InputColumn> inputs,
        IReadOnlyList<OutputColumn> outputs,
        FittedRows rows,
        TSneResult result,
        TSneOptions options)
        : base([inputs[0] with { Length = rows.Dimension }], outputs)
    {
        (_rows, _options) = (rows, options);
        Result = result;
    }

    /// <summary>
    /// Layout, divergence and trustworthiness of the rows it was fitted on, in their order, rows with a missing value left out.
    /// </summary>
    public TSneResult Result { get; }

    internal override int BlockSize => 256;

    internal static TSneTransformer Load(BundleStep step, BundleReader reader)
    {
        Saved saved = step.Read<Saved>();
        FittedRows rows = saved.Rows.Load(reader);
        return new TSneTransformer(
            [TSneEstimator.Features(saved.Columns.Inputs[0])],
            [TSneEstimator.Place(saved.Columns.Outputs[0])],
            rows,
            new TSne(saved.Options).Restore(
                rows.Values,
                rows.Count,
                rows.Dimension,
                reader.Floats(saved.Layout),
                saved.KullbackLeiblerLoss,
                saved.TrustworthinessScore),
            saved.Options);
    }

    internal override BundleStep Save(BundleWriter writer) => BundleStep.Of(Kind, new Saved(
        SavedColumns.Of(this),
        SavedRows.Of(_rows, writer),
        _options,
        writer.Add("layout.f32", Result.Layout),
        Result.KullbackLeiblerLoss,
        Result.TrustworthinessScore));

    private sealed record Saved(
        SavedColumns Columns,
        SavedRows Rows,
        TSneOptions Options,
        string Layout,
        double KullbackLeiblerLoss,
        double TrustworthinessScore);

    internal override BlockKernel CreateKernel(DataViewRow input, int capacity, Predicate<int> isNeeded) =>
        new Kernel(_rows, input, Inputs[0].Name, Result, capacity);

    private sealed class Kernel(FittedRows rows, DataViewRow input, string column, TSneResult result, int capacity)
        : FittedKernel(rows, input, column, capacity)
    {
        private readonly VectorColumn<float> _places = new(capacity, TSne.LayoutDimension);

        public override BlockColumn Output(int index) => _places;

        protected override void SetMissing(int slot) => _places.Row(slot).Fill(float.NaN);

        protected override void SetFitted(int slot, int row) => Set(slot, result.Layout.Span, row);

        protected override void SetUnknown(IReadOnlyList<int> slots, float[] vectors)
        {
            float[] places = result.Transform(vectors, slots.Count); // [slots, 2]
            for (int i = 0; i < slots.Count; i++)
            {
                Set(slots[i], places, i);
            }
        }

        private void Set(int slot, ReadOnlySpan<float> layout, int row) =>
            layout.Slice(row * TSne.LayoutDimension, TSne.LayoutDimension).CopyTo(_places.Row(slot));
    }
}

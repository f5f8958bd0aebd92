namespace CrossModalVae.Pipelines;

/// <summary>
/// Scores an ONNX graph in batches: rows are gathered into one reused buffer, and ONNX Runtime is called once a batch instead of once a
/// row; on the CPU the next batches are gathered and scored while the rows of one are handed out, in order.
/// <list type="table">
/// <item><term>Learns from data</term><description>no</description></item>
/// <item><term>Input</term><description>Vector&lt;Single, F&gt;, F the graph's input length</description></item>
/// <item><term>Output</term><description>Vector&lt;Single, D&gt; for each of the graph's outputs asked for</description></item>
/// <item><term>Savable</term><description>no; see <see cref="CrossModalTransformer"/>. ML.NET's ApplyOnnxModel of the
/// same graph can be saved</description></item>
/// </list>
/// A row with a missing value (NaN) gives missing values in every output, whatever the graph would make of it.
/// </summary>
public sealed class OnnxBatchScoringEstimator : CrossModalEstimator<OnnxBatchScoringTransformer>
{
    private readonly string? _modelFile;
    private readonly OnnxEncoder? _encoder;
    private readonly OnnxBatchOptions _options;

    private OnnxBatchScoringEstimator(
        TransformsCatalog transforms, ScoringColumns columns, string? modelFile, OnnxEncoder? encoder, OnnxBatchOptions options)
        : base(transforms, columns.Inputs, columns.Outputs)
    {
        _modelFile = modelFile;
        _encoder = encoder;
        _options = options;
    }

    private protected override OnnxBatchScoringTransformer FitChecked(IDataView input, CancellationToken cancellationToken) =>
        _encoder is not null
            ? new OnnxBatchScoringTransformer(Inputs, Outputs, _encoder, ownsEncoder: false, _options)
            : new OnnxBatchScoringTransformer(Inputs, Outputs, new OnnxEncoder(_modelFile!, _options.Device), ownsEncoder: true, _options);

    internal static OnnxBatchScoringEstimator Create(
        TransformsCatalog transforms,
        IReadOnlyList<string> outputColumns,
        string inputColumn,
        OnnxEncoder encoder,
        OnnxBatchOptions options)
    {
        options.Validate();
        if (options.Device != encoder.Device)
        {
            throw new ArgumentException(
                $"'{nameof(OnnxBatchOptions.Device)}' is {options.Device}; "
                + $"the encoder was loaded on {encoder.Device} and must be scored there.");
        }

        return new OnnxBatchScoringEstimator(
            transforms, ScoringColumns.For(encoder, outputColumns, inputColumn, options), null, encoder, options);
    }

    internal static OnnxBatchScoringEstimator Create(
        TransformsCatalog transforms, IReadOnlyList<string> outputColumns, string inputColumn, string modelFile, OnnxBatchOptions options)
    {
        options.Validate();

        // The graph's shapes are the promise of the output columns; any machine can read them, so the device is opened by Fit only.
        using var shapes = new OnnxEncoder(modelFile);
        return new OnnxBatchScoringEstimator(
            transforms, ScoringColumns.For(shapes, outputColumns, inputColumn, options), modelFile, null, options);
    }

    private sealed record ScoringColumns(IReadOnlyList<InputColumn> Inputs, IReadOnlyList<OutputColumn> Outputs)
    {
        public static ScoringColumns For(
            OnnxEncoder encoder, IReadOnlyList<string> outputColumns, string inputColumn, OnnxBatchOptions options)
        {
            if (outputColumns.Count == 0)
            {
                throw new ArgumentException("'outputColumnNames' is empty; must name at least one column.");
            }

            IReadOnlyList<OnnxTensor> outputs = encoder.SelectOutputs(options, outputColumns.Count);
            return new ScoringColumns(
                [new InputColumn(inputColumn, "input of ScoreOnnxBatched", InputKind.FloatVector, encoder.SelectInput(options).Length)],
                [.. outputColumns.Select((name, i) => OutputColumn.FloatVector(name, outputs[i].Length))]);
        }
    }
}

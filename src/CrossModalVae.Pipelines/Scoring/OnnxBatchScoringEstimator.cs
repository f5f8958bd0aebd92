namespace CrossModalVae.Pipelines;

/// <summary>
/// Scores an ONNX graph in batches: rows are collected in one reused buffer, and ONNX Runtime is called once a batch instead of once a
/// row; on the CPU the next batches are read and scored while the rows of one are delivered, in order.
/// <list type="table">
/// <item><term>Learns from data</term><description>no</description></item>
/// <item><term>Input</term><description>Vector&lt;Single, F&gt;, F the graph's input length</description></item>
/// <item><term>Output</term><description>Vector&lt;Single, D&gt; for each of the graph's outputs asked for</description></item>
/// <item><term>Savable</term><description>in a bundle; see <see cref="CrossModalCatalog.SaveBundle"/></description></item>
/// </list>
/// A row with a missing value (NaN) gives missing values in every output, whatever the graph would make of it.
/// </summary>
public sealed class OnnxBatchScoringEstimator : CrossModalEstimator<OnnxBatchScoringTransformer>
{
    private readonly string? _modelFile;
    private readonly OnnxEncoder? _encoder;
    private readonly OnnxBatchOptions _options;

    private OnnxBatchScoringEstimator(
        TransformsCatalog transforms, InputColumn input, IEnumerable<OutputColumn> outputs, string? modelFile, OnnxEncoder? encoder,
        OnnxBatchOptions options)
        : base(CatalogEnvironment.Of(transforms), [input], [.. outputs])
    {
        _modelFile = modelFile;
        _encoder = encoder;
        _options = options;
    }

    private protected override OnnxBatchScoringTransformer FitChecked(IDataView input, CancellationToken cancellationToken)
    {
        OnnxEncoder encoder = _encoder ?? new OnnxEncoder(_modelFile!, _options.Device, _options.InputLength);
        var started = new StartedDevice(encoder.Device, encoder.RefusedDevices);
        Environment.Log("ApplyOnnxModelBatched", $"{encoder.FilePath} on {started}, {_options.BatchSize} rows a batch.");
        return new OnnxBatchScoringTransformer(Inputs, Outputs, encoder, ownsEncoder: _encoder is null, _options);
    }

    internal static InputColumn Input(string name, OnnxTensor tensor) =>
        new(name, "input of ApplyOnnxModelBatched", InputKind.FloatVector, tensor.Length);

    internal static IReadOnlyList<OutputColumn> Columns(IReadOnlyList<string> names, IReadOnlyList<OnnxTensor> tensors) =>
        [.. names.Zip(tensors, (name, tensor) => OutputColumn.FloatVector(name, tensor.Length))];

    /// <summary>Of a file, or of a loaded encoder, whose device must be among the options'.</summary>
    internal static OnnxBatchScoringEstimator Create(
        TransformsCatalog transforms,
        IReadOnlyList<string> outputColumns,
        IReadOnlyList<string> inputColumns,
        string? modelFile,
        OnnxEncoder? encoder,
        OnnxBatchOptions options)
    {
        ArgumentNullException.ThrowIfNull(outputColumns);
        ArgumentNullException.ThrowIfNull(inputColumns);
        options.Validate();
        if (inputColumns.Count != 1)
        {
            throw new ArgumentException(
                $"'inputColumnNames' has {inputColumns.Count} names; a graph that is scored in batches is fed one column.");
        }

        if (encoder is not null && !options.Device.Devices.Contains(encoder.Device))
        {
            throw new ArgumentException(
                $"'{nameof(OnnxBatchOptions.Device)}' is {options.Device}; "
                + $"the encoder was loaded on {encoder.Device} and must be scored there.");
        }

        // The graph's shapes are the promise of the output columns; any machine can read them, so the device is opened by Fit only.
        using OnnxEncoder? opened = encoder is null ? new OnnxEncoder(modelFile!, inputLength: options.InputLength) : null;
        OnnxEncoder graph = encoder ?? opened!;
        if (outputColumns.Count == 0)
        {
            throw new ArgumentException("'outputColumnNames' is empty; must name at least one column.");
        }

        if (options.OutputTensorNames is null && outputColumns.All(name => graph.Outputs.Any(tensor => tensor.Name == name)))
        {
            options = options with { OutputTensorNames = outputColumns };
        }

        IReadOnlyList<OnnxTensor> outputs = graph.SelectOutputs(options, outputColumns.Count);
        return new OnnxBatchScoringEstimator(
            transforms,
            Input(inputColumns[0], graph.SelectInput(options)),
            Columns(outputColumns, outputs),
            modelFile,
            encoder,
            options);
    }
}

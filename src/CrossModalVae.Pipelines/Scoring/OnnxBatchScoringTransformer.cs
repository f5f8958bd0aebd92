using CrossModalVae.Pipelines.Saving;
using CrossModalVae.Scoring.Sessions;

namespace CrossModalVae.Pipelines;

/// <summary>
/// Scores an ONNX graph in batches; see <see cref="OnnxBatchScoringEstimator"/>. Owns the native session
/// where it was made from a file: dispose it.
/// </summary>
public sealed class OnnxBatchScoringTransformer : CrossModalTransformer, IDisposable
{
    internal const string Kind = "onnx-batch";

    private readonly bool _ownsEncoder;
    private readonly OnnxBatchOptions _options;
    private readonly GraphFile _file;

    internal OnnxBatchScoringTransformer(
        IReadOnlyList<InputColumn> inputs,
        IReadOnlyList<OutputColumn> outputs,
        OnnxEncoder encoder,
        bool ownsEncoder,
        OnnxBatchOptions options,
        GraphFile? file = null)
        : base(inputs, outputs)
    {
        Encoder = encoder;
        _ownsEncoder = ownsEncoder;
        _options = options;
        _file = file ?? new GraphFile(encoder.FilePath);
    }

    /// <summary>The graph.</summary>
    public OnnxEncoder Encoder { get; }

    internal override int BlockSize => OnnxBatch.RowsPerRun(
        Encoder.Device, Encoder.SelectInput(_options), Encoder.SelectOutputs(_options, Outputs.Count), _options.BatchSize);

    internal override int BlocksInFlight => OnnxBatch.InFlight(
        Encoder.Device, Encoder.SelectInput(_options), Encoder.SelectOutputs(_options, Outputs.Count), BlockSize);

    internal override int WorkerCount => Encoder.WorkerCount;

    /// <summary>Releases the native session where this transformer opened it; an encoder that was passed in stays open.</summary>
    public void Dispose()
    {
        if (_ownsEncoder)
        {
            Encoder.Dispose();
        }
    }

    internal static OnnxBatchScoringTransformer Load(BundleStep step, BundleReader reader)
    {
        Saved saved = step.Read<Saved>();
        OnnxEncoder encoder = reader.Graph(saved.Graph, file => new OnnxEncoder(file, reader.Device, saved.InputLength));
        try
        {
            var options = new OnnxBatchOptions
            {
                BatchSize = saved.BatchSize,
                Device = reader.Device.Device,
                InputTensorName = saved.InputTensor,
                OutputTensorNames = saved.OutputTensors,
                InputLength = saved.InputLength,
            };
            options.Validate();
            return new OnnxBatchScoringTransformer(
                [OnnxBatchScoringEstimator.Input(saved.Columns.Inputs[0], encoder.SelectInput(options))],
                OnnxBatchScoringEstimator.Columns(saved.Columns.Outputs, encoder.SelectOutputs(options, saved.Columns.Outputs.Count)),
                encoder,
                ownsEncoder: true,
                options,
                reader.GraphFile(saved.Graph));
        }
        catch
        {
            encoder.Dispose();
            throw;
        }
    }

    internal override BundleStep Save(BundleWriter writer)
    {
        OnnxTensor input = Encoder.SelectInput(_options);
        IReadOnlyList<OnnxTensor> outputs = Encoder.SelectOutputs(_options, Outputs.Count);
        return BundleStep.Of(Kind, new Saved(
            SavedColumns.Of(this), writer.Add(_file), _options.BatchSize, input.Name, [.. outputs.Select(o => o.Name)], input.Length));
    }

    private sealed record Saved(
        SavedColumns Columns, string Graph, int BatchSize, string InputTensor, IReadOnlyList<string> OutputTensors, int InputLength);

    internal override BlockKernel CreateKernel(DataViewRow input, int capacity, Predicate<int> isNeeded) =>
        new Kernel(Encoder, input.GetGetter<VBuffer<float>>(input.Schema[Inputs[0].Name]), Outputs.Count, capacity, _options);

    private sealed class Kernel : BlockKernel
    {
        private readonly ValueGetter<VBuffer<float>> _features;
        private readonly OnnxBatch _batch;
        private readonly int _length;
        private readonly VectorColumn<float>[] _outputs;
        private VBuffer<float> _row;

        public Kernel(OnnxEncoder encoder, ValueGetter<VBuffer<float>> features, int outputCount, int capacity, OnnxBatchOptions options)
        {
            _features = features;
            OnnxTensor input = encoder.SelectInput(options);
            IReadOnlyList<OnnxTensor> outputs = encoder.SelectOutputs(options, outputCount);
            _length = input.Length;
            int rows = OnnxBatch.RowsPerRun(encoder.Device, input, outputs, options.BatchSize);
            int batchSize = Math.Min(rows, capacity); // a single row comes alone
            _batch = new OnnxBatch(encoder, input, outputs, batchSize, capacity / batchSize);
            _outputs = [.. outputs.Select((output, i) => new VectorColumn<float>(_batch.Outputs[i], output.Length))];
        }

        public override void Read(int slot)
        {
            _features(ref _row);
            _row.CopyTo(_batch.Input.AsSpan(slot * _length, _length));
        }

        public override void Compute(int first, int count) => _batch.Run(first, count);

        public override BlockColumn Output(int index) => _outputs[index];

        protected override void Release() => _batch.Dispose();
    }
}

using CrossModalVae.Pipelines.Scoring;

namespace CrossModalVae.Pipelines;

/// <summary>
/// Scores an ONNX graph in batches; see <see cref="OnnxBatchScoringEstimator"/>. Owns the native session
/// where it was made from a file: dispose it.
/// </summary>
public sealed class OnnxBatchScoringTransformer : CrossModalTransformer, IDisposable
{
    private readonly bool _ownsEncoder;
    private readonly OnnxBatchOptions _options;

    internal OnnxBatchScoringTransformer(
        IReadOnlyList<InputColumn> inputs,
        IReadOnlyList<OutputColumn> outputs,
        OnnxEncoder encoder,
        bool ownsEncoder,
        OnnxBatchOptions options)
        : base(inputs, outputs)
    {
        Encoder = encoder;
        _ownsEncoder = ownsEncoder;
        _options = options;
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

namespace CrossModalVae.Pipelines.FrontEnds;

/// <summary>Runs a front end over a block of rows on all cores; of several bad rows the first one throws.</summary>
/// <typeparam name="TInput">What is read of a row.</typeparam>
/// <param name="capacity">Rows of a block.</param>
/// <param name="featureCount">Values of a row's features.</param>
/// <param name="read">Reads the input's current row; null where it is missing.</param>
/// <param name="extract">The front end; called from several threads.</param>
internal sealed class ExtractionKernel<TInput>(
    int capacity,
    int featureCount,
    Func<TInput?> read,
    ExtractionKernel<TInput>.Extraction extract) : BlockKernel
    where TInput : class
{
    private readonly TInput?[] _inputs = new TInput?[capacity];
    private readonly VectorColumn<float> _features = new(capacity, featureCount);

    public delegate void Extraction(TInput input, Span<float> features);

    public override void Read(int slot) => _inputs[slot] = read();

    public override void Compute(int first, int count) => ParallelLoop.For(count, i => Extract(first + i));

    public override BlockColumn Output(int index) => _features;

    private void Extract(int slot)
    {
        if (_inputs[slot] is TInput input)
        {
            extract(input, _features.Row(slot));
        }
        else
        {
            _features.Row(slot).Fill(float.NaN);
        }
    }
}

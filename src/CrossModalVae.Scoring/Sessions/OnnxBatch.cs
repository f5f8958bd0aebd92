using System.Buffers;
using Microsoft.ML.OnnxRuntime;

namespace CrossModalVae.Scoring.Sessions;

/// <summary>
/// Buffers for batches of one graph, made once and reused: tensors are views of arrays, pinned while this lives, so that a run copies and
/// allocates nothing per row; the arrays are the shared pool's, so that cursors cause no garbage collections. Batches lie one
/// behind the other in the arrays; different ones may be written, run and read by different threads at a time. On a CUDA device, which
/// runs one batch at a time, they pass through a <see cref="BoundBatch"/>.
/// </summary>
internal sealed class OnnxBatch : IDisposable
{
    /// <summary>The most memory of the batches in flight together; larger batches are fewer.</summary>
    private const long MostBytes = 64L << 20;

    // Of the input of one run of a network over frames or pictures on the CPU: what its layers hand on then stays in a core's cache.
    private const long MostBytesOfPlanes = 1L << 20;

    private readonly OnnxSession _session;
    private readonly RunOptions _runOptions = new();
    private readonly OnnxTensor _inputTensor;
    private readonly IReadOnlyList<OnnxTensor> _outputTensors;
    private readonly string[] _inputNames;
    private readonly string[] _outputNames;
    private readonly OrtValue[][] _fullInputs; // one a batch
    private readonly OrtValue[][] _fullOutputs; // one a batch
    private readonly float[] _input;
    private readonly OrtAllocator? _pinned;
    private readonly BoundBatch? _bound; // null on the CPU
    private bool _disposed;

    public OnnxBatch(OnnxEncoder encoder, OnnxTensor input, IReadOnlyList<OnnxTensor> outputs, int batchSize, int batches)
    {
        _session = encoder.Session;
        _inputTensor = input;
        _outputTensors = outputs;
        BatchSize = batchSize;
        _inputNames = [input.Name];
        _outputNames = [.. outputs.Select(output => output.Name)];
        int capacity = checked(batchSize * batches);
        _input = Rent(capacity, input); // [capacity, F], possibly longer
        Outputs = [.. outputs.Select(output => Rent(capacity, output))]; // each [capacity, D], possibly longer
        _pinned = _session.CreatePinnedAllocator();
        _bound = _pinned is null ? null : new BoundBatch(_session, input, outputs, batchSize, _pinned);
        int views = _bound is null ? batches : 0;
        _fullInputs = [.. Enumerable.Range(0, views).Select(k => ViewInput(k * batchSize, batchSize))];
        _fullOutputs = [.. Enumerable.Range(0, views).Select(k => ViewOutputs(k * batchSize, batchSize))];
    }

    /// <summary>Rows of a run, at most.</summary>
    public int BatchSize { get; }

    /// <summary>[batches x BatchSize, F] row-major; write the rows here.</summary>
    /// <exception cref="ObjectDisposedException">The array is back in the pool.</exception>
    public float[] Input
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _input;
        }
    }

    /// <summary>[batches x BatchSize, D] row-major each, in the order asked for; the results.</summary>
    public IReadOnlyList<float[]> Outputs { get; }

    /// <summary>
    /// Rows of a run: as many as asked for, but fewer where rows are so long, as frames and pictures are, that a batch for every core would
    /// not fit in memory, or, on the CPU, that what a convolution hands to the next would leave the cache (`bench towers`). Each of such
    /// rows is work enough. Rows of one axis meet a matrix, which more rows share: they are not cut down.
    /// </summary>
    public static int RowsPerRun(ExecutionDevice device, OnnxTensor input, IReadOnlyList<OnnxTensor> outputs, int batchSize)
    {
        bool onCpu = device.CudaIndex is null;
        long most = MostBytes / (onCpu ? (2 * Environment.ProcessorCount) + 1 : 1);
        most = onCpu && input.Axes.Count > 0 ? Math.Min(most, MostBytesOfPlanes) : most;
        return (int)Math.Clamp(most / RowBytes(input, outputs), 1, batchSize);
    }

    /// <summary>
    /// How many batches are in flight: for each core one that is scored and one that waits, so that no core idles while another finishes,
    /// and one whose rows are read. A CUDA device runs one after the other, so there it is one, as on a single core.
    /// </summary>
    public static int InFlight(ExecutionDevice device, OnnxTensor input, IReadOnlyList<OnnxTensor> outputs, int batchSize)
    {
        long most = MostBytes / (batchSize * RowBytes(input, outputs));
        int cores = Environment.ProcessorCount;
        return device.CudaIndex is null && cores > 1 ? (int)Math.Clamp(most, 1, (2 * cores) + 1) : 1;
    }

    /// <summary>Runs the graph on <paramref name="count"/> rows from row <paramref name="first"/>, the first of a batch, on.</summary>
    public void Run(int first, int count)
    {
        if (_bound is not null)
        {
            _bound.Run(_input.AsSpan(first * _inputTensor.Length, count * _inputTensor.Length), count, Outputs, first);
        }
        else
        {
            RunOnViews(first, count);
        }

        SpreadMissing(first, count);
    }

    private void RunOnViews(int first, int count)
    {
        bool full = count == BatchSize;
        OrtValue[] inputs = full ? _fullInputs[first / BatchSize] : ViewInput(first, count);
        OrtValue[] outputs = full ? _fullOutputs[first / BatchSize] : ViewOutputs(first, count);
        try
        {
            _session.Run(_runOptions, _inputNames, inputs, _outputNames, outputs);
        }
        finally
        {
            foreach (OrtValue value in full ? [] : inputs.Concat(outputs))
            {
                value.Dispose();
            }
        }
    }

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        foreach (OrtValue value in _fullInputs.Concat(_fullOutputs).SelectMany(values => values))
        {
            value.Dispose();
        }

        _bound?.Dispose();
        _pinned?.Dispose();
        _runOptions.Dispose();
        foreach (float[] array in Outputs.Prepend(_input))
        {
            ArrayPool<float>.Shared.Return(array);
        }
    }

    private static long RowBytes(OnnxTensor input, IReadOnlyList<OnnxTensor> outputs) =>
        (input.Length + outputs.Sum(output => (long)output.Length)) * sizeof(float);

    private static float[] Rent(int capacity, OnnxTensor tensor) => ArrayPool<float>.Shared.Rent(checked(capacity * tensor.Length));

    private static OrtValue View(float[] values, OnnxTensor tensor, int first, int count) => OrtValue.CreateTensorValueFromMemory(
        OrtMemoryInfo.DefaultInstance, values.AsMemory(first * tensor.Length, count * tensor.Length), tensor.ShapeOf(count)); // [count, F]

    private OrtValue[] ViewInput(int first, int count) => [View(_input, _inputTensor, first, count)];

    private OrtValue[] ViewOutputs(int first, int count) =>
        [.. _outputTensors.Select((output, i) => View(Outputs[i], output, first, count))];

    // A rectifier may turn NaN into 0, so a missing input row is given missing outputs here and not by the graph.
    private void SpreadMissing(int first, int count)
    {
        for (int row = first; row < first + count; row++)
        {
            if (!JointPosterior.IsMissing(_input.AsSpan(row * _inputTensor.Length, _inputTensor.Length)))
            {
                continue;
            }

            for (int o = 0; o < _outputTensors.Count; o++)
            {
                int length = _outputTensors[o].Length;
                Outputs[o].AsSpan(row * length, length).Fill(float.NaN);
            }
        }
    }
}

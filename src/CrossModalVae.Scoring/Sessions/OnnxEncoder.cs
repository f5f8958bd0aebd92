using CrossModalVae.Scoring.Sessions;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace CrossModalVae.Scoring;

/// <summary>An input or output of a graph: floats with a free first axis, the rows.</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="Length">Values of one row.</param>
public sealed record OnnxTensor(string Name, int Length)
{
    /// <summary>The axes after the first, whose product is the length; empty for one axis of that length.</summary>
    internal IReadOnlyList<long> Axes { get; init; } = [];

    /// <summary>The shape of <paramref name="count"/> rows.</summary>
    internal long[] ShapeOf(int count) => Axes.Count == 0 ? [count, Length] : [count, .. Axes];
}

/// <summary>
/// A loaded ONNX graph of row-wise networks: each input and output is floats whose first axis, the rows, is free. Threads may share one.
/// Owns native memory: dispose it.
/// </summary>
public sealed class OnnxEncoder : IDisposable
{
    /// <summary>Loads a graph.</summary>
    /// <param name="modelFile">The .onnx file.</param>
    /// <param name="device">Where it will be computed: the first of these that starts. Default the CPU.</param>
    /// <param name="inputLength">Numbers of an input row, where the graph leaves one of a row's axes free too, as an encoder that takes any
    /// number of frames does; null where it does not. Default null.</param>
    /// <exception cref="FileNotFoundException">The file is missing.</exception>
    /// <exception cref="InvalidDataException">The file is no ONNX graph, or an input or output is not float [rows, ...] with a free first
    /// axis, or leaves another axis free that <paramref name="inputLength"/> does not fix.</exception>
    /// <exception cref="DllNotFoundException">The application has no native ONNX Runtime; the message names the package to add.</exception>
    /// <exception cref="InvalidOperationException">No device starts; the message names what is missing.</exception>
    public OnnxEncoder(string modelFile, DeviceOrder? device = null, int? inputLength = null)
        : this(modelFile, (device ?? DeviceOrder.Cpu).Start(), inputLength)
    {
    }

    internal OnnxEncoder(string modelFile, StartedDevice started, int? inputLength)
    {
        ArgumentException.ThrowIfNullOrEmpty(modelFile);
        if (!File.Exists(modelFile))
        {
            throw new FileNotFoundException($"{modelFile}: the ONNX model does not exist.", modelFile);
        }

        FilePath = Path.GetFullPath(modelFile);
        (Device, RefusedDevices) = (started.Device, started.Refused);
        using SessionOptions options = OnnxSessions.CreateOptions(Device);
        InferenceSession graph = OnnxSessions.Load(modelFile, options, Device);
        Session = new OnnxSession(graph, Device);
        try
        {
            Inputs = [.. graph.InputMetadata.Select(pair => Tensor(modelFile, "input", pair.Key, pair.Value, inputLength))];
            Outputs = [.. graph.OutputNames.Select(name => Tensor(modelFile, "output", name, graph.OutputMetadata[name], null))];
            Metadata = new Dictionary<string, string>(graph.ModelMetadata.CustomMetadataMap);
        }
        catch (InvalidDataException)
        {
            Session.Dispose();
            throw;
        }
    }

    /// <summary>The absolute path of the file.</summary>
    public string FilePath { get; }

    /// <summary>Where it is computed.</summary>
    public ExecutionDevice Device { get; }

    /// <summary>The devices that were asked for before it, and why they do not start; empty where it was the first.</summary>
    public IReadOnlyList<RefusedDevice> RefusedDevices { get; }

    /// <summary>The graph's inputs in its order.</summary>
    public IReadOnlyList<OnnxTensor> Inputs { get; }

    /// <summary>The graph's outputs in its order.</summary>
    public IReadOnlyList<OnnxTensor> Outputs { get; }

    /// <summary>The metadata written into the file.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The graph's runs.</summary>
    internal OnnxSession Session { get; }

    /// <summary>Pool threads that score batches besides the caller's; none on a CUDA device, which runs batches in turn.</summary>
    internal int WorkerCount => Device.CudaIndex is null ? Environment.ProcessorCount - 1 : 0;

    /// <summary>Scores rows, in batches.</summary>
    /// <param name="rows">[rowCount, input length] row-major.</param>
    /// <param name="rowCount">N, at least 0.</param>
    /// <param name="options">Batch size and tensor names; the device is the encoder's own.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <returns>One matrix an output, [N, output length] row-major, in the order asked for.</returns>
    /// <exception cref="ArgumentException">The sizes or names do not fit the graph.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IReadOnlyList<float[]> Score(
        ReadOnlySpan<float> rows, int rowCount, OnnxBatchOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new OnnxBatchOptions();
        options.Validate();
        ArgumentOutOfRangeException.ThrowIfNegative(rowCount);
        OnnxTensor input = SelectInput(options);
        IReadOnlyList<OnnxTensor> outputs = SelectOutputs(options, options.OutputTensorNames?.Count ?? Outputs.Count);
        if (rows.Length != (long)rowCount * input.Length)
        {
            throw new ArgumentException($"'rows' has {rows.Length} numbers; must have {rowCount} rows x {input.Length}.", nameof(rows));
        }

        float[][] results = [.. outputs.Select(output => new float[checked(rowCount * output.Length)])];
        int batchSize = Math.Clamp(rowCount, 1, OnnxBatch.RowsPerRun(Device, input, outputs, options.BatchSize));
        int batches = Math.Max(1, (int)(((long)rowCount + batchSize - 1) / batchSize));
        int inFlight = Math.Min(batches, OnnxBatch.InFlight(Device, input, outputs, batchSize));
        using var batch = new OnnxBatch(this, input, outputs, batchSize, inFlight);
        using var queue = new WorkQueue(WorkerCount); // disposed before the buffers
        for (int first = 0, k = 0; first < rowCount; first += batchSize, k = (k + 1) % inFlight)
        {
            if (queue.Count == inFlight)
            {
                queue.FinishOldest();
            }

            cancellationToken.ThrowIfCancellationRequested();
            int from = first, slot = k * batchSize, count = Math.Min(batchSize, rowCount - first);
            rows.Slice(from * input.Length, count * input.Length).CopyTo(batch.Input.AsSpan(slot * input.Length));
            queue.Add(() => ScoreBatch(batch, outputs, slot, count, results, from), offer: batches > 1);
        }

        while (queue.Count > 0)
        {
            queue.FinishOldest();
        }

        return results;
    }

    /// <summary>
    /// Releases the native session, after the batches that are being scored; cursors that still run end
    /// with <see cref="ObjectDisposedException"/>.
    /// </summary>
    public void Dispose() => Session.Dispose();

    internal OnnxTensor SelectInput(OnnxBatchOptions options)
    {
        if (options.InputTensorName is string name)
        {
            return Inputs.FirstOrDefault(tensor => tensor.Name == name)
                ?? throw UserError.Mark(new ArgumentException($"{FilePath}: the graph has no input '{name}'; it has: {Names(Inputs)}."));
        }

        return Inputs.Count == 1
            ? Inputs[0]
            : throw UserError.Mark(new ArgumentException(
                $"{FilePath}: the graph has {Inputs.Count} inputs ({Names(Inputs)}); "
                + $"name one as '{nameof(OnnxBatchOptions.InputTensorName)}'."));
    }

    internal IReadOnlyList<OnnxTensor> SelectOutputs(OnnxBatchOptions options, int columnCount)
    {
        if (options.OutputTensorNames is not IReadOnlyList<string> names)
        {
            return columnCount <= Outputs.Count
                ? [.. Outputs.Take(columnCount)]
                : throw UserError.Mark(new ArgumentException(
                    $"{FilePath}: {columnCount} output columns were asked for; the graph has {Outputs.Count} outputs ({Names(Outputs)})."));
        }

        if (names.Count != columnCount)
        {
            throw new ArgumentException(
                $"'{nameof(OnnxBatchOptions.OutputTensorNames)}' has {names.Count} names; "
                + $"must have one for each of {columnCount} output columns.");
        }

        return
        [
            .. names.Select(name => Outputs.FirstOrDefault(tensor => tensor.Name == name)
                ?? throw UserError.Mark(new ArgumentException($"{FilePath}: the graph has no output '{name}'; it has: {Names(Outputs)}."))),
        ];
    }

    private static void ScoreBatch(OnnxBatch batch, IReadOnlyList<OnnxTensor> outputs, int slot, int count, float[][] results, int first)
    {
        batch.Run(slot, count);
        for (int o = 0; o < results.Length; o++)
        {
            int length = outputs[o].Length;
            batch.Outputs[o].AsSpan(slot * length, count * length).CopyTo(results[o].AsSpan(first * length));
        }
    }

    private static string Names(IEnumerable<OnnxTensor> tensors) => string.Join(", ", tensors.Select(tensor => tensor.Name));

    private static OnnxTensor Tensor(string file, string role, string name, NodeMetadata metadata, int? length)
    {
        int[] shape = metadata.IsTensor ? metadata.Dimensions : [];
        string found = metadata.IsTensor ? $"{metadata.ElementDataType} [{string.Join(", ", shape)}]" : $"{metadata.OnnxValueType}";
        int free = shape.Skip(1).Count(size => size == -1);
        if (!metadata.IsTensor
            || metadata.ElementDataType != TensorElementType.Float
            || shape.Length < 2
            || shape[0] != -1
            || shape.Skip(1).Any(size => size is 0 or < -1)
            || free > 1
            || (free == 1 && role == "output"))
        {
            throw new InvalidDataException($"{file}: {role} '{name}' is {found}; must be Float [-1, length] with a free first axis.");
        }

        long known = shape.Skip(1).Where(size => size != -1).Aggregate(1L, (product, size) => product * size);
        if (free == 0)
        {
            return new OnnxTensor(name, (int)Math.Min(known, int.MaxValue)) { Axes = Axes(shape.Skip(1)) };
        }

        if (length is not int fixedLength || fixedLength < known || fixedLength % known != 0)
        {
            string given = length is int other ? $"{other} is no multiple of {known}" : "none is given";
            throw new InvalidDataException(
                $"{file}: {role} '{name}' is {found}, with a second free axis; "
                + $"expected a length of its rows, a multiple of {known}, to fix it: {given}.");
        }

        int count = (int)(fixedLength / known);
        return new OnnxTensor(name, fixedLength) { Axes = Axes(shape.Skip(1).Select(size => size == -1 ? count : size)) };
    }

    private static long[] Axes(IEnumerable<int> sizes) => sizes.Count() == 1 ? [] : [.. sizes.Select(size => (long)size)];
}

using CrossModalVae.Encoders;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace CrossModalVae.Scoring.Encoders;

/// <summary>
/// An encoder on ONNX Runtime. On the CPU every row is a run of its own on its caller's thread: runs side by side fill the cores, and a
/// row's bits depend neither on the rows beside it nor on the number of cores. On a CUDA device the rows that threads have waiting are one
/// run.
/// </summary>
internal sealed class OnnxFrozenEncoder : IFrozenEncoder
{
    private const int MostRows = 64; // of a run

    private readonly EncoderFile _file;
    private readonly EncoderBinding _binding;
    private readonly RunOptions _options = new();
    private readonly bool _gathers;
    private readonly Queue<Request> _waiting = [];
    private readonly Lock _running = new();

    /// <summary>Scores one row of zeros, so that what the graph refuses is known before any clip is read.</summary>
    /// <exception cref="InvalidDataException">The graph does not give one vector a row.</exception>
    public OnnxFrozenEncoder(EncoderFile file, EncoderBinding binding, ExecutionDevice device)
        : this(file, binding, gathers: device.CudaIndex is not null && binding.Input.Shape[0] is null)
    {
    }

    /// <summary>As above, whether the rows that threads have waiting are one run.</summary>
    internal OnnxFrozenEncoder(EncoderFile file, EncoderBinding binding, bool gathers)
    {
        (_file, _binding) = (file, binding);
        InputLength = binding.RowLength;
        _gathers = gathers;
        using IDisposableReadOnlyCollection<OrtValue> probe = Run(new float[InputLength], 1);
        long[] shape = probe[0].GetTensorTypeAndShape().Shape;
        VectorLength = (int)shape.Aggregate(1L, (product, size) => product * size);
        if (shape.Length < 2 || shape[0] != 1 || VectorLength < 1 || shape.Count(size => size != 1) > 1)
        {
            throw new InvalidDataException(
                $"{file.Path}: output '{binding.Output.Name}' is [{string.Join(", ", shape)}] for one row; "
                + "expected [1, D], a vector a row.");
        }
    }

    public int InputLength { get; }

    public int VectorLength { get; }

    public void Encode(ReadOnlySpan<float> rows, Span<float> vectors)
    {
        int count = rows.Length / InputLength;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<float> row = rows.Slice(i * InputLength, InputLength);
            Span<float> vector = vectors.Slice(i * VectorLength, VectorLength);
            if (_gathers)
            {
                Gather(row, vector);
            }
            else
            {
                RunInto(row, 1, vector);
            }
        }
    }

    public void Dispose() => _options.Dispose(); // the file is its opener's

    // Whoever is first runs for all that wait; they find their vectors.
    private void Gather(ReadOnlySpan<float> row, Span<float> vector)
    {
        var own = new Request(row.ToArray(), new float[VectorLength]);
        lock (_waiting)
        {
            _waiting.Enqueue(own);
        }

        lock (_running)
        {
            while (!own.IsDone)
            {
                var batch = new List<Request>();
                lock (_waiting)
                {
                    while (batch.Count < MostRows && _waiting.TryDequeue(out Request? next))
                    {
                        batch.Add(next);
                    }
                }

                Score(batch);
            }
        }

        if (own.Fault is not null)
        {
            throw new InvalidDataException(own.Fault.Message, own.Fault);
        }

        own.Vector.CopyTo(vector);
    }

    private void Score(List<Request> batch)
    {
        try
        {
            var vectors = new float[batch.Count * VectorLength];
            RunInto((float[])[.. batch.SelectMany(request => request.Row)], batch.Count, vectors);
            for (int i = 0; i < batch.Count; i++)
            {
                vectors.AsSpan(i * VectorLength, VectorLength).CopyTo(batch[i].Vector);
            }
        }
        catch (InvalidDataException e)
        {
            batch.ForEach(request => request.Fault = e);
        }
        finally
        {
            batch.ForEach(request => request.IsDone = true);
        }
    }

    private void RunInto(ReadOnlySpan<float> rows, int count, Span<float> vectors)
    {
        using IDisposableReadOnlyCollection<OrtValue> outputs = Run(rows, count);
        ReadOnlySpan<float> found = outputs[0].GetTensorDataAsSpan<float>();
        if (found.Length != vectors.Length)
        {
            throw new InvalidDataException(
                $"{_file.Path}: gives {found.Length} numbers for {count} rows; expected {vectors.Length}, as for the first.");
        }

        found.CopyTo(vectors);
    }

    private IDisposableReadOnlyCollection<OrtValue> Run(ReadOnlySpan<float> rows, int count)
    {
        // In ONNX Runtime's own memory, which is aligned: sums over an array of ours would depend on where it begins.
        using OrtValue input = OrtValue.CreateAllocatedTensorValue(
            OrtAllocator.DefaultInstance, TensorElementType.Float, [count, .. _binding.Shape.Select(size => (long)size)]);
        rows.CopyTo(input.GetTensorMutableDataAsSpan<float>());
        using OrtValue? length = _binding.LengthInput is not EncoderTensor tensor ? null
            : EncoderFile.IsInteger(tensor) ? Lengths((long)_binding.Length, count)
            : Lengths(1f, count);
        try
        {
            return _file.Session.Run(
                _options,
                length is null ? [_binding.Input.Name] : [_binding.Input.Name, _binding.LengthInput!.Name],
                length is null ? [input] : [input, length],
                [_binding.Output.Name]);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidDataException(
                $"{_file.Path}: ONNX Runtime cannot score rows of {EncoderTensor.Rows(_binding.Shape)}: {e.Message}", e);
        }
    }

    private static OrtValue Lengths<T>(T length, int count)
        where T : unmanaged
    {
        var lengths = new T[count];
        Array.Fill(lengths, length);
        return OrtValue.CreateTensorValueFromMemory(lengths, [count]);
    }

    private sealed class Request(float[] row, float[] vector)
    {
        public float[] Row => row;

        public float[] Vector => vector;

        public bool IsDone { get; set; }

        public Exception? Fault { get; set; }
    }
}

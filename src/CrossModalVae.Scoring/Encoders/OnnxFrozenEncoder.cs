using CrossModalVae.Encoders;
using CrossModalVae.Scoring.Sessions;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace CrossModalVae.Scoring.Encoders;

/// <summary>
/// An encoder on ONNX Runtime. On the CPU every row is a run of its own on its caller's thread: runs side by side fill the cores, and a
/// row's bits depend neither on the rows beside it nor on the number of cores. On a CUDA device the rows that threads have waiting are one
/// run, which passes through a <see cref="BoundBatch"/>.
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
    private readonly long[] _axes; // of a vector, in the graph's output
    private OrtAllocator? _pinned; // null on the CPU
    private BoundBatch? _bound; // made for the first run of rows that wait
    private bool _disposed;

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
        _axes = shape.Length > 0 ? shape[1..] : [];
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

    /// <summary>Ends after the runs in progress. The file is its opener's.</summary>
    public void Dispose()
    {
        lock (_running)
        {
            _disposed = true;
            _bound?.Dispose();
            _pinned?.Dispose();
            (_bound, _pinned) = (null, null);
        }

        _options.Dispose();
    }

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
                ObjectDisposedException.ThrowIf(_disposed, this);
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

        if (own.Fault is Exception fault) // each thread throws its own
        {
            throw fault is InvalidDataException
                ? new InvalidDataException(fault.Message, fault)
                : new InvalidOperationException(fault.Message, fault);
        }

        own.Vector.CopyTo(vector);
    }

    private void Score(List<Request> batch)
    {
        try
        {
            var vectors = new float[batch.Count * VectorLength];
            RunBound(batch, vectors);
            for (int i = 0; i < batch.Count; i++)
            {
                vectors.AsSpan(i * VectorLength, VectorLength).CopyTo(batch[i].Vector);
            }
        }
        catch (Exception e)
        {
            batch.ForEach(request => request.Fault = e); // no thread may take a vector that was not computed
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

    // Through memory that is made once, and that a CUDA device copies from and to by itself.
    private void RunBound(List<Request> batch, float[] vectors)
    {
        _pinned ??= _file.Session.CreatePinnedAllocator();
        _bound ??= new BoundBatch(
            _file.Session,
            new OnnxTensor(_binding.Input.Name, InputLength) { Axes = [.. _binding.Shape.Select(size => (long)size)] },
            [new OnnxTensor(_binding.Output.Name, VectorLength) { Axes = _axes }],
            MostRows,
            _pinned ?? OrtAllocator.DefaultInstance,
            count => Lengths(count) is OrtValue lengths ? (_binding.LengthInput!.Name, lengths) : null);
        for (int i = 0; i < batch.Count; i++)
        {
            batch[i].Row.CopyTo(_bound.Staged[(i * InputLength)..]);
        }

        try
        {
            _bound.Run(batch.Count, [vectors], first: 0);
        }
        catch (OnnxRuntimeException e)
        {
            throw Refused(e);
        }
    }

    private IDisposableReadOnlyCollection<OrtValue> Run(ReadOnlySpan<float> rows, int count)
    {
        // In ONNX Runtime's own memory, which is aligned: sums over an array of ours would depend on where it begins.
        using OrtValue input = OrtValue.CreateAllocatedTensorValue(
            OrtAllocator.DefaultInstance, TensorElementType.Float, [count, .. _binding.Shape.Select(size => (long)size)]);
        rows.CopyTo(input.GetTensorMutableDataAsSpan<float>());
        using OrtValue? lengths = Lengths(count);
        try
        {
            return _file.Session.Run(
                _options,
                lengths is null ? [_binding.Input.Name] : [_binding.Input.Name, _binding.LengthInput!.Name],
                lengths is null ? [input] : [input, lengths],
                [_binding.Output.Name]);
        }
        catch (OnnxRuntimeException e)
        {
            throw Refused(e);
        }
    }

    private InvalidDataException Refused(OnnxRuntimeException e) => new(
        $"{_file.Path}: ONNX Runtime cannot score rows of {EncoderTensor.Rows(_binding.Shape)}: {e.Message}", e);

    // The length of every row, [count], for the input that takes it; null where there is none.
    private OrtValue? Lengths(int count) => _binding.LengthInput is not EncoderTensor tensor ? null
        : EncoderFile.IsInteger(tensor) ? Lengths((long)_binding.Length, count)
        : Lengths(1f, count);

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

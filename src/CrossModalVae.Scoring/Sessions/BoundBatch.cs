using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace CrossModalVae.Scoring.Sessions;

/// <summary>
/// Runs of one graph through an OrtIoBinding: rows go into a staging tensor and results come out of others, made once, in memory that the
/// device copies from and to by itself (page-locked, for CUDA). A run of a full batch allocates nothing native, and each number crosses
/// once each way; what lies between the graph's nodes stays on the device. One run at a time.
/// </summary>
internal sealed class BoundBatch : IDisposable
{
    private readonly OnnxSession _session;
    private readonly OnnxTensor _input;
    private readonly IReadOnlyList<OnnxTensor> _outputs;
    private readonly RunOptions _options = new();
    private readonly OrtIoBinding _binding;
    private readonly OrtValue _staged; // [batch size, F]
    private readonly OrtValue[] _results; // each [batch size, D]
    private readonly Func<int, (string Name, OrtValue Value)?> _more;
    private OrtValue[] _bound; // views of the memory of both, of the rows of the last run, and the other input
    private int _boundCount;

    /// <summary>Makes the memory.</summary>
    /// <param name="session">The graph; stays the caller's.</param>
    /// <param name="input">Its input.</param>
    /// <param name="outputs">Outputs of it.</param>
    /// <param name="batchSize">The most rows of a run.</param>
    /// <param name="allocator">Of the memory; the CPU's own, or <see cref="OnnxSession.CreatePinnedAllocator"/>.</param>
    /// <param name="more">Makes what a second input takes for a number of rows. Default: there is none.</param>
    public BoundBatch(
        OnnxSession session,
        OnnxTensor input,
        IReadOnlyList<OnnxTensor> outputs,
        int batchSize,
        OrtAllocator allocator,
        Func<int, (string Name, OrtValue Value)?>? more = null)
    {
        (_session, _input, _outputs, _more) = (session, input, outputs, more ?? (_ => null));
        _binding = session.CreateBinding();
        _staged = OrtValue.CreateAllocatedTensorValue(allocator, TensorElementType.Float, input.ShapeOf(batchSize));
        _results =
            [.. outputs.Select(o => OrtValue.CreateAllocatedTensorValue(allocator, TensorElementType.Float, o.ShapeOf(batchSize)))];
        _bound = [];
        Bind(batchSize);
    }

    /// <summary>[batch size, F]; rows that are written here need no other copy.</summary>
    public Span<float> Staged => _staged.GetTensorMutableDataAsSpan<float>();

    /// <summary>Scores rows, [count, F], into arrays, each [count, D] from its row <paramref name="first"/> on.</summary>
    public void Run(ReadOnlySpan<float> rows, int count, IReadOnlyList<float[]> results, int first)
    {
        rows.CopyTo(Staged);
        Run(count, results, first);
    }

    /// <summary>The same of the first rows of <see cref="Staged"/>.</summary>
    public void Run(int count, IReadOnlyList<float[]> results, int first)
    {
        _session.Run(_options, _binding, count == _boundCount ? null : () => Bind(count));
        for (int o = 0; o < results.Count; o++)
        {
            int length = _outputs[o].Length;
            _results[o].GetTensorDataAsSpan<float>()[..(count * length)].CopyTo(results[o].AsSpan(first * length));
        }
    }

    public void Dispose()
    {
        _session.Release(_binding);
        foreach (OrtValue value in _bound.Concat(_results).Append(_staged))
        {
            value.Dispose();
        }

        _options.Dispose();
    }

    // The last batch of some rows is shorter: tensors of its size over the same memory.
    private void Bind(int count)
    {
        _binding.ClearBoundInputs();
        _binding.ClearBoundOutputs();
        foreach (OrtValue view in _bound)
        {
            view.Dispose();
        }

        _bound = [View(_staged, _input, count), .. _results.Zip(_outputs, (value, output) => View(value, output, count))];
        _boundCount = count;
        _binding.BindInput(_input.Name, _bound[0]);
        for (int o = 0; o < _outputs.Count; o++)
        {
            _binding.BindOutput(_outputs[o].Name, _bound[1 + o]);
        }

        if (_more(count) is (string name, OrtValue value))
        {
            _bound = [.. _bound, value];
            _binding.BindInput(name, value);
        }
    }

    private static unsafe OrtValue View(OrtValue memory, OnnxTensor tensor, int count)
    {
        fixed (float* start = memory.GetTensorMutableDataAsSpan<float>())
        {
            return OrtValue.CreateTensorValueWithData(
                memory.GetTensorMemoryInfo(),
                TensorElementType.Float,
                tensor.ShapeOf(count),
                (nint)start,
                (long)count * tensor.Length * sizeof(float));
        }
    }
}

using System.Numerics;
using Microsoft.ML.OnnxRuntime;

namespace CrossModalVae.Pipelines.Scoring;

/// <summary>
/// Buffers for batches of one graph, made once and reused: tensors are views of pinned arrays, so that a run copies and allocates nothing
/// per row.
/// </summary>
internal sealed class OnnxBatch : IDisposable
{
    private readonly OnnxEncoder _encoder;
    private readonly RunOptions _runOptions = new();
    private readonly OnnxTensor _inputTensor;
    private readonly IReadOnlyList<OnnxTensor> _outputTensors;
    private readonly string[] _inputNames;
    private readonly string[] _outputNames;
    private readonly OrtValue[] _fullInput;
    private readonly OrtValue[] _fullOutputs;

    public OnnxBatch(OnnxEncoder encoder, OnnxTensor input, IReadOnlyList<OnnxTensor> outputs, int capacity)
    {
        _encoder = encoder;
        _inputTensor = input;
        _outputTensors = outputs;
        Capacity = capacity;
        _inputNames = [input.Name];
        _outputNames = [.. outputs.Select(output => output.Name)];
        Input = Pinned(capacity, input); // [capacity, F]
        Outputs = [.. outputs.Select(output => Pinned(capacity, output))]; // each [capacity, D]
        _fullInput = [View(Input, input, capacity)];
        _fullOutputs = [.. outputs.Select((output, i) => View(Outputs[i], output, capacity))];
    }

    /// <summary>Most rows of a run.</summary>
    public int Capacity { get; }

    /// <summary>[Capacity, F] row-major; write the rows here.</summary>
    public float[] Input { get; }

    /// <summary>[Capacity, D] row-major each, in the order asked for; the results of the last run.</summary>
    public IReadOnlyList<float[]> Outputs { get; }

    /// <summary>Runs the graph on the first <paramref name="count"/> rows.</summary>
    public void Run(int count)
    {
        if (count == Capacity)
        {
            _encoder.Session.Run(_runOptions, _inputNames, _fullInput, _outputNames, _fullOutputs);
        }
        else
        {
            RunPart(count);
        }

        SpreadMissing(count);
    }

    public void Dispose()
    {
        foreach (OrtValue value in _fullInput.Concat(_fullOutputs))
        {
            value.Dispose();
        }

        _runOptions.Dispose();
    }

    private static float[] Pinned(int capacity, OnnxTensor tensor) =>
        GC.AllocateUninitializedArray<float>(checked(capacity * tensor.Length), pinned: true);

    private static OrtValue View(float[] values, OnnxTensor tensor, int count) =>
        OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, values.AsMemory(0, count * tensor.Length), [count, tensor.Length]);

    private void RunPart(int count)
    {
        using OrtValue input = View(Input, _inputTensor, count);
        OrtValue[] outputs = [.. _outputTensors.Select((output, i) => View(Outputs[i], output, count))];
        try
        {
            _encoder.Session.Run(_runOptions, _inputNames, [input], _outputNames, outputs);
        }
        finally
        {
            foreach (OrtValue output in outputs)
            {
                output.Dispose();
            }
        }
    }

    // A rectifier may turn NaN into 0, so what a graph makes of a missing value is not left to the graph: missing in, missing out.
    private void SpreadMissing(int count)
    {
        for (int row = 0; row < count; row++)
        {
            if (!HasNaN(Input.AsSpan(row * _inputTensor.Length, _inputTensor.Length)))
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

    private static bool HasNaN(ReadOnlySpan<float> row)
    {
        int i = 0;
        for (; i <= row.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var values = new Vector<float>(row[i..]);
            if (!Vector.EqualsAll(values, values))
            {
                return true;
            }
        }

        for (; i < row.Length; i++)
        {
            if (float.IsNaN(row[i]))
            {
                return true;
            }
        }

        return false;
    }
}

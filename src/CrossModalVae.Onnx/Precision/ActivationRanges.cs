using CrossModalVae.Onnx.Protos;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using ElementType = CrossModalVae.Onnx.Protos.Tensor.Types.ElementType;

namespace CrossModalVae.Onnx.Precision;

/// <summary>The range of an activation's values; 0 is in it.</summary>
internal readonly record struct ActivationRange(float Low, float High);

/// <summary>
/// Finds the ranges of activations by running a graph on clips. A range leaves out 0.01 % of the values at each end: one stray value among
/// millions would otherwise make the steps of all others coarse, while clipping so few changes little.
/// </summary>
internal sealed class ActivationRanges
{
    private const double Share = 1e-4;
    private const int BatchSize = 8;
    private const int ValuesOfBatch = 1 << 14; // of a tensor: evenly spaced ones, so that a deep network's fit in memory

    private readonly Dictionary<string, List<float>> _values;

    private ActivationRanges(IEnumerable<string> tensors) =>
        _values = tensors.ToDictionary(tensor => tensor, _ => new List<float>(), StringComparer.Ordinal);

    /// <summary>The range of each tensor on the rows of a source that have the modality.</summary>
    public static IReadOnlyDictionary<string, ActivationRange> Find(
        Model model, IReadOnlyCollection<string> tensors, EncoderRows rows, CancellationToken cancellationToken)
    {
        var ranges = new ActivationRanges(tensors);
        string[] computed = [.. tensors.Where(tensor => model.Graph.Input.All(input => input.Name != tensor))];
        using var session = new InferenceSession(WithOutputs(model, computed).ToByteArray());
        foreach (float[] batch in rows.Batches(BatchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            ranges.Add(rows.InputName, batch);
            using IDisposableReadOnlyCollection<OrtValue> found = rows.Run(session, batch, computed);
            foreach ((string tensor, OrtValue value) in computed.Zip(found))
            {
                ranges.Add(tensor, value.GetTensorDataAsSpan<float>());
            }
        }

        return ranges._values.ToDictionary(pair => pair.Key, pair => RangeOf(pair.Value), StringComparer.Ordinal);
    }

    private static Model WithOutputs(Model model, IEnumerable<string> tensors)
    {
        Model shown = model.Clone();
        shown.Graph.Output.Clear();
        shown.Graph.Output.AddRange(tensors.Select(tensor => new ValueInfo
        {
            Name = tensor,
            Type = new Protos.ValueType { TensorType = new TensorType { ElemType = ElementType.Float } },
        }));
        return shown;
    }

    private static ActivationRange RangeOf(List<float> values)
    {
        values.Sort();
        int cut = (int)(values.Count * Share);
        return new ActivationRange(Math.Min(0, values[cut]), Math.Max(0, values[^(1 + cut)]));
    }

    private void Add(string tensor, ReadOnlySpan<float> values)
    {
        if (!_values.TryGetValue(tensor, out List<float>? kept))
        {
            return; // the input, which is not asked for
        }

        int step = 1 + ((values.Length - 1) / ValuesOfBatch);
        for (int i = 0; i < values.Length; i += step)
        {
            kept.Add(values[i]);
        }
    }
}

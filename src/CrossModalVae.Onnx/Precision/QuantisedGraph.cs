using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using CrossModalVae.Onnx.Protos;
using Google.Protobuf;
using ElementType = CrossModalVae.Onnx.Protos.Tensor.Types.ElementType;
using Tensor = CrossModalVae.Onnx.Protos.Tensor;

namespace CrossModalVae.Onnx.Precision;

/// <summary>
/// Rewrites a graph of floats with QuantizeLinear and DequantizeLinear around its products (static quantisation): weights in signed bytes
/// with a scale a channel, activations in unsigned bytes with a scale and a zero a tensor, biases in 32 bits. Weights take 7 of their 8
/// bits: then no sum of two products leaves 16 bits, where processors without VNNI would cut it, and all processors agree.
/// </summary>
internal sealed class QuantisedGraph
{
    private const int MostWeight = 63;
    private const int MostActivation = 255;
    private const double MostBias = 1 << 30;

    private readonly Dictionary<string, Tensor> _constants;
    private readonly IReadOnlyDictionary<string, ActivationRange> _ranges;
    private readonly QuantisedTensors _tensors;
    private readonly Graph _new;
    private readonly HashSet<string> _kept = new(StringComparer.Ordinal);

    private QuantisedGraph(Graph graph, QuantisedTensors tensors, IReadOnlyDictionary<string, ActivationRange> ranges)
    {
        (_tensors, _ranges) = (tensors, ranges);
        _constants = graph.Initializer.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        _new = new Graph { Name = graph.Name, DocString = graph.DocString };
        _new.Input.AddRange(graph.Input);
        _new.Output.AddRange(graph.Output);
    }

    /// <summary>The graph of a model of float32, rewritten.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tensors">Which of its activations are kept in bytes.</param>
    /// <param name="ranges">The range of each source of these.</param>
    public static Model Of(Model model, QuantisedTensors tensors, IReadOnlyDictionary<string, ActivationRange> ranges)
    {
        var quantised = new QuantisedGraph(model.Graph, tensors, ranges);
        foreach (string input in model.Graph.Input.Select(input => input.Name).Where(tensors.Chosen.Contains))
        {
            quantised.Round(input);
        }

        foreach (Node node in model.Graph.Node)
        {
            quantised.Add(node.Clone());
        }

        Model rewritten = model.Clone();
        rewritten.Graph = quantised._new;
        return rewritten;
    }

    private void Add(Node node)
    {
        if (_tensors.IsProduct(node))
        {
            Product(node);
        }
        else
        {
            for (int i = 0; i < node.Input.Count; i++)
            {
                node.Input[i] = _tensors.Chosen.Contains(node.Input[i]) ? Rounded(node.Input[i]) : Constant(node.Input[i]);
            }
        }

        _new.Node.Add(node);
        foreach (string output in node.Output.Where(_tensors.Chosen.Contains))
        {
            Round(output);
        }
    }

    // x W + b; each weight is of one node.
    private void Product(Node node)
    {
        float scale = ScaleOf(node.Input[0]).Scale;
        Tensor weight = _constants[node.Input[1]];
        Tensor? bias = node.Input.Count == 3 ? _constants[node.Input[2]] : null;
        float[] scales = Scales(weight, bias, scale);
        (node.Input[0], node.Input[1]) = (Rounded(node.Input[0]), Weight(weight, scales));
        if (bias is not null)
        {
            node.Input[2] = Bias(bias, [.. scales.Select(own => own * scale)]);
        }
    }

    // x -> bytes -> x rounded, which everything after it takes.
    private void Round(string tensor)
    {
        (float scale, byte zero) = ScaleOf(tensor);
        string s = Floats($"{tensor}_scale", [scale], []), z = Constant($"{tensor}_zero", ElementType.Uint8, [zero], []);
        AddNode("QuantizeLinear", $"{tensor}_bytes", null, tensor, s, z);
        AddNode("DequantizeLinear", Rounded(tensor), null, $"{tensor}_bytes", s, z);
    }

    private static string Rounded(string tensor) => $"{tensor}_rounded";

    private (float Scale, byte Zero) ScaleOf(string tensor)
    {
        ActivationRange range = _ranges[_tensors.SourceOf(tensor)];
        float scale = (range.High - range.Low) / MostActivation;
        return scale > 0 ? (scale, (byte)Math.Clamp(MathF.Round(-range.Low / scale), 0, MostActivation)) : (1, 0); // always 0
    }

    // [Out], of weights [Out, ...].
    private static float[] Scales(Tensor weight, Tensor? bias, float inputScale)
    {
        ReadOnlySpan<float> values = GraphTensors.Floats(weight), biases = bias is null ? default : GraphTensors.Floats(bias);
        int outputs = (int)weight.Dims[0], length = values.Length / outputs;
        var scales = new float[outputs];
        for (int o = 0; o < outputs; o++)
        {
            float largest = TensorPrimitives.MaxMagnitude(values.Slice(o * length, length));

            // A channel of tiny weights and a large bias takes coarser steps, so that the bias fits into 32 bits.
            double least = bias is null ? 0 : Math.Abs(biases[o]) / (MostBias * inputScale);
            float scale = (float)Math.Max(Math.Abs(largest) / MostWeight, least);
            scales[o] = scale > 0 ? scale : 1;
        }

        return scales;
    }

    private string Weight(Tensor weight, float[] scales)
    {
        ReadOnlySpan<float> values = GraphTensors.Floats(weight);
        int length = values.Length / scales.Length;
        var bytes = new sbyte[values.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (sbyte)MathF.Round(values[i] / scales[i / length]);
        }

        string q = Constant($"{weight.Name}_bytes", ElementType.Int8, MemoryMarshal.AsBytes<sbyte>(bytes), weight.Dims);
        string s = Floats($"{weight.Name}_scale", scales, [scales.Length]);
        string z = Constant($"{weight.Name}_zero", ElementType.Int8, new byte[scales.Length], [scales.Length]);
        return AddNode("DequantizeLinear", Rounded(weight.Name), 0, q, s, z);
    }

    // In units of the sums of products: the product of both scales.
    private string Bias(Tensor bias, float[] scales)
    {
        ReadOnlySpan<float> values = GraphTensors.Floats(bias);
        var whole = new int[values.Length];
        for (int o = 0; o < whole.Length; o++)
        {
            whole[o] = (int)Math.Round(values[o] / (double)scales[o]);
        }

        string q = Constant($"{bias.Name}_whole", ElementType.Int32, MemoryMarshal.AsBytes<int>(whole), bias.Dims);
        return AddNode("DequantizeLinear", Rounded(bias.Name), 0, q, Floats($"{bias.Name}_scale", scales, [scales.Length]));
    }

    private string Constant(string name)
    {
        if (_constants.TryGetValue(name, out Tensor? constant) && _kept.Add(name))
        {
            _new.Initializer.Add(constant);
        }

        return name;
    }

    private string Floats(string name, float[] values, IReadOnlyList<long> shape) =>
        Constant(name, ElementType.Float, MemoryMarshal.AsBytes<float>(values), shape);

    private string Constant(string name, ElementType type, ReadOnlySpan<byte> data, IReadOnlyList<long> shape)
    {
        var tensor = new Tensor { Name = name, DataType = type, RawData = ByteString.CopyFrom(data) };
        tensor.Dims.AddRange(shape);
        _new.Initializer.Add(tensor);
        return name;
    }

    private string AddNode(string operation, string output, int? axis, params string[] inputs)
    {
        var node = new Node { Name = $"{operation}_{output}", OpType = operation };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        if (axis is int channel)
        {
            node.Attribute.Add(new Protos.Attribute { Name = "axis", Type = Protos.Attribute.Types.Kind.Int, I = channel });
        }

        _new.Node.Add(node);
        return output;
    }
}

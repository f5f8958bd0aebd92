using System.Runtime.InteropServices;
using CrossModalVae.Onnx.Protos;
using Google.Protobuf;
using ElementType = CrossModalVae.Onnx.Protos.Tensor.Types.ElementType;

namespace CrossModalVae.Onnx.Precision;

/// <summary>
/// Rewrites a graph of floats so that matrix products and convolutions are computed in binary16 on weights in binary16. Inputs, outputs,
/// standardisation, means, norms and what has an exponential in it stay float32, with a Cast at each border.
/// </summary>
internal sealed class HalfGraph
{
    private const string Suffix = "_float16";

    // Their sums are rounded once; the rest of a network is cheap, or delicate.
    private static readonly HashSet<string> Products = ["Conv", "Gemm"];

    // What only compares, adds or moves numbers is computed in whatever its first input has.
    private static readonly HashSet<string> Followers =
    [
        "Relu", "MaxPool", "AveragePool", "Add", "Mul", "Flatten", "Reshape", "Transpose", "Unsqueeze", "Slice", "Concat", "Pad",
    ];

    private readonly Dictionary<string, Tensor> _constants;
    private readonly HashSet<string> _integers;
    private readonly HashSet<string> _halves = new(StringComparer.Ordinal); // computed in binary16
    private readonly HashSet<string> _there; // tensors of the new graph
    private readonly Graph _new;

    private HalfGraph(Graph graph)
    {
        _constants = graph.Initializer.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        _integers = GraphTensors.Integers(graph);
        _new = new Graph { Name = graph.Name, DocString = graph.DocString };
        _new.Input.AddRange(graph.Input);
        _new.Output.AddRange(graph.Output);
        _there = [.. graph.Input.Select(input => input.Name)];
    }

    /// <summary>The graph of a model of float32, rewritten.</summary>
    /// <exception cref="InvalidOperationException">A weight is beyond the range of binary16.</exception>
    public static Model Of(Model model)
    {
        var half = new HalfGraph(model.Graph);
        foreach (Node node in model.Graph.Node)
        {
            half.Add(node.Clone());
        }

        foreach (ValueInfo output in model.Graph.Output)
        {
            half.InSingle(output.Name);
        }

        Model rewritten = model.Clone();
        rewritten.Graph = half._new;
        return rewritten;
    }

    private void Add(Node node)
    {
        bool isHalf = Products.Contains(node.OpType) || (Followers.Contains(node.OpType) && _halves.Contains(node.Input[0]));
        for (int i = 0; i < node.Input.Count; i++)
        {
            node.Input[i] = _integers.Contains(node.Input[i]) ? Constant(node.Input[i])
                : isHalf ? InHalf(node.Input[i])
                : InSingle(node.Input[i]);
        }

        for (int o = 0; isHalf && o < node.Output.Count; o++)
        {
            _halves.Add(node.Output[o]);
            node.Output[o] += Suffix;
        }

        _there.UnionWith(node.Output);
        _new.Node.Add(node);
    }

    // The tensor in float32, and below in binary16: there already, a constant, or cast from the other.
    private string InSingle(string name) => _constants.ContainsKey(name) ? Constant(name) : Cast(name + Suffix, name, ElementType.Float);

    private string InHalf(string name) => _constants.TryGetValue(name, out Tensor? constant)
        ? HalfConstant(constant)
        : Cast(name, name + Suffix, ElementType.Float16);

    private string Cast(string from, string to, ElementType type)
    {
        if (_there.Add(to))
        {
            var node = new Node { Name = $"Cast_{to}", OpType = "Cast" };
            node.Input.Add(from);
            node.Output.Add(to);
            node.Attribute.Add(new Protos.Attribute { Name = "to", Type = Protos.Attribute.Types.Kind.Int, I = (long)type });
            _new.Node.Add(node);
        }

        return to;
    }

    private string Constant(string name)
    {
        if (_constants.TryGetValue(name, out Tensor? constant) && _there.Add(name))
        {
            _new.Initializer.Add(constant);
        }

        return name;
    }

    private string HalfConstant(Tensor constant)
    {
        string name = constant.Name + Suffix;
        if (_there.Add(name))
        {
            ReadOnlySpan<float> values = GraphTensors.Floats(constant);
            var halves = new Half[values.Length];
            for (int i = 0; i < halves.Length; i++)
            {
                halves[i] = (Half)values[i];
                if (Half.IsInfinity(halves[i]))
                {
                    throw UserError.Mark(new InvalidOperationException(
                        Invariant($"A weight of '{constant.Name}' is {values[i]}, which float16 does not hold; export float32 or int8.")));
                }
            }

            var tensor = new Tensor
            {
                Name = name,
                DataType = ElementType.Float16,
                RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<Half>(halves)),
            };
            tensor.Dims.AddRange(constant.Dims);
            _new.Initializer.Add(tensor);
        }

        return name;
    }
}

using System.Runtime.InteropServices;
using CrossModalVae.Onnx.Protos;
using Google.Protobuf;

namespace CrossModalVae.Onnx;

/// <summary>
/// Writes the nodes of one graph in the order in which they compute. Names are given by the caller or counted, so that the same calls give
/// the same bytes.
/// </summary>
internal sealed class OnnxGraphBuilder(string name)
{
    /// <summary>The name of the dynamic first axis of every input and output.</summary>
    private const string BatchAxis = "batch";

    private readonly Graph _graph = new() { Name = name };
    private readonly List<OperatorSet> _foreign = [];

    /// <summary>The operator set of all nodes.</summary>
    internal int OpsetVersion { get; set; } = OnnxContract.OpsetVersion;

    internal string Input(string tensor, int length, string description) => Input(tensor, [length], description);

    /// <summary>An input, [batch, ...]; an axis without a size is free and has a name of its own.</summary>
    internal string Input(string tensor, int?[] shape, string description)
    {
        _graph.Input.Add(Describe(tensor, shape, description));
        return tensor;
    }

    /// <summary>An input of another element type, [batch, ...], its axes sizes or the names of free ones.</summary>
    internal string Input(string tensor, Tensor.Types.ElementType type, Axis[] axes, string description)
    {
        ValueInfo info = Describe(tensor, [], description);
        info.Type.TensorType.ElemType = type;
        info.Type.TensorType.Shape.Dim.AddRange(axes.Select(axis =>
            axis.Name is null ? new Dimension { DimValue = axis.Size } : new Dimension { DimParam = axis.Name }));
        _graph.Input.Add(info);
        return tensor;
    }

    internal void Output(string tensor, int length, string description) => _graph.Output.Add(Describe(tensor, [length], description));

    /// <summary>(x - mean) / standard deviation, the statistics [F] or of a shape that broadcasts.</summary>
    internal string Standardise(string x, FeatureStatistics statistics, string prefix, params int[] shape)
    {
        string centred = Node("Sub", $"{prefix}_centred", x, Floats($"{prefix}_feature_mean", statistics.Mean, shape));
        return Node("Div", $"{prefix}_standardised", centred, Floats($"{prefix}_feature_deviation", statistics.StandardDeviation, shape));
    }

    /// <summary>x * standard deviation + mean, [B, F], under the given output name.</summary>
    internal string Restore(string x, FeatureStatistics statistics, string prefix, string output)
    {
        string scaled = Node("Mul", $"{prefix}_scaled", x, Floats($"{prefix}_feature_deviation", statistics.StandardDeviation));
        return Node("Add", output, scaled, Floats($"{prefix}_feature_mean", statistics.Mean));
    }

    /// <summary>A node of one output, its attributes whole numbers or lists of them.</summary>
    internal string Node(string operation, string output, string[] inputs, params (string Name, Value Value)[] attributes)
    {
        Node node = Add(operation, output, inputs);
        foreach ((string key, Value value) in attributes)
        {
            var attribute = new Protos.Attribute { Name = key };
            if (value.List is null)
            {
                (attribute.Type, attribute.I) = (Protos.Attribute.Types.Kind.Int, value.Single);
            }
            else
            {
                attribute.Type = Protos.Attribute.Types.Kind.Ints;
                attribute.Ints.AddRange(value.List);
            }

            node.Attribute.Add(attribute);
        }

        return output;
    }

    /// <summary>Adds another model's nodes and constants under names with a prefix, its inputs replaced by tensors of this graph, in whose
    /// operator set they must mean the same.</summary>
    internal void Include(Model model, string prefix, IReadOnlyDictionary<string, string> inputs)
    {
        Model copy = model.Clone();
        foreach (Tensor constant in copy.Graph.Initializer)
        {
            constant.Name = prefix + constant.Name;
        }

        foreach (Node node in copy.Graph.Node)
        {
            node.Name = prefix + node.Name;
            Rename(node.Input);
            Rename(node.Output);
        }

        _graph.Initializer.AddRange(copy.Graph.Initializer);
        _graph.Node.AddRange(copy.Graph.Node);
        _foreign.AddRange(copy.OpsetImport.Where(set => set.Domain.Length > 0));

        // An empty name is an optional input that is left out.
        void Rename(IList<string> names)
        {
            for (int i = 0; i < names.Count; i++)
            {
                names[i] = names[i].Length == 0 ? "" : inputs.GetValueOrDefault(names[i], prefix + names[i]);
            }
        }
    }

    /// <summary>Zeros or a reflection around a tensor; the pads are those before each axis, then those after.</summary>
    internal string Pad(string output, string x, string pads, bool reflects)
    {
        Node node = Add("Pad", output, x, pads);
        if (reflects)
        {
            node.Attribute.Add(new Protos.Attribute
            {
                Name = "mode",
                Type = Protos.Attribute.Types.Kind.String,
                S = ByteString.CopyFromUtf8("reflect"),
            });
        }

        return output;
    }

    /// <summary>Rows at a length, x / max(|x|, 1e-12) * scale, [B, D].</summary>
    internal string UnitLength(string x, float scale, string prefix)
    {
        string length = Node("ReduceL2", $"{prefix}_length", [x], ("axes", new long[] { 1 }), ("keepdims", 1)); // [B, 1]
        string floored = Node("Max", $"{prefix}_floored_length", [length, Floats($"{prefix}_length_floor", [1e-12f])]); // [B, 1]
        string unit = Node("Div", $"{prefix}_unit", [x, floored]); // [B, D]
        return Node("Mul", $"{prefix}_scaled", [unit, Floats($"{prefix}_scale", [scale])]); // [B, D]
    }

    /// <summary>A constant list of whole numbers.</summary>
    internal string Integers(string tensor, long[] values) =>
        Add(tensor, Tensor.Types.ElementType.Int64, MemoryMarshal.AsBytes<long>(values), values.Length);

    /// <summary>A constant of floats, [values] where no shape is given.</summary>
    internal string Floats(string tensor, float[] values, params int[] shape) =>
        Add(tensor, Tensor.Types.ElementType.Float, MemoryMarshal.AsBytes<float>(values), shape.Length == 0 ? [values.Length] : shape);

    /// <summary>A constant in double precision.</summary>
    internal string Doubles(string tensor, double[] values, params int[] shape) =>
        Add(tensor, Tensor.Types.ElementType.Double, MemoryMarshal.AsBytes<double>(values), shape.Length == 0 ? [values.Length] : shape);

    /// <summary>activation(x W^T + b), [B, Out]; the affine part has the given output name where there is no activation.</summary>
    internal string Dense(string x, DenseLayer layer, string output)
    {
        string weight = Floats($"{output}_weight", layer.Weight, layer.OutputCount, layer.InputCount);
        string bias = Floats($"{output}_bias", layer.Bias);
        string affine = layer.Activation == Activation.None ? output : $"{output}_affine";
        Node gemm = Add("Gemm", affine, x, weight, bias);
        gemm.Attribute.Add(new Protos.Attribute { Name = "transB", Type = Protos.Attribute.Types.Kind.Int, I = 1 });
        return layer.Activation switch
        {
            Activation.None => affine,
            Activation.Relu => Node("Relu", output, affine),
            Activation.Tanh => Node("Tanh", output, affine),
            _ => throw new ArgumentOutOfRangeException(nameof(layer), layer.Activation, "'Activation' is not one this exporter knows."),
        };
    }

    /// <summary>Cuts [B, first + second] along its columns.</summary>
    internal (string First, string Second) Split(string x, int first, int second, string firstOutput, string secondOutput)
    {
        string lengths = Add(
            $"{x}_lengths", Tensor.Types.ElementType.Int64, MemoryMarshal.AsBytes<long>(new long[] { first, second }), 2);
        Node split = Add("Split", firstOutput, x, lengths);
        split.Output.Add(secondOutput);
        split.Attribute.Add(new Protos.Attribute { Name = "axis", Type = Protos.Attribute.Types.Kind.Int, I = 1 });
        return (firstOutput, secondOutput);
    }

    internal byte[] Build(string description, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        var model = new Model
        {
            IrVersion = OnnxContract.IrVersion,
            ProducerName = OnnxContract.Producer,
            ModelVersion = 1,
            DocString = description,
            Graph = _graph,
        };
        model.OpsetImport.Add(new OperatorSet { Domain = "", Version = OpsetVersion });
        model.OpsetImport.AddRange(_foreign);
        foreach ((string key, string value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            model.MetadataProps.Add(new Property { Key = key, Value = value });
        }

        return model.ToByteArray();
    }

    private string Node(string operation, string output, params string[] inputs)
    {
        Add(operation, output, inputs);
        return output;
    }

    private Node Add(string operation, string output, params string[] inputs)
    {
        var node = new Node { Name = $"{operation}_{_graph.Node.Count}", OpType = operation };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        _graph.Node.Add(node);
        return node;
    }

    // The format's raw data is little-endian, as are all machines this library runs on.
    private string Add(string tensor, Tensor.Types.ElementType type, ReadOnlySpan<byte> data, params int[] shape)
    {
        var initializer = new Tensor { Name = tensor, DataType = type, RawData = ByteString.CopyFrom(data) };
        initializer.Dims.AddRange(shape.Select(length => (long)length));
        _graph.Initializer.Add(initializer);
        return tensor;
    }

    private static ValueInfo Describe(string tensor, int?[] lengths, string description)
    {
        var shape = new Shape();
        shape.Dim.Add(new Dimension { DimParam = BatchAxis });
        shape.Dim.AddRange(lengths.Select(
            length => length is int known ? new Dimension { DimValue = known } : new Dimension { DimParam = $"{tensor}_count" }));
        return new ValueInfo
        {
            Name = tensor,
            DocString = description,
            Type = new Protos.ValueType { TensorType = new TensorType { ElemType = Tensor.Types.ElementType.Float, Shape = shape } },
        };
    }

    /// <summary>An axis of a size, or a free one with a name.</summary>
    internal readonly record struct Axis(int Size, string? Name)
    {
        public static implicit operator Axis(int size) => new(size, null);

        public static implicit operator Axis(string name) => new(0, name);
    }

    /// <summary>A whole number or a list of them.</summary>
    internal readonly record struct Value(long Single, long[]? List)
    {
        public static implicit operator Value(int value) => new(value, null);

        public static implicit operator Value(long[] values) => new(0, values);
    }
}

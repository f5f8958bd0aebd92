using CrossModalVae.Audio;
using static CrossModalVae.Onnx.Protos.Tensor.Types;

namespace CrossModalVae.Onnx.Fused;

/// <summary>Nodes with counted names, and the operators that front ends are made of.</summary>
internal sealed class GraphSteps(OnnxGraphBuilder graph, string prefix)
{
    private int _count;

    public OnnxGraphBuilder Graph => graph;

    public string Node(string operation, params string[] inputs) => graph.Node(operation, Next(), inputs);

    public string Node(string operation, string[] inputs, params (string Name, OnnxGraphBuilder.Value Value)[] attributes) =>
        graph.Node(operation, Next(), inputs, attributes);

    public string Whole(params long[] values) => graph.Integers(Next(), values);

    public string Float(params float[] values) => graph.Floats(Next(), values);

    public string Floats(float[] values, params int[] shape) => graph.Floats(Next(), values, shape);

    public string Double(params double[] values) => graph.Doubles(Next(), values);

    public string Doubles(double[] values, params int[] shape) => graph.Doubles(Next(), values, shape);

    public string Cast(string x, ElementType type) => Node("Cast", [x], ("to", (int)type));

    /// <summary>The size of an axis, [1].</summary>
    public string Size(string x, int axis) => Node("Shape", [x], ("start", axis), ("end", axis + 1));

    public string Reshape(string x, params long[] shape) => Node("Reshape", x, Whole(shape));

    public string Concat(int axis, params string[] parts) => parts.Length == 1 ? parts[0] : Node("Concat", parts, ("axis", axis));

    public string Transpose(string x, params long[] axes) => Node("Transpose", [x], ("perm", axes));

    /// <summary>The part of an axis from a place to before another.</summary>
    public string Slice(string x, int axis, long from, long to) => Node("Slice", x, Whole(from), Whole(to), Whole(axis));

    /// <summary>The reverse order from a place down to another, both within.</summary>
    public string Reverse(string x, int axis, long from, long downTo) =>
        Node("Slice", x, Whole(from), Whole(downTo == 0 ? long.MinValue : downTo - 1), Whole(axis), Whole(-1));

    /// <summary>Zeros or a reflection before and after the second of two axes.</summary>
    public string Pad(string x, long before, long after, bool reflects) => before + after == 0
        ? x
        : graph.Pad(Next(), x, Whole(0, before, 0, after), reflects);

    public string Mean(string x, int axis) => Node("ReduceMean", [x], ("axes", new long[] { axis }), ("keepdims", 1));

    /// <summary>The standard deviation over T of what has the mean 0, [B, T, F] to [B, 1, F]; unbiased where T is given.</summary>
    public string Deviation(string centred, int frames = 0)
    {
        string deviation = Node("Sqrt", Mean(Node("Mul", centred, centred), 1));
        return frames == 0 ? deviation : Node("Mul", deviation, Float((float)Math.Sqrt(frames / Math.Max(1.0, frames - 1))));
    }

    /// <summary>Each bin over its clip's frames, [B, T, F]; one that does not vary becomes 0.</summary>
    public string Scale(string centred, string mean, string deviation)
    {
        string floor = Node("Mul", Node("Abs", mean), Float(SpectrumPooling.RelativeFloor));
        string isFlat = Node("LessOrEqual", deviation, floor);
        return Node("Div", centred, Node("Where", isFlat, Float(float.PositiveInfinity), deviation));
    }

    private string Next() => $"{prefix}_{_count++}";
}

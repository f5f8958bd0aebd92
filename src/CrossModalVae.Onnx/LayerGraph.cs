using CrossModalVae.Towers;

namespace CrossModalVae.Onnx;

/// <summary>Writes a list of <see cref="TowerLayer"/> node by node, as training computes them, batch normalisation folded.</summary>
internal sealed class LayerGraph(OnnxGraphBuilder graph, LayerWeights weights, string prefix)
{
    private int _count;

    public string Walk(IReadOnlyList<TowerLayer> layers, string x)
    {
        foreach (TowerLayer layer in layers)
        {
            x = layer switch
            {
                ConvolutionLayer c => Convolve(c, x),
                MaximumLayer m => graph.Node(
                    "MaxPool",
                    Next(),
                    [x],
                    ("kernel_shape", Sizes(m.Kernel)),
                    ("strides", Sizes(m.Stride)),
                    ("pads", Twice(m.Padding))),
                WindowMeanLayer w => graph.Node(
                    "AveragePool", Next(), [x], ("kernel_shape", Sizes(w.Kernel)), ("strides", Sizes(w.Stride))),
                PaddingLayer p => graph.Node(
                    "Pad", Next(), [x, graph.Integers(Next(), [0, 0, 0, 0, 0, p.Channels, p.Rows, p.Columns])]),
                ProjectionLayer p => graph.Node("Gemm", Next(), [x, Weight($"{p.Name}.weight")], ("transB", 1)),
                ResidualLayer r => graph.Node(
                    "Relu", Next(), [graph.Node("Add", Next(), [Walk(r.Body, x), Walk(r.Shortcut, x)])]),
                SqueezeExcitationLayer s => Excite(s, x),
                TransposedLayer t => Transpose(t, x),
                StatisticsLayer => Statistics(x),
                FlattenLayer => graph.Node("Flatten", Next(), [x], ("axis", 1)),
                AverageLayer => Mean(x, [2, 3], keepsAxes: false, Next()),
                _ => throw new InvalidOperationException($"No nodes for a {layer.GetType().Name}."),
            };
        }

        return x;
    }

    private string Convolve(ConvolutionLayer c, string x)
    {
        string y = graph.Node(
            "Conv",
            Next(),
            [x, Weight($"{c.Name}.weight"), Weight($"{c.Name}.bias")],
            ("kernel_shape", Sizes(c.Kernel)),
            ("strides", Sizes(c.Stride)),
            ("pads", Twice(c.Padding)));
        return c.IsRectified ? graph.Node("Relu", Next(), [y]) : y;
    }

    private string Transpose(TransposedLayer t, string x)
    {
        string y = graph.Node(
            "ConvTranspose",
            Next(),
            [x, Weight($"{t.Name}.weight"), Weight($"{t.Name}.bias")],
            ("kernel_shape", Sizes(t.Kernel)),
            ("strides", Sizes(t.Stride)),
            ("pads", Twice(t.Padding)));
        return t.IsLast ? y : graph.Node("Relu", Next(), [y]);
    }

    private string Excite(SqueezeExcitationLayer s, string x)
    {
        string mean = Mean(x, [2, 3], keepsAxes: false, Next()); // [B, C]
        string down = graph.Node("Relu", Next(), [Dense(mean, $"{s.Name}.down")]); // [B, C / 8]
        string gate = graph.Node("Sigmoid", Next(), [Dense(down, $"{s.Name}.up")]); // [B, C]
        string planes = graph.Node("Unsqueeze", Next(), [gate, graph.Integers(Next(), [2, 3])]); // [B, C, 1, 1]
        return graph.Node("Mul", Next(), [x, planes]);
    }

    private string Dense(string x, string name) =>
        graph.Node("Gemm", Next(), [x, Weight($"{name}.weight"), Weight($"{name}.bias")], ("transB", 1));

    private string Statistics(string x)
    {
        string mean = Mean(x, [3], keepsAxes: true, Next()); // [B, C, H, 1]
        string centred = graph.Node("Sub", Next(), [x, mean]);
        string variance = Mean(graph.Node("Mul", Next(), [centred, centred]), [3], keepsAxes: false, Next()); // [B, C, H]
        string floor = graph.Floats(Next(), [(float)StatisticsLayer.VarianceFloor]);
        string deviation = graph.Node("Sqrt", Next(), [graph.Node("Add", Next(), [variance, floor])]); // [B, C, H]
        return graph.Node(
            "Concat",
            Next(),
            [graph.Node("Flatten", Next(), [mean], ("axis", 1)), graph.Node("Flatten", Next(), [deviation], ("axis", 1))],
            ("axis", 1)); // [B, 2 C H]
    }

    public string Mean(string x, long[] axes, bool keepsAxes, string output) =>
        graph.Node("ReduceMean", output, [x], ("axes", axes), ("keepdims", keepsAxes ? 1 : 0));

    private string Weight(string name)
    {
        NamedArray array = weights[name];
        return graph.Floats($"{prefix}.{name}", array.Values, [.. array.Shape.Select(size => (int)size)]);
    }

    /// <summary>A constant of one whole number, [1].</summary>
    public string Whole(long value) => graph.Integers(Next(), [value]);

    /// <summary>A name that no other tensor of the graph has.</summary>
    public string Next() => $"{prefix}_{_count++}";

    private static long[] Sizes(PlaneSize size) => [size.Height, size.Width];

    // Before and after.
    private static long[] Twice(PlaneSize size) => [size.Height, size.Width, size.Height, size.Width];
}

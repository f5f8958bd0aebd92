using CrossModalVae.Towers;

namespace CrossModalVae.Onnx;

/// <summary>Writes an encoder's tower node by node, as training computes it, its batch normalisation folded.</summary>
internal sealed class TowerGraph(OnnxGraphBuilder graph, TowerWeights weights, string prefix)
{
    private readonly EncoderInput _input = weights.Input;
    private int _count;

    /// <summary>The input of the graph without its batch axis; null where any size is taken.</summary>
    public static int?[] InputShape(EncoderInput input)
    {
        TowerInput example = input.Tower!.Input;
        return input.Modality == Modality.Voice ? [null, input.UnitLength]
            : input.UnitCount == 1 ? [example.Planes, example.Rows, example.Columns]
            : [null, example.Planes, example.Rows, example.Columns];
    }

    /// <summary>
    /// Standardised rows to examples of all clips, [K B, ...], as <see cref="Average"/> expects them: example by example.
    /// </summary>
    public string Examples(string rows)
    {
        if (_input.Modality == Modality.Voice)
        {
            return _input.ScoringCrops > 1 ? Parts(rows) : rows;
        }

        string pictures = rows;
        if (_input.UnitCount > 1)
        {
            TowerInput example = _input.Tower!.Input;
            string turned = graph.Node("Transpose", Next(), [rows], ("perm", new long[] { 1, 0, 2, 3, 4 })); // [N, B, planes, height, width]
            pictures = graph.Node(
                "Reshape", Next(), [turned, graph.Integers(Next(), [-1, example.Planes, example.Rows, example.Columns])]);
        }

        if (!_input.Options!.ScoresMirrored)
        {
            return pictures;
        }

        string mirrored = graph.Node("Slice", Next(), [pictures, Whole(-1), Whole(long.MinValue), Whole(3), Whole(-1)]);
        return graph.Node("Concat", Next(), [pictures, mirrored], ("axis", 0));
    }

    /// <summary>Examples to [K B, OutputCount].</summary>
    public string Layers(string examples)
    {
        string x = examples;
        if (_input.Modality == Modality.Voice)
        {
            string turned = graph.Node("Transpose", Next(), [x], ("perm", new long[] { 0, 2, 1 })); // [K B, bins, frames]
            x = graph.Node("Unsqueeze", Next(), [turned, Whole(_input.Tower!.Input.BinsAreChannels ? 2 : 1)]);
        }

        return Walk(_input.Tower!.Layers, x);
    }

    /// <summary>The mean of a head over the examples of each clip, [K B, D] to [B, D]; <paramref name="rows"/> tells B.</summary>
    public string Average(string head, string rows, int dimension, string output)
    {
        string batch = graph.Node("Gather", Next(), [graph.Node("Shape", Next(), [rows]), Whole(0)]); // [1]
        string shape = graph.Node("Concat", Next(), [Whole(-1), batch, Whole(dimension)], ("axis", 0)); // [3]
        string split = graph.Node("Reshape", Next(), [head, shape]); // [K, B, D]
        return Mean(split, [0], keepsAxes: false, output);
    }

    // K parts of C of T frames, the k-th from floor((T - C) k / (K - 1)).
    private string Parts(string rows)
    {
        string length = graph.Node("Gather", Next(), [graph.Node("Shape", Next(), [rows]), Whole(1)]); // [1] T
        string part = graph.Node("Min", Next(), [length, Whole(_input.ExampleUnits)]); // [1] C
        string room = graph.Node("Sub", Next(), [length, part]); // [1] T - C
        var parts = new List<string>();
        for (int k = 0; k < _input.ScoringCrops; k++)
        {
            string scaled = graph.Node("Mul", Next(), [room, Whole(k)]);
            string start = graph.Node("Div", Next(), [scaled, Whole(_input.ScoringCrops - 1)]); // [1], whole numbers
            string end = graph.Node("Add", Next(), [start, part]);
            parts.Add(graph.Node("Slice", Next(), [rows, start, end, Whole(1)])); // [B, C, bins]
        }

        return graph.Node("Concat", Next(), [.. parts], ("axis", 0)); // [K B, C, bins]
    }

    private string Walk(IReadOnlyList<TowerLayer> layers, string x)
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
                ResidualLayer r => graph.Node(
                    "Relu", Next(), [graph.Node("Add", Next(), [Walk(r.Body, x), Walk(r.Shortcut, x)])]),
                SqueezeExcitationLayer s => Excite(s, x),
                StatisticsLayer => Statistics(x),
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

    private string Excite(SqueezeExcitationLayer s, string x)
    {
        string mean = Mean(x, [2, 3], keepsAxes: false, Next()); // [K B, C]
        string down = graph.Node("Relu", Next(), [Dense(mean, $"{s.Name}.down")]); // [K B, C / 8]
        string gate = graph.Node("Sigmoid", Next(), [Dense(down, $"{s.Name}.up")]); // [K B, C]
        string planes = graph.Node("Unsqueeze", Next(), [gate, graph.Integers(Next(), [2, 3])]); // [K B, C, 1, 1]
        return graph.Node("Mul", Next(), [x, planes]);
    }

    private string Dense(string x, string name) =>
        graph.Node("Gemm", Next(), [x, Weight($"{name}.weight"), Weight($"{name}.bias")], ("transB", 1));

    private string Statistics(string x)
    {
        string flat = graph.Node("Reshape", Next(), [x, graph.Integers(Next(), [0, _input.OutputCount / 2, -1])]); // [K B, C H, W]
        string mean = Mean(flat, [2], keepsAxes: true, Next()); // [K B, C H, 1]
        string centred = graph.Node("Sub", Next(), [flat, mean]);
        string variance = Mean(graph.Node("Mul", Next(), [centred, centred]), [2], keepsAxes: false, Next()); // [K B, C H]
        string floor = graph.Floats(Next(), [(float)StatisticsLayer.VarianceFloor]);
        string deviation = graph.Node("Sqrt", Next(), [graph.Node("Add", Next(), [variance, floor])]); // [K B, C H]
        string squeezed = graph.Node("Squeeze", Next(), [mean, Whole(2)]); // [K B, C H]
        return graph.Node("Concat", Next(), [squeezed, deviation], ("axis", 1)); // [K B, 2 C H]
    }

    private string Mean(string x, long[] axes, bool keepsAxes, string output) =>
        graph.Node("ReduceMean", output, [x], ("axes", axes), ("keepdims", keepsAxes ? 1 : 0));

    private string Weight(string name)
    {
        NamedArray array = weights[name];
        return graph.Floats($"{prefix}_tower.{name}", array.Values, [.. array.Shape.Select(size => (int)size)]);
    }

    private string Whole(long value) => graph.Integers(Next(), [value]);

    private string Next() => $"{prefix}_tower_{_count++}";

    private static long[] Sizes(PlaneSize size) => [size.Height, size.Width];

    // Before and after.
    private static long[] Twice(PlaneSize size) => [size.Height, size.Width, size.Height, size.Width];
}

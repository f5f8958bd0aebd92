using CrossModalVae.Towers;

namespace CrossModalVae.Onnx;

/// <summary>Writes an encoder's tower: its examples of a clip, the layers, and the mean over the examples.</summary>
internal sealed class TowerGraph(OnnxGraphBuilder graph, TowerWeights weights, string prefix)
{
    private readonly EncoderInput _input = weights.Input;
    private readonly LayerGraph _layers = new(graph, weights.Layers, $"{prefix}_tower");

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
            string turned = graph.Node("Transpose", Next(), [rows], ("perm", new long[] { 1, 0, 2, 3, 4 })); // [N, B, ...]
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

        return _layers.Walk(_input.Tower!.Layers, x);
    }

    /// <summary>The mean of a head over the examples of each clip, [K B, D] to [B, D]; <paramref name="rows"/> tells B.</summary>
    public string Average(string head, string rows, int dimension, string output)
    {
        string batch = graph.Node("Gather", Next(), [graph.Node("Shape", Next(), [rows]), Whole(0)]); // [1]
        string shape = graph.Node("Concat", Next(), [Whole(-1), batch, Whole(dimension)], ("axis", 0)); // [3]
        string split = graph.Node("Reshape", Next(), [head, shape]); // [K, B, D]
        return _layers.Mean(split, [0], keepsAxes: false, output);
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

    private string Whole(long value) => _layers.Whole(value);

    private string Next() => _layers.Next();
}

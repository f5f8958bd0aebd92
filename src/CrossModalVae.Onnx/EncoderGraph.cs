namespace CrossModalVae.Onnx;

/// <summary>Writes the nodes of one encoder: standardisation, tower, hidden layers; heads on demand.</summary>
internal sealed class EncoderGraph
{
    private readonly OnnxGraphBuilder _graph;
    private readonly TowerGraph? _tower;
    private readonly string _rows;
    private readonly string _hidden;
    private readonly bool _several;

    /// <summary>Writes the body on an input of the graph; names begin with the prefix.</summary>
    public EncoderGraph(OnnxGraphBuilder graph, GaussianEncoderWeights encoder, string input, string prefix)
    {
        _graph = graph;
        _several = encoder.Tower?.Input.ScoresSeveral == true;
        int[] shape = encoder.Tower is not null && encoder.Modality == Modality.Face ? [encoder.Statistics.Length, 1, 1] : [];
        _rows = graph.Standardise(input, encoder.Statistics, prefix, shape); // [B, F], [B, frames, bins], [B, planes, height, width] ...
        _tower = encoder.Tower is null ? null : new TowerGraph(graph, encoder.Tower, prefix);
        string h = _tower is null ? _rows : _tower.Layers(_tower.Examples(_rows)); // [B, F], or [K B, F'] for K examples a clip
        for (int i = 0; i < encoder.Hidden.Count; i++)
        {
            h = graph.Dense(h, encoder.Hidden[i], $"{prefix}_hidden_{i}"); // [K B, width]
        }

        _hidden = h;
    }

    /// <summary>A linear head, its mean over the examples of each clip, [B, D].</summary>
    public string Head(DenseLayer layer, string output)
    {
        string head = _graph.Dense(_hidden, layer, _several ? $"{output}_of_examples" : output);
        return _several ? _tower!.Average(head, _rows, layer.OutputCount, output) : head;
    }
}

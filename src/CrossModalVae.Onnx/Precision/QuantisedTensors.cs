using CrossModalVae.Onnx.Protos;

namespace CrossModalVae.Onnx.Precision;

/// <summary>
/// Which activations of a graph are kept in 8 bits: what convolutions, matrix products, residual sums and maxima take, and what the first
/// and the last two give, after their rectifier. ONNX Runtime then computes such a node on whole numbers from end to end.
/// </summary>
internal sealed class QuantisedTensors
{
    private static readonly HashSet<string> Movers = ["MaxPool", "Flatten", "Reshape", "Transpose", "Unsqueeze", "Slice"];

    private readonly HashSet<string> _constants;
    private readonly HashSet<string> _integers;
    private readonly Dictionary<string, string> _sources = new(StringComparer.Ordinal); // of moved numbers: the tensor they were
    private readonly ILookup<string, Node> _readers;
    private readonly HashSet<string> _chosen = new(StringComparer.Ordinal);

    public QuantisedTensors(Graph graph)
    {
        _constants = [.. graph.Initializer.Select(tensor => tensor.Name)];
        _integers = GraphTensors.Integers(graph);
        _readers = graph.Node.SelectMany(node => node.Input.Select(input => (input, node)))
            .ToLookup(pair => pair.input, pair => pair.node, StringComparer.Ordinal);
        foreach (Node node in graph.Node)
        {
            if (Movers.Contains(node.OpType))
            {
                _sources[node.Output[0]] = SourceOf(node.Input[0]);
            }

            Choose(node);
        }

        _chosen.ExceptWith(graph.Output.Select(output => output.Name));
    }

    /// <summary>The tensors, whose ranges are those of <see cref="SourceOf"/>.</summary>
    public IReadOnlySet<string> Chosen => _chosen;

    /// <summary>Whether a node multiplies activations with constant weights.</summary>
    public bool IsProduct(Node node) => node.OpType is "Conv" or "Gemm" && _constants.Contains(node.Input[1]);

    /// <summary>The tensor that a tensor's numbers were before they were moved; itself where they were not.</summary>
    public string SourceOf(string tensor) => _sources.GetValueOrDefault(tensor, tensor);

    private void Choose(Node node)
    {
        switch (node.OpType)
        {
            case "Conv" when IsProduct(node):
                _chosen.Add(node.Input[0]);
                _chosen.Add(End(node));
                break;
            case "Gemm" when IsProduct(node):
                _chosen.Add(node.Input[0]); // what it gives may be float32
                break;
            case "Add" when !node.Input.Any(_constants.Contains) && !node.Input.Any(_integers.Contains):
                _chosen.UnionWith(node.Input);
                _chosen.Add(End(node));
                break;
            case "MaxPool":
                _chosen.Add(node.Input[0]);
                _chosen.Add(node.Output[0]);
                break;
            default:
                break;
        }
    }

    // The tensor that the rest of the graph sees of a node whose rectifier is computed with it.
    private string End(Node node)
    {
        string output = node.Output[0];
        Node[] readers = [.. _readers[output]];
        return readers is [{ OpType: "Relu" } rectifier] ? rectifier.Output[0] : output;
    }
}

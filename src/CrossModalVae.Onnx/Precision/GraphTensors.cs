using System.Runtime.InteropServices;
using CrossModalVae.Onnx.Protos;
using ElementType = CrossModalVae.Onnx.Protos.Tensor.Types.ElementType;

namespace CrossModalVae.Onnx.Precision;

/// <summary>What the rewriting of graphs asks of their tensors.</summary>
internal static class GraphTensors
{
    /// <summary>The names of tensors of whole numbers, such as shapes: constants, and what is computed of them.</summary>
    public static HashSet<string> Integers(Graph graph)
    {
        HashSet<string> integers =
            [.. graph.Initializer.Where(tensor => tensor.DataType == ElementType.Int64).Select(tensor => tensor.Name)];
        foreach (Node node in graph.Node.Where(node => node.OpType == "Shape" || integers.Contains(node.Input[0])))
        {
            integers.UnionWith(node.Output);
        }

        return integers;
    }

    /// <summary>The values of a constant of floats.</summary>
    public static ReadOnlySpan<float> Floats(Tensor constant) => MemoryMarshal.Cast<byte, float>(constant.RawData.Span);
}

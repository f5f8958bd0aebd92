using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>One input or output of a graph as ML.NET sees it: an unknown leading dimension is 1, further unknown ones are 0.</summary>
internal sealed class OnnxTensorInfo
{
    private OnnxTensorInfo(string name, int[] shape, VectorDataViewType type)
    {
        Name = name;
        Shape = shape;
        Type = type;
    }

    public string Name { get; }

    /// <summary>The dimensions to feed, 0 where unknown.</summary>
    public int[] Shape { get; }

    public VectorDataViewType Type { get; }

    public static OnnxTensorInfo From(string name, NodeMetadata metadata, IDictionary<string, int[]> shapeDictionary)
    {
        if (!metadata.IsTensor)
            throw new NotSupportedException($"ONNX tensor '{name}' is a {metadata.OnnxValueType}; the system stack scores tensors only.");
        if (metadata.Dimensions.Length == 0)
            throw new NotSupportedException($"ONNX tensor '{name}' is a scalar; the system stack scores tensors with at least one dimension only.");
        var type = metadata.ElementType == typeof(string) ? typeof(ReadOnlyMemory<char>) : metadata.ElementType;
        var item = DataViewTypes.FromRaw(type) ?? throw new InvalidOperationException($"Unsupported ONNX scalar type: {metadata.ElementType.Name}");

        // The session's -1 for an unknown dimension.
        int[] graphShape = metadata.Dimensions;
        int[] shape = graphShape;
        bool isGiven = shapeDictionary != null && shapeDictionary.TryGetValue(name, out shape);
        if (isGiven && !Compatible(shape, graphShape))
        {
            throw new ArgumentOutOfRangeException(nameof(shapeDictionary), shape,
                $"The specified shape {string.Join(",", shape)} is not compatible with the shape {string.Join(",", graphShape)} loaded from "
                + "the ONNX model file. Only unknown dimension can replace or be replaced by another dimension.");
        }

        if (!isGiven)
            shape = graphShape;
        int[] fed = [.. shape.Select((d, i) => d > 0 ? d : i == 0 && d < 0 ? 1 : 0)];

        // A given shape counts as known only where every dimension is; the graph's own has its leading unknown forced to 1.
        int[] typed = isGiven ? shape : [.. graphShape.Select((d, i) => d > 0 ? d : i == 0 ? 1 : 0)];
        return new OnnxTensorInfo(name, fed, typed.All(d => d > 0) ? new VectorDataViewType(item, typed) : new VectorDataViewType(item));
    }

    private static bool Compatible(int[] left, int[] right)
        => left.Length == right.Length && left.Zip(right).All(pair => pair.First == pair.Second || pair.First <= 0 || pair.Second <= 0);
}

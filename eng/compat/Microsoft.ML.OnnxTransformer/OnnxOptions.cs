namespace Microsoft.ML.Transforms.Onnx;

/// <summary>Everything that ONNX scoring can be told.</summary>
public sealed class OnnxOptions
{
    public OnnxOptions()
    {
    }

    public string ModelFile;

    /// <summary>The graph's inputs to feed; null or empty for all of them.</summary>
    public string[] InputColumns;

    /// <summary>The graph's outputs to add; null or empty for all of them.</summary>
    public string[] OutputColumns;

    public int? GpuDeviceId;

    public bool FallbackToCpu;

    public IDictionary<string, int[]> ShapeDictionary;

    public int? InterOpNumThreads;

    public int? IntraOpNumThreads;
}

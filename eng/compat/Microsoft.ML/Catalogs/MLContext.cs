using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Where all of ML.NET starts: its catalogs.</summary>
public sealed class MLContext
{
    public MLContext(int? seed = null)
    {
        // Nothing in this part of the API draws random numbers; the seed is taken because every program passes one.
        _ = seed;
        Data = new DataOperationsCatalog();
        Transforms = new TransformsCatalog(this);
        Clustering = new ClusteringCatalog();
        Model = new ModelOperationsCatalog(this);
    }

    public DataOperationsCatalog Data { get; }

    public TransformsCatalog Transforms { get; }

    public ClusteringCatalog Clustering { get; }

    public ModelOperationsCatalog Model { get; }

    public ComponentCatalog ComponentCatalog { get; } = new();

    /// <summary>The GPU that ONNX models run on where the call names none; null for the CPU.</summary>
    public int? GpuDeviceId { get; set; }

    /// <summary>Whether an ONNX model that cannot run on the GPU runs on the CPU instead.</summary>
    public bool FallbackToCpu { get; set; } = true;
}

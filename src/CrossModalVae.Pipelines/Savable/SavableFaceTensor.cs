using CrossModalVae.Faces;
using Microsoft.ML.Transforms;

namespace CrossModalVae.Pipelines;

/// <summary>What <see cref="SavableCatalog.SavableFaceTensor"/> reads.</summary>
public sealed class SavableFacePaths
{
    /// <summary>Column face_paths: the jpg frames; empty where the face is missing.</summary>
    [ColumnName("face_paths")]
    public string[] FacePaths { get; set; } = [];
}

/// <summary>What <see cref="SavableCatalog.SavableFaceTensor"/> adds.</summary>
public sealed class SavableFaceFeatures
{
    /// <summary>Column face_features, [529]; NaN where the face is missing.</summary>
    [ColumnName(OnnxContract.FaceFeatures)]
    [VectorType(SavableCatalog.FaceFeatureCount)]
    public float[] FaceFeatures { get; set; } = [];
}

/// <summary>Finds the report's face front end when ML.NET loads a saved model.</summary>
[CustomMappingFactoryAttribute(Contract)]
internal sealed class SavableFaceTensorFactory : CustomMappingFactory<SavableFacePaths, SavableFaceFeatures>
{
    /// <summary>The name written into saved models; a change of what the step computes needs another.</summary>
    public const string Contract = "CrossModalVae.FaceTensor/1";

    public override Action<SavableFacePaths, SavableFaceFeatures> GetMapping()
    {
        var frontEnd = new FaceFrontEnd(new FaceOptions());
        return (source, target) =>
        {
            string[] paths = [.. source.FacePaths.Where(path => !string.IsNullOrEmpty(path))];
            target.FaceFeatures = new float[SavableCatalog.FaceFeatureCount];
            if (paths.Length == 0)
            {
                Array.Fill(target.FaceFeatures, float.NaN);
            }
            else
            {
                frontEnd.Extract(paths, target.FaceFeatures);
            }
        };
    }
}

using CrossModalVae.Faces;
using Microsoft.ML.Transforms;

namespace CrossModalVae.Pipelines;

/// <summary>How ML.NET finds the report's face front end again when it loads a saved model.</summary>
[CustomMappingFactoryAttribute(Contract)]
public sealed class SavableFaceTensorFactory : CustomMappingFactory<SavableFacePaths, SavableFaceFeatures>
{
    /// <summary>The name written into saved models; a change of what the step computes needs another.</summary>
    public const string Contract = "CrossModalVae.FaceTensor/1";

    /// <summary>The mapping, safe to call from several threads.</summary>
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

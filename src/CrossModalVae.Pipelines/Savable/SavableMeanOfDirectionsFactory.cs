using Microsoft.ML.Transforms;

namespace CrossModalVae.Pipelines;

/// <summary>How ML.NET finds the mean of directions again when it loads a saved model.</summary>
[CustomMappingFactoryAttribute(Contract)]
public sealed class SavableMeanOfDirectionsFactory : CustomMappingFactory<SavablePosteriors, SavableJointEmbedding>
{
    /// <summary>The name written into saved models; a change of what the step computes needs another.</summary>
    public const string Contract = "CrossModalVae.MeanOfDirections/1";

    private static readonly float[] Missing = [.. Enumerable.Repeat(float.NaN, SavableCatalog.LatentDimension)];

    /// <summary>The mapping, safe to call from several threads.</summary>
    public override Action<SavablePosteriors, SavableJointEmbedding> GetMapping() => (source, target) =>
    {
        target.JointEmbedding = new float[SavableCatalog.LatentDimension];
        JointPosterior.MeanOfDirections(
            JointPosterior.IsMissing(source.VoiceFeatures) ? Missing : source.VoiceMean,
            JointPosterior.IsMissing(source.FaceFeatures) ? Missing : source.FaceMean,
            target.JointEmbedding);
    };
}

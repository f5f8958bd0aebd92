using Microsoft.ML.Transforms;

namespace CrossModalVae.Pipelines;

/// <summary>How ML.NET finds the product of experts again when it loads a saved model.</summary>
[CustomMappingFactoryAttribute(Contract)]
public sealed class SavableProductOfExpertsFactory : CustomMappingFactory<SavablePosteriors, SavableJointEmbedding>
{
    /// <summary>The name written into saved models; a change of what the step computes needs another.</summary>
    public const string Contract = "CrossModalVae.ProductOfExperts/1";

    private static readonly float[] Missing = [.. Enumerable.Repeat(float.NaN, SavableCatalog.LatentDimension)];

    /// <summary>The mapping, safe to call from several threads.</summary>
    public override Action<SavablePosteriors, SavableJointEmbedding> GetMapping() => (source, target) =>
    {
        target.JointEmbedding = new float[SavableCatalog.LatentDimension];
        JointPosterior.ProductOfExperts(
            JointPosterior.IsMissing(source.VoiceFeatures) ? Missing : source.VoiceMean,
            source.VoiceLogVariance,
            JointPosterior.IsMissing(source.FaceFeatures) ? Missing : source.FaceMean,
            source.FaceLogVariance,
            target.JointEmbedding);
    };
}

using Microsoft.ML.Transforms;

namespace CrossModalVae.Pipelines;

/// <summary>What <see cref="SavableCatalog.SavableJointEmbedding"/> reads.</summary>
public sealed class SavablePosteriors
{
    /// <summary>Column voice_features, [512]; NaN where the voice is missing.</summary>
    [ColumnName(OnnxContract.VoiceFeatures)]
    [VectorType(SavableCatalog.VoiceFeatureCount)]
    public float[] VoiceFeatures { get; set; } = [];

    /// <summary>Column face_features, [529]; NaN where the face is missing.</summary>
    [ColumnName(OnnxContract.FaceFeatures)]
    [VectorType(SavableCatalog.FaceFeatureCount)]
    public float[] FaceFeatures { get; set; } = [];

    /// <summary>Column voice_mean, [100].</summary>
    [ColumnName(OnnxContract.VoiceMean)]
    [VectorType(SavableCatalog.LatentDimension)]
    public float[] VoiceMean { get; set; } = [];

    /// <summary>Column voice_log_variance, [100].</summary>
    [ColumnName(OnnxContract.VoiceLogVariance)]
    [VectorType(SavableCatalog.LatentDimension)]
    public float[] VoiceLogVariance { get; set; } = [];

    /// <summary>Column face_mean, [100].</summary>
    [ColumnName(OnnxContract.FaceMean)]
    [VectorType(SavableCatalog.LatentDimension)]
    public float[] FaceMean { get; set; } = [];

    /// <summary>Column face_log_variance, [100].</summary>
    [ColumnName(OnnxContract.FaceLogVariance)]
    [VectorType(SavableCatalog.LatentDimension)]
    public float[] FaceLogVariance { get; set; } = [];
}

/// <summary>What <see cref="SavableCatalog.SavableJointEmbedding"/> adds.</summary>
public sealed class SavableJointEmbedding
{
    /// <summary>Column joint_embedding, [100]; NaN where both modalities are missing.</summary>
    [ColumnName("joint_embedding")]
    [VectorType(SavableCatalog.LatentDimension)]
    public float[] JointEmbedding { get; set; } = [];
}

/// <summary>The joint embedding of one row; a modality whose features are NaN is missing, whatever the graph made of it.</summary>
internal static class SavableJoint
{
    private static readonly float[] Missing = [.. Enumerable.Repeat(float.NaN, SavableCatalog.LatentDimension)];

    public static Action<SavablePosteriors, SavableJointEmbedding> Mapping(JointEmbedding kind) => (source, target) =>
    {
        target.JointEmbedding = new float[SavableCatalog.LatentDimension];
        float[] voice = JointPosterior.IsMissing(source.VoiceFeatures) ? Missing : source.VoiceMean;
        float[] face = JointPosterior.IsMissing(source.FaceFeatures) ? Missing : source.FaceMean;
        JointPosterior.Compute(kind, voice, source.VoiceLogVariance, face, source.FaceLogVariance, target.JointEmbedding);
    };
}

/// <summary>Finds the mean of directions when ML.NET loads a saved model.</summary>
[CustomMappingFactoryAttribute(Contract)]
internal sealed class SavableMeanOfDirectionsFactory : CustomMappingFactory<SavablePosteriors, SavableJointEmbedding>
{
    /// <summary>The name written into saved models; a change of what the step computes needs another.</summary>
    public const string Contract = "CrossModalVae.MeanOfDirections/1";

    public override Action<SavablePosteriors, SavableJointEmbedding> GetMapping() =>
        SavableJoint.Mapping(JointEmbedding.MeanOfDirections);
}

/// <summary>Finds the product of experts when ML.NET loads a saved model.</summary>
[CustomMappingFactoryAttribute(Contract)]
internal sealed class SavableProductOfExpertsFactory : CustomMappingFactory<SavablePosteriors, SavableJointEmbedding>
{
    /// <summary>The name written into saved models; a change of what the step computes needs another.</summary>
    public const string Contract = "CrossModalVae.ProductOfExperts/1";

    public override Action<SavablePosteriors, SavableJointEmbedding> GetMapping() =>
        SavableJoint.Mapping(JointEmbedding.ProductOfExperts);
}

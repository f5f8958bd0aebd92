using Microsoft.ML.Transforms;

namespace CrossModalVae.Pipelines.Savable;

/// <summary>Both posteriors of a clip, NaN where a modality is missing.</summary>
internal sealed class JointSource
{
    [ColumnName(ModelColumns.VoiceMean)]
    public float[] VoiceMean { get; set; } = [];

    [ColumnName(ModelColumns.VoiceLogVariance)]
    public float[] VoiceLogVariance { get; set; } = [];

    [ColumnName(ModelColumns.FaceMean)]
    public float[] FaceMean { get; set; } = [];

    [ColumnName(ModelColumns.FaceLogVariance)]
    public float[] FaceLogVariance { get; set; } = [];
}

/// <summary>A clip's joint embedding, padded.</summary>
internal sealed class JointTarget
{
    [ColumnName(ModelColumns.JointEmbedding)]
    [VectorType(PaddedVectors.Length)]
    public float[] Joint { get; set; } = [];
}

/// <summary>A joint embedding that ML.NET can save.</summary>
internal abstract class JointFactory(JointEmbedding kind) : CustomMappingFactory<JointSource, JointTarget>
{
    public sealed override Action<JointSource, JointTarget> GetMapping() => (source, target) =>
    {
        var joint = new float[source.VoiceMean.Length];
        JointPosterior.Compute(
            kind, source.VoiceMean, source.VoiceLogVariance, source.FaceMean, source.FaceLogVariance, joint);
        target.Joint = PaddedVectors.Of(joint);
    };

    /// <summary>ML.NET's step.</summary>
    public static IEstimator<ITransformer> Create(MLContext ml, JointEmbedding kind) => kind switch
    {
        JointEmbedding.ProductOfExperts =>
            ml.Transforms.CustomMapping(new ProductOfExpertsFactory().GetMapping(), ProductOfExpertsFactory.Contract),
        _ => ml.Transforms.CustomMapping(new MeanOfDirectionsFactory().GetMapping(), MeanOfDirectionsFactory.Contract),
    };
}

/// <summary>Finds the mean of directions when ML.NET loads a saved model.</summary>
[CustomMappingFactoryAttribute(Contract)]
internal sealed class MeanOfDirectionsFactory() : JointFactory(JointEmbedding.MeanOfDirections)
{
    /// <summary>The name written into saved models; a change of what the step computes needs another.</summary>
    public const string Contract = "CrossModalVae.MeanOfDirections/1";
}

/// <summary>Finds the product of experts when ML.NET loads a saved model.</summary>
[CustomMappingFactoryAttribute(Contract)]
internal sealed class ProductOfExpertsFactory() : JointFactory(JointEmbedding.ProductOfExperts)
{
    /// <summary>The name written into saved models; a change of what the step computes needs another.</summary>
    public const string Contract = "CrossModalVae.ProductOfExperts/1";
}

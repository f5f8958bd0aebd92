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

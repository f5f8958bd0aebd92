namespace CrossModalVae.Pipelines;

/// <summary>What <see cref="SavableCatalog.SavableVoiceSpectrogram"/> adds.</summary>
public sealed class SavableVoiceFeatures
{
    /// <summary>Column voice_features, [512]; NaN where the voice is missing.</summary>
    [ColumnName(OnnxContract.VoiceFeatures)]
    [VectorType(SavableCatalog.VoiceFeatureCount)]
    public float[] VoiceFeatures { get; set; } = [];
}

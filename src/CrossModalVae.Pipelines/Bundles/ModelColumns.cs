namespace CrossModalVae.Pipelines;

/// <summary>
/// The columns that a model's pipelines add, named as ML.NET names its own, so that a class with properties of these names reads them
/// without attributes. The graphs' tensors keep the field's names (voice_mean and so on), which Python and ApplyOnnxModel see.
/// </summary>
public static class ModelColumns
{
    /// <summary>The voice front end's features, Vector of Single.</summary>
    public const string VoiceFeatures = nameof(VoiceFeatures);

    /// <summary>The voice's posterior mean, its embedding, Vector of Single.</summary>
    public const string VoiceMean = nameof(VoiceMean);

    /// <summary>The voice's posterior log-variance, Vector of Single.</summary>
    public const string VoiceLogVariance = nameof(VoiceLogVariance);

    /// <summary>The face front end's features, Vector of Single.</summary>
    public const string FaceFeatures = nameof(FaceFeatures);

    /// <summary>The face's posterior mean, its embedding, Vector of Single.</summary>
    public const string FaceMean = nameof(FaceMean);

    /// <summary>The face's posterior log-variance, Vector of Single.</summary>
    public const string FaceLogVariance = nameof(FaceLogVariance);

    /// <summary>The embedding of both, Vector of Single.</summary>
    public const string JointEmbedding = nameof(JointEmbedding);
}

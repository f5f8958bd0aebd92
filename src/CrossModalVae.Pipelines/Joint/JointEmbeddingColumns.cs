namespace CrossModalVae.Pipelines;

/// <summary>The columns that hold both posteriors of a clip. Defaults are the names of the exported graphs' outputs.</summary>
public sealed record JointEmbeddingColumns
{
    /// <summary>The voice's posterior mean, Vector of Single. Default "voice_mean".</summary>
    public string VoiceMean { get; init; } = OnnxContract.VoiceMean;

    /// <summary>The voice's posterior log-variance; read for a product of experts only. Default "voice_log_variance".</summary>
    public string VoiceLogVariance { get; init; } = OnnxContract.VoiceLogVariance;

    /// <summary>The face's posterior mean. Default "face_mean".</summary>
    public string FaceMean { get; init; } = OnnxContract.FaceMean;

    /// <summary>The face's posterior log-variance; read for a product of experts only. Default "face_log_variance".</summary>
    public string FaceLogVariance { get; init; } = OnnxContract.FaceLogVariance;
}

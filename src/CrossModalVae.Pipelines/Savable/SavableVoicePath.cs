namespace CrossModalVae.Pipelines;

/// <summary>What <see cref="SavableCatalog.SavableVoiceSpectrogram"/> reads.</summary>
public sealed class SavableVoicePath
{
    /// <summary>Column voice_path: the wav file; empty where the voice is missing.</summary>
    [ColumnName("voice_path")]
    public string VoicePath { get; set; } = "";
}

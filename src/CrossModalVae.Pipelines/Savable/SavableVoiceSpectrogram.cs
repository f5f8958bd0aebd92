using CrossModalVae.Audio;
using Microsoft.ML.Transforms;

namespace CrossModalVae.Pipelines;

/// <summary>What <see cref="SavableCatalog.SavableVoiceSpectrogram"/> reads.</summary>
public sealed class SavableVoicePath
{
    /// <summary>Column voice_path: the wav file; empty where the voice is missing.</summary>
    [ColumnName("voice_path")]
    public string VoicePath { get; set; } = "";
}

/// <summary>What <see cref="SavableCatalog.SavableVoiceSpectrogram"/> adds.</summary>
public sealed class SavableVoiceFeatures
{
    /// <summary>Column voice_features, [512]; NaN where the voice is missing.</summary>
    [ColumnName(OnnxContract.VoiceFeatures)]
    [VectorType(SavableCatalog.VoiceFeatureCount)]
    public float[] VoiceFeatures { get; set; } = [];
}

/// <summary>Finds the report's voice front end when ML.NET loads a saved model.</summary>
[CustomMappingFactoryAttribute(Contract)]
internal sealed class SavableVoiceSpectrogramFactory : CustomMappingFactory<SavableVoicePath, SavableVoiceFeatures>
{
    /// <summary>The name written into saved models; a change of what the step computes needs another.</summary>
    public const string Contract = "CrossModalVae.VoiceSpectrogram/1";

    public override Action<SavableVoicePath, SavableVoiceFeatures> GetMapping()
    {
        var frontEnd = new VoiceFrontEnd(new VoiceOptions());
        return (source, target) =>
        {
            // A new array each row: ML.NET hands the same objects to every row, and a consumer may keep what it got.
            target.VoiceFeatures = new float[SavableCatalog.VoiceFeatureCount];
            if (string.IsNullOrEmpty(source.VoicePath))
            {
                Array.Fill(target.VoiceFeatures, float.NaN);
            }
            else
            {
                frontEnd.Extract(source.VoicePath, 0, null, target.VoiceFeatures);
            }
        };
    }
}

using CrossModalVae.Audio;
using Microsoft.ML.Transforms;

namespace CrossModalVae.Pipelines;

/// <summary>How ML.NET finds the report's voice front end again when it loads a saved model.</summary>
[CustomMappingFactoryAttribute(Contract)]
public sealed class SavableVoiceSpectrogramFactory : CustomMappingFactory<SavableVoicePath, SavableVoiceFeatures>
{
    /// <summary>The name written into saved models; a change of what the step computes needs another.</summary>
    public const string Contract = "CrossModalVae.VoiceSpectrogram/1";

    /// <summary>The mapping, safe to call from several threads.</summary>
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

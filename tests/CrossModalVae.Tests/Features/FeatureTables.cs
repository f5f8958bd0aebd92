using CrossModalVae.Corpora;
using CrossModalVae.Features;

namespace CrossModalVae.Tests.Features;

/// <summary>Small feature tables for tests.</summary>
internal static class FeatureTables
{
    /// <summary>One voice and one face row a clip; null where the clip lacks the modality.</summary>
    public static FeatureTable Of(params (string Identity, float[]? Voice, float[]? Face)[] rows)
    {
        int voiceLength = rows.Select(r => r.Voice?.Length ?? 0).Max();
        int faceLength = rows.Select(r => r.Face?.Length ?? 0).Max();
        return new FeatureTable
        {
            Clips =
            [
                .. rows.Select((r, i) => new Clip
                {
                    Identity = r.Identity,
                    Name = $"c{i}",
                    Voice = r.Voice is null ? null : $"{i}.wav",
                    Faces = r.Face is null ? [] : [$"{i}.jpg"],
                    Split = CorpusSplit.Train,
                }),
            ],
            Voice = [.. rows.SelectMany(r => r.Voice ?? new float[voiceLength])],
            Face = [.. rows.SelectMany(r => r.Face ?? new float[faceLength])],
            VoiceLength = voiceLength,
            FaceLength = faceLength,
        };
    }
}

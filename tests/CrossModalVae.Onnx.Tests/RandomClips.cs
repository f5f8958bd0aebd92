using CrossModalVae.Corpora;
using CrossModalVae.Features;
using CrossModalVae.Numerics;

namespace CrossModalVae.Onnx.Tests;

/// <summary>Features of made clips, three a person: noise around what is the person's.</summary>
internal static class RandomClips
{
    /// <param name="people">How many.</param>
    /// <param name="voiceLength">Numbers of a voice.</param>
    /// <param name="faceLength">Numbers of a face.</param>
    /// <param name="alike">Whether a face's features are its voice's.</param>
    internal static FeatureTable Make(int people, int voiceLength, int faceLength, bool alike = false)
    {
        const int Clips = 3;
        var random = new SeededRandom(people);
        float[] voice = Rows(voiceLength), face = alike ? [.. voice] : Rows(faceLength);
        return new FeatureTable
        {
            Clips =
            [
                .. Enumerable.Range(0, people * Clips).Select(i => new Clip
                {
                    Identity = $"p{i / Clips}", Name = $"{i}", Voice = "v.wav", Faces = ["f.jpg"], Split = CorpusSplit.Train,
                }),
            ],
            Voice = voice,
            Face = face,
            VoiceLength = voiceLength,
            FaceLength = faceLength,
        };

        float[] Rows(int length)
        {
            float[][] own = [.. Enumerable.Range(0, people).Select(_ => Normal(length, 2))];
            return
            [
                .. Enumerable.Range(0, people * Clips)
                    .SelectMany(i => own[i / Clips].Zip(Normal(length, 0.3f), (x, noise) => x + noise)),
            ];
        }

        float[] Normal(int length, float deviation) =>
            [.. Enumerable.Range(0, length).Select(_ => deviation * (float)random.NextGaussian())];
    }
}

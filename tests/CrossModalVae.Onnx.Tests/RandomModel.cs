using CrossModalVae.Models;
using CrossModalVae.Numerics;
using CrossModalVae.Recipes;

namespace CrossModalVae.Onnx.Tests;

/// <summary>Seeded models of any size, weights of the usual initial scale.</summary>
internal static class RandomModel
{
    internal static MultimodalVaeWeights Make(
        long seed, int voice = 12, int face = 9, int latent = 5, Activation activation = Activation.Relu, int privateDimension = 0)
    {
        var random = new SeededRandom(seed);
        FeatureStatistics voiceStatistics = Statistics(random, voice);
        FeatureStatistics faceStatistics = Statistics(random, face);
        return new MultimodalVaeWeights(
            Encoder(random, Modality.Voice, voiceStatistics, latent, activation),
            Encoder(random, Modality.Face, faceStatistics, latent, activation),
            privateDimension == 0
                ? new SharedDecoderWeights(Stack(latent, face + voice), faceStatistics, voiceStatistics)
                : new SharedDecoderWeights(Stack(latent + privateDimension, face), faceStatistics, voiceStatistics)
                {
                    VoiceLayers = Stack(latent + privateDimension, voice),
                    PrivateDimension = privateDimension,
                });

        DenseLayer[] Stack(int inputs, int outputs) =>
            [Layer(random, inputs, 11, activation), Layer(random, 11, outputs, Activation.None)];
    }

    private static GaussianEncoderWeights Encoder(
        SeededRandom random, Modality modality, FeatureStatistics statistics, int latent, Activation activation) => new(
        modality,
        statistics,
        [Layer(random, statistics.Length, 16, activation), Layer(random, 16, 8, activation)],
        Layer(random, 8, latent, Activation.None),
        Layer(random, 8, latent, Activation.None));

    private static DenseLayer Layer(SeededRandom random, int inputs, int outputs, Activation activation)
    {
        double bound = Math.Sqrt(3.0 / inputs);
        return new DenseLayer(Draw(random, inputs * outputs, bound), Draw(random, outputs, bound), inputs, outputs, activation);
    }

    private static FeatureStatistics Statistics(SeededRandom random, int count) =>
        new(Draw(random, count, 3), [.. Draw(random, count, 1).Select(x => Math.Abs(x) + 0.5f)], 100);

    private static float[] Draw(SeededRandom random, int count, double bound) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)random.NextDouble(-bound, bound))];
}

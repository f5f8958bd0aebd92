using System.Security.Cryptography;
using CrossModalVae.Audio;
using CrossModalVae.Faces;
using CrossModalVae.Models;
using CrossModalVae.Numerics;
using CrossModalVae.Onnx;
using CrossModalVae.Onnx.Tests.Oracles;
using CrossModalVae.Recipes;

namespace CrossModalVae.Scoring.Tests;

/// <summary>Writes model folders with small untrained models of seeded weights, through the exporter's own graphs.</summary>
internal static class ModelFolders
{
    public const int LatentDimension = 5;

    public static Recipe Recipe(Func<Recipe, Recipe>? change = null)
    {
        var recipe = new Recipe
        {
            Name = "small",
            Voice = new VoiceOptions { DurationSeconds = 1, TwoSided = false },
            Face = new FaceOptions { Width = 6, Height = 7 },
            Model = new ModelOptions { LatentDimension = LatentDimension, VoiceHidden = [8], FaceHidden = [8], DecoderHidden = [8] },
            Scoring = new ScoringOptions { BatchSize = 4 },
        };
        recipe = change is null ? recipe : change(recipe);
        int voice = new VoiceFrontEnd(recipe.Voice).FeatureCount;
        int face = new FaceFrontEnd(recipe.Face).FeatureCount;
        return recipe with { Statistics = new RecipeStatistics(Statistics(voice, 100, 50), Statistics(face, 0.5f, 0.25f)) };
    }

    public static ModelCard Write(string folder, Recipe recipe, long seed = 11)
    {
        string recipeHash = RecipeHash.Compute(recipe);
        MultimodalVaeWeights weights = Weights(recipe, seed);
        OnnxGraphs graphs = OnnxGraphs.Build(weights, recipeHash);
        Directory.CreateDirectory(folder);
        RecipeWriter.Write(Path.Combine(folder, "recipe.json"), recipe);
        return WriteCard(
            folder,
            new ModelCard
            {
                Name = "small",
                Recipe = recipe,
                RecipeHash = recipeHash,
                WeightsHash = WeightsHash.Compute(weights),
                Opset = OnnxContract.OpsetVersion,
                Files =
                [
                    File(folder, OnnxContract.VoiceEncoderFile, graphs.VoiceEncoder),
                    File(folder, OnnxContract.FaceEncoderFile, graphs.FaceEncoder),
                    File(folder, OnnxContract.DecoderFile, graphs.Decoder!),
                ],
                Parity = new ModelCardParity(1e-4, "none: a test model", [new ModelCardMeasurement(OnnxContract.VoiceEncoderFile, 1, 0)]),
                Example = OnnxParity.Example(weights, new PlainModel(weights), seed: 1),
                Data = new ModelCardData("seeded numbers", 0, 0, null),
                IntendedUse = "Tests.",
                Misuse = "Anything else.",
            });
    }

    public static ModelCard WriteCard(string folder, ModelCard card)
    {
        ModelCardWriter.Write(folder, card);
        return card;
    }

    /// <summary>
    /// Writes a graph and gives its entry in the card; the tensors listed there are for readers and not checked by loading.
    /// </summary>
    public static ModelCardFile File(string folder, string name, byte[] graph)
    {
        System.IO.File.WriteAllBytes(Path.Combine(folder, name), graph);
        return new ModelCardFile(
            name,
            Convert.ToHexStringLower(SHA256.HashData(graph)),
            [new ModelCardTensor("in", [null, 1])],
            [new ModelCardTensor("out", [null, 1])]);
    }

    /// <summary>The seeded weights of a recipe with statistics.</summary>
    public static MultimodalVaeWeights Weights(Recipe recipe, long seed = 11)
    {
        var random = new SeededRandom(seed);
        RecipeStatistics statistics = recipe.Statistics!;
        (int latent, int p) = (recipe.Model.LatentDimension, recipe.Model.PrivateDimension);
        GaussianEncoderWeights Encoder(Modality modality, FeatureStatistics features) => new(
            modality,
            features,
            [Layer(random, features.Length, 8, Activation.Relu)],
            Layer(random, 8, latent, Activation.None),
            Layer(random, 8, latent, Activation.None));
        return new MultimodalVaeWeights(
            Encoder(Modality.Voice, statistics.Voice),
            Encoder(Modality.Face, statistics.Face),
            p == 0
                ? new SharedDecoderWeights(
                    Stack(latent, statistics.Face.Length + statistics.Voice.Length), statistics.Face, statistics.Voice)
                : new SharedDecoderWeights(Stack(latent + p, statistics.Face.Length), statistics.Face, statistics.Voice)
                {
                    VoiceLayers = Stack(latent + p, statistics.Voice.Length),
                    PrivateDimension = p,
                });

        DenseLayer[] Stack(int inputs, int outputs) =>
            [Layer(random, inputs, 8, Activation.Relu), Layer(random, 8, outputs, Activation.None)];
    }

    private static DenseLayer Layer(SeededRandom random, int inputs, int outputs, Activation activation)
    {
        float[] Draw(int count, double scale) => [.. Enumerable.Range(0, count).Select(_ => (float)(scale * random.NextGaussian()))];
        return new DenseLayer(Draw(outputs * inputs, 1 / Math.Sqrt(inputs)), Draw(outputs, 0.1), inputs, outputs, activation);
    }

    private static FeatureStatistics Statistics(int length, float mean, float deviation) =>
        new([.. Enumerable.Repeat(mean, length)], [.. Enumerable.Repeat(deviation, length)], 10);
}

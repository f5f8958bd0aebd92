using System.Security.Cryptography;
using CrossModalVae.Files;
using CrossModalVae.Models;
using CrossModalVae.Recipes;
using CrossModalVae.Tests.Files;

namespace CrossModalVae.Tests.Models;

public sealed class ModelCardTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_WhatWriteWrote_IsTheSameCard()
    {
        ModelCard card = Sample();

        ModelCardWriter.Write(_folder.Root, card);
        ModelCard back = ModelCardReader.Read(_folder.Root);
        ModelCardWriter.Write(_folder["again"], back);

        Assert.Equal(File.ReadAllBytes(_folder["card.json"]), File.ReadAllBytes(_folder["again", "card.json"]));
        Assert.Equal(card.Recipe.Statistics!.Voice.Mean, back.Recipe.Statistics!.Voice.Mean);
        Assert.Equal(new int?[] { null, 2 }, back.Files[0].Inputs[0].Shape);
        Assert.Equal(new ModelCardMeasurement("voice-encoder.onnx", 7, 1.5e-7), back.Parity.Measured[1]);
        Assert.Equal(0.75, back.Metrics["voice_to_face.auc"]);
        Assert.Equal(card.Data, back.Data);
    }

    [Fact]
    public void Write_ShippedCard_HasTheSameBytesBeforeItsRecipe()
    {
        // Written by the version that had every field in its reader and writer, and before the
        // recipe's clustering had all of today's options.
        string shipped = Path.GetFullPath(Path.Combine(Fixtures.Grid, "..", "..", "..", "onnx", "demo"));
        string[] Parts(string path) => File.ReadAllText(path).Split("\n  \"recipe\": ");

        ModelCardWriter.Write(_folder.Root, ModelCardReader.Read(shipped));

        string[] parts = Parts(Path.Combine(shipped, "card.json"));
        Assert.Equal(2, parts.Length);
        Assert.Equal(parts[0], Parts(_folder["card.json"])[0]);
    }

    [Fact]
    public void Schema_Fields_AreTheRecords() => SchemaFields.AssertAre(FileSchema.ModelCard, ModelCardJson.Default.ModelCard, "schema");

    [Fact]
    public void Read_RecipeChangedAfterExport_IsRefused()
    {
        ModelCard card = Sample();
        ModelCardWriter.Write(_folder.Root, card);
        string path = _folder["card.json"];
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"dropout\": 0", "\"dropout\": 0.5", StringComparison.Ordinal));
        string changed = RecipeHash.Compute(card.Recipe with { Model = card.Recipe.Model with { Dropout = 0.5 } });

        var e = Assert.Throws<InvalidDataException>(() => ModelCardReader.Read(_folder.Root));

        Assert.StartsWith($"{path}: line ", e.Message, StringComparison.Ordinal);
        Assert.EndsWith(
            $"'recipe_hash' is \"{card.RecipeHash[..60]}...\"; expected {changed}, the hash of the recipe in "
            + "the card: one of them was changed after export.",
            e.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Read_FaultInTheRecipeInside_NamesItsPath()
    {
        ModelCardWriter.Write(_folder.Root, Sample());
        string path = _folder["card.json"];
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"hop_s\": 0.01", "\"hop_ss\": 0.01", StringComparison.Ordinal));

        var e = Assert.Throws<InvalidDataException>(() => ModelCardReader.Read(_folder.Root));

        Assert.EndsWith(": 'recipe.voice.hop_ss' is not a known field; did you mean 'hop_s'?", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CheckFiles_OtherOrMissingGraph_IsRefused()
    {
        byte[] graph = [1, 2, 3];
        string hash = Convert.ToHexStringLower(SHA256.HashData(graph));
        ModelCard card = Sample();
        card = card with { Files = [card.Files[0] with { Sha256 = hash }] };
        string path = _folder.Write("voice-encoder.onnx", graph);

        ModelCardReader.CheckFiles(_folder.Root, card);
        File.WriteAllBytes(path, [1, 2, 4]);
        var other = Assert.Throws<InvalidDataException>(() => ModelCardReader.CheckFiles(_folder.Root, card));
        File.Delete(path);
        var missing = Assert.Throws<FileNotFoundException>(() => ModelCardReader.CheckFiles(_folder.Root, card));

        Assert.Equal(
            $"{path}: SHA-256 is {Convert.ToHexStringLower(SHA256.HashData([1, 2, 4]))}; expected {hash}, as {_folder["card.json"]} says: "
            + "the graph is not the one that was exported.",
            other.Message);
        Assert.Equal($"{path}: there is no such file; expected a graph that the model card names.", missing.Message);
    }

    [Fact]
    public void Write_HashOfAnotherRecipe_IsRefused()
    {
        ModelCard card = Sample() with { RecipeHash = new string('0', 64) };

        var e = Assert.Throws<ArgumentException>(() => ModelCardWriter.Write(_folder.Root, card));

        Assert.Equal(
            $"'RecipeHash' is {new string('0', 64)}; must be {Sample().RecipeHash}, the hash of 'Recipe'. (Parameter 'card')", e.Message);
        Assert.Empty(Directory.GetFiles(_folder.Root));
    }

    internal static ModelCard Sample()
    {
        var statistics = new FeatureStatistics([0.1f, -2f], [1f, 3e-7f], 20);
        var recipe = new Recipe { Name = "tiny", Statistics = new RecipeStatistics(statistics, statistics) };
        return new ModelCard
        {
            Name = "tiny",
            Recipe = recipe,
            RecipeHash = RecipeHash.Compute(recipe),
            WeightsHash = new string('a', 64),
            Opset = 17,
            Files =
            [
                new ModelCardFile(
                    "voice-encoder.onnx",
                    new string('b', 64),
                    [new ModelCardTensor("voice_features", [null, 2])],
                    [new ModelCardTensor("voice_mean", [null, 4]), new ModelCardTensor("voice_log_variance", [null, 4])]),
            ],
            Parity = new ModelCardParity(
                1e-4,
                "ONNX Runtime 1.0",
                [new ModelCardMeasurement("voice-encoder.onnx", 1, 0), new ModelCardMeasurement("voice-encoder.onnx", 7, 1.5e-7)]),
            Data = new ModelCardData("synthetic people", 10, 20, null),
            Metrics = new Dictionary<string, double> { ["voice_to_face.auc"] = 0.75, ["face_to_voice.auc"] = 0.5 },
            IntendedUse = "Research.",
            Misuse = "Identifying people.",
        };
    }
}

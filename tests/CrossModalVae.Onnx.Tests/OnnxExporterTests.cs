using CrossModalVae.Models;
using CrossModalVae.Onnx.Tests.Oracles;
using CrossModalVae.Recipes;

namespace CrossModalVae.Onnx.Tests;

public sealed class OnnxExporterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Export_Model_WritesFolderThatItsReaderAccepts()
    {
        MultimodalVaeWeights weights = RandomModel.Make(seed: 1);
        string folder = _folder["model"];

        ModelCard card = OnnxExporter.Export(folder, weights, new PlainModel(weights), Options(weights));

        Assert.Equal(
            ["card.json", "decoder.onnx", "face-encoder.onnx", "voice-encoder.onnx"],
            Directory.GetFiles(folder).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal));
        ModelCard read = ModelCardReader.Read(folder);
        ModelCardReader.CheckFiles(folder, read);
        Assert.Equal(WeightsHash.Compute(weights), read.WeightsHash);
        Assert.Equal(RecipeHash.Compute(Options(weights).Recipe), read.RecipeHash);
        Assert.Equal([1, 1, 1, 7, 7, 7, 64, 64, 64], read.Parity.Measured.Select(m => m.BatchSize));
        Assert.All(card.Parity.Measured, m => Assert.InRange(m.LargestError, 0, 1e-4));
        Assert.Single(Directory.GetFileSystemEntries(_folder.Root));
    }

    [Fact]
    public void Export_Twice_SameBytes()
    {
        MultimodalVaeWeights weights = RandomModel.Make(seed: 2);

        OnnxExporter.Export(_folder["a"], weights, new PlainModel(weights), Options(weights));
        OnnxExporter.Export(_folder["b"], weights, new PlainModel(weights), Options(weights));
        OnnxExporter.Export(_folder["b"], weights, new PlainModel(weights), Options(weights)); // replaces its own folder

        foreach (string file in Directory.GetFiles(_folder["a"]))
        {
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(_folder["b", Path.GetFileName(file)]));
        }
    }

    [Fact]
    public void Export_TrainerDisagrees_WritesNothing()
    {
        MultimodalVaeWeights weights = RandomModel.Make(seed: 3);

        var e = Assert.Throws<InvalidOperationException>(() => OnnxExporter.Export(
            _folder["model"], weights, new PlainModel(weights, disturbance: 2e-3), Options(weights)));

        Assert.Matches(
            @"^voice-encoder\.onnx disagrees with the trainer by \d\.\de-3 at batch 1; must be at most 1\.0e-4\. Nothing was written\.$",
            e.Message);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Root));
    }

    [Fact]
    public void Export_FolderHoldsOtherFiles_LeavesThemAlone()
    {
        MultimodalVaeWeights weights = RandomModel.Make(seed: 4);
        string folder = _folder["thesis"];
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "chapter1.txt"), "hard work");

        var e = Assert.Throws<IOException>(() => OnnxExporter.Export(folder, weights, new PlainModel(weights), Options(weights)));

        Assert.Equal($"{folder}: holds other files and no card.json; expected an empty place or a model folder to replace.", e.Message);
        Assert.Equal("hard work", File.ReadAllText(Path.Combine(folder, "chapter1.txt")));
    }

    private static OnnxExportOptions Options(MultimodalVaeWeights weights) => new()
    {
        Recipe = new Recipe { Name = "test", Statistics = new RecipeStatistics(weights.Voice.Statistics, weights.Face.Statistics) },
        Data = new ModelCardData("drawn at random", 3, 9, null),
    };
}

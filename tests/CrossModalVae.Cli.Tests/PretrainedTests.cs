using System.Text.Json.Nodes;
using CrossModalVae.Embeddings;
using CrossModalVae.Models;
using CrossModalVae.Onnx;

namespace CrossModalVae.Cli.Tests;

/// <summary>The whole way with a pretrained face encoder: prepare, train, export, embed, evaluate, and what each refuses.</summary>
public sealed class PretrainedTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Encoder_WholeWay_IsInTheStoreAndCopiedIntoTheModel()
    {
        string manifest = await Synthesise(24, 2);
        string recipe = WriteRecipe("colour.onnx");
        WriteEncoder("colour.onnx", "first");
        await Run("prepare", "--manifest", manifest, "--recipe", recipe, "--out", _folder["f"], "--device", "cpu");
        string[] train = ["train", "--manifest", manifest, "--recipe", recipe, "--threads", "1", "--device", "cpu"];
        await Run([.. train, "--out", _folder["files"]]);
        await Run([.. train, "--out", _folder["store"], "--features", _folder["f"]]);
        string exported = await Run("export", "--run", _folder["store"], "--out", _folder["model"]);
        string hash = (string)JsonNode.Parse(await Run("encoder", "info", _folder["colour.onnx"], "--json"))!["sha256"]!;
        File.Delete(_folder["colour.onnx"]); // the model has its own

        await Run("embed", "--manifest", manifest, "--model", _folder["model"], "--out", _folder["e-files"], "--device", "cpu");
        await Run("embed", "--manifest", manifest, "--model", _folder["model"], "--out", _folder["e-store"], "--features", _folder["f"]);

        Assert.Equal(Bytes("files/weights.safetensors"), Bytes("store/weights.safetensors"));
        Assert.Equal(Bytes("files/recipe.json"), Bytes("store/recipe.json"));
        Assert.Equal(Bytes("e-files", EmbeddingFile.MatrixName), Bytes("e-store", EmbeddingFile.MatrixName));
        Assert.Contains(OnnxContract.FaceFrontEndFile, exported, StringComparison.Ordinal); // among what was written
        var card = JsonNode.Parse(File.ReadAllText(_folder["model", ModelCard.FileName]))!;
        JsonNode encoder = card["recipe"]!["face"]!["encoder"]!;
        Assert.Equal((OnnxContract.FaceFrontEndFile, hash), ((string)encoder["path"]!, (string)encoder["sha256"]!));
        JsonNode file = card["files"]!.AsArray().Single(entry => (string)entry!["file"]! == OnnxContract.FaceFrontEndFile)!;
        Assert.Equal(hash, (string)file["sha256"]!);
        Assert.Contains(
            card["notes"]!.AsArray(),
            note => (string)note! == "face-front-end.onnx holds pretrained weights that were not trained here; licence: CC0; "
                + "source: this test.");
        Assert.Equal(
            await File.ReadAllBytesAsync(_folder["e-files", EmbeddingFile.RowsName]),
            await File.ReadAllBytesAsync(_folder["e-store", EmbeddingFile.RowsName]));
        await Refused(
            $"{_folder["colour.onnx"]}: there is no such file", "train", "--manifest", manifest, "--recipe", recipe, "--out",
            _folder["gone"]);
    }

    [Fact]
    public async Task Encoder_AnotherFile_IsRefusedBySentenceEverywhere()
    {
        string manifest = await Synthesise(12, 2);
        string recipe = WriteRecipe("colour.onnx");
        WriteEncoder("colour.onnx", "first");
        WriteEncoder("other.onnx", "second");
        await Run("prepare", "--manifest", manifest, "--recipe", recipe, "--out", _folder["f"]);
        string[] train = ["train", "--manifest", manifest, "--recipe", recipe];
        await Run([.. train, "--out", _folder["run"]]);
        await Run("export", "--run", _folder["run"], "--out", _folder["model"]);
        await Run("embed", "--manifest", manifest, "--model", _folder["model"], "--out", _folder["e"]);

        const string elsewhere = "was prepared with face.encoder.sha256 ";
        await Refused(elsewhere, [.. train, "--features", _folder["f"], "--out", _folder["x"], "--face-encoder", _folder["other.onnx"]]);
        await Refused(elsewhere, "prepare", "--manifest", manifest, "--recipe", recipe, "--out", _folder["f"],
            "--face-encoder", _folder["other.onnx"]);
        await Refused(elsewhere, "evaluate", "--embeddings", _folder["e"], "--manifest", manifest, "--recipe", recipe, "--features",
            _folder["f"], "--out", _folder["m.json"], "--face-encoder", _folder["other.onnx"]);
        await Refused(
            "it is another encoder.", "export", "--run", _folder["run"], "--out", _folder["y"], "--face-encoder", _folder["other.onnx"]);
        File.Copy(_folder["other.onnx"], _folder["model", OnnxContract.FaceFrontEndFile], overwrite: true);
        await Refused(
            "the graph is not the one that was exported.", "embed", "--manifest", manifest, "--model", _folder["model"], "--out",
            _folder["z"]);
    }

    [Fact]
    public async Task Encoder_RecipeAsItWas_ScoresTheModelAndAnotherDoesNot()
    {
        string manifest = await Synthesise(12, 2);
        string recipe = WriteRecipe("colour.onnx");
        WriteEncoder("colour.onnx", "first");
        await Run("train", "--manifest", manifest, "--recipe", recipe, "--out", _folder["run"]);
        await Run("export", "--run", _folder["run"], "--out", _folder["model"]);

        await Run("embed", "--manifest", manifest, "--model", _folder["model"], "--recipe", recipe, "--out", _folder["e"]);

        File.WriteAllText(recipe, File.ReadAllText(recipe).Replace("\"mirror\": true", "\"mirror\": false", StringComparison.Ordinal));
        await Refused(
            "the model was trained by another recipe.", "embed", "--manifest", manifest, "--model", _folder["model"], "--recipe", recipe,
            "--out", _folder["e2"]);
    }

    [Fact]
    public async Task FaceEncoder_RecipeWithoutOne_IsRefused()
    {
        string manifest = await Synthesise(12, 2);

        await Refused(
            "--face-encoder is given, and recipe 'demo' has no 'face.encoder'; expected that section, if only as {}.",
            "prepare", "--manifest", manifest, "--recipe", "demo", "--out", _folder["f"], "--face-encoder", _folder["x.onnx"]);
    }

    [Fact]
    public async Task BestPretrained_WithoutItsFile_SaysWhichIsMissing() => await Refused(
        "face-api.onnx: there is no such file; expected an encoder (ONNX).",
        "prepare", "--manifest", await Synthesise(12, 2), "--recipe", "best-pretrained", "--out", _folder["f"]);

    private string WriteRecipe(string encoder)
    {
        string recipe = File.ReadAllText(Repository.File("pipelines", "demo.json"));
        var json = JsonNode.Parse(recipe)!;
        json["face"] = JsonNode.Parse($$"""{ "encoder": { "path": "{{encoder}}", "mirror": true, "vector": "none" } }""");
        json["training"]!["epochs"] = 1;
        return _folder.Write("recipe.json", json.ToJsonString().Replace("\"mirror\":true", "\"mirror\": true", StringComparison.Ordinal));
    }

    // [batch, 3, 150, 150] to the mean colours of the picture's quarters, 3 x 2 x 2 numbers.
    private void WriteEncoder(string name, string description)
    {
        var graph = new OnnxGraphBuilder("quarters");
        graph.Input("picture", [3, 150, 150], "a picture");
        graph.Node(
            "AveragePool", "quarters", ["picture"], ("kernel_shape", new long[] { 75, 75 }), ("strides", new long[] { 75, 75 }));
        graph.Node("Flatten", "vector", ["quarters"]);
        graph.Output("vector", 12, "its quarters' colours");
        _folder.Write(name, graph.Build(description, new Dictionary<string, string>
        {
            [OnnxContract.EncoderPresetKey] = "face-api",
            [OnnxContract.EncoderLicenceKey] = "CC0",
            [OnnxContract.EncoderSourceKey] = "this test",
        }));
    }

    private byte[] Bytes(params string[] name) => File.ReadAllBytes(_folder[name]);

    private async Task<string> Synthesise(int identities, int clips)
    {
        await Run(
            "corpus", "synth", "--identities", identities.ToString(System.Globalization.CultureInfo.InvariantCulture),
            "--clips-per-identity", clips.ToString(System.Globalization.CultureInfo.InvariantCulture), "--frames-per-clip", "1",
            "--out", _folder["corpus"]);
        return _folder["corpus", "manifest.jsonl"];
    }

    private static async Task<string> Run(params string[] args)
    {
        (int exitCode, string output, string error) = await Cmvae.RunAsync(args);
        bool hasCollapsed = exitCode == CommandLine.Failed && error.Contains("collapsed", StringComparison.Ordinal); // one epoch
        Assert.True(exitCode == CommandLine.Done || hasCollapsed, error);
        return output;
    }

    private static async Task Refused(string expected, params string[] args)
    {
        (int exitCode, _, string error) = await Cmvae.RunAsync(args);
        Assert.Equal(CommandLine.CallersMistake, exitCode);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }
}

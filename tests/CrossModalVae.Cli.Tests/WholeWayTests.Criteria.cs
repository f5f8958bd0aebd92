using System.Text.Json.Nodes;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;

namespace CrossModalVae.Cli.Tests;

public sealed partial class WholeWayTests
{
    [Fact]
    public async Task Criteria_SyntheticCorpus_MeasuresAllFourByItsTrueTraits()
    {
        using var folder = new TemporaryFolder();
        string[] verb =
        [
            "criteria", "--model", corpus.Model, "--manifest", corpus.Manifest, "--importance-samples", "20", "--likelihood-clips", "6",
            "--prior-draws", "40", "--draws", "50",
        ];

        string text = await Run([.. verb, "--out", folder["a.json"]]);
        string json = await Run([.. verb, "--out", folder["b.json"], "--json"]);

        Assert.Equal(await File.ReadAllTextAsync(folder["a.json"]), json); // the same seed gives the same figures
        JsonNode result = JsonNode.Parse(json)!;
        JsonNode[] rows = [.. result["rows"]!.AsArray().Select(row => row!)];
        Assert.Equal("synthetic-truth", (string)result["traits"]!);
        Assert.Equal("mixture", (string)result["joint"]!);
        Assert.Equal(
            ["latent-factorisation", "trait-classifiers", "joint-coherence", "cross-coherence", "synergy"],
            rows.Select(row => (string)row["criterion"]!).Distinct());
        JsonNode[] sexes = [.. rows.Where(row => (string)row["what"]! == "sex" && (string)row["criterion"]! == "cross-coherence")];
        Assert.Equal(["face from the voice", "voice from the face"], sexes.Select(row => (string)row["from"]!));
        Assert.All(sexes, row => Assert.Equal(0.5, (double)row["chance"]!));
        Assert.All(sexes, row => Assert.InRange((double)row["value"]!, 0, 1));
        Assert.All(sexes, row => Assert.InRange((double)row["ceiling"]!, 0, 1));
        Assert.Equal(15, rows.Count(row => (string)row["criterion"]! == "synergy")); // three bounds by three proposals and two gains
        double joint = Nats("from voice and face");
        Assert.Equal(joint - Nats("from the voice"), Nats("both less the voice"), 1e-9);
        Assert.Contains("LATENT FACTORISATION", text, StringComparison.Ordinal);
        Assert.Contains("SYNERGY: importance-weighted bounds, K = 20, joint posterior: mixture", text, StringComparison.Ordinal);

        double Nats(string from) =>
            (double)rows.Single(row => (string)row["what"]! == "log p(face)" && (string)row["from"]! == from)["value"]!;
    }

    /// <summary>Shared and private parts: every verb after training, by the shipped recipes.</summary>
    [Theory]
    [InlineData("mmvae-plus", "mixture")]
    [InlineData("dmvae", "product-with-prior")]
    public async Task PrivateParts_TrainedModel_EmbedsGeneratesAndHasCriteria(string recipe, string joint)
    {
        using var folder = new TemporaryFolder();
        string text = await File.ReadAllTextAsync(Repository.File("pipelines", $"{recipe}.json"));
        Assert.Contains("\"private_dimension\": 16", text, StringComparison.Ordinal);
        await Run(
            "train", "--manifest", corpus.Manifest, "--recipe", recipe, "--out", folder["run"], "--epochs", "2", "--threads", "1");
        await Run("export", "--run", folder["run"], "--out", folder["model"]);

        await Run("embed", "--model", folder["model"], "--manifest", corpus.Manifest, "--split", "test", "--out", folder["e"]);
        string[] generate =
        [
            "generate", "face", "--model", folder["model"], "--manifest", corpus.Manifest, "--split", "test", "--per-identity", "1",
            "--samples", "1",
        ];
        await Run([.. generate, "--out", folder["a"]]);
        await Run([.. generate, "--temperature", "0", "--out", folder["b"]]);
        await Run("generate", "prior", "--model", folder["model"], "--count", "2", "--out", folder["p"]);
        string json = await Run(
            "criteria", "--model", folder["model"], "--manifest", corpus.Manifest, "--importance-samples", "20", "--likelihood-clips", "4",
            "--prior-draws", "30", "--draws", "0", "--out", folder["c.json"], "--json");

        Assert.Equal(32, EmbeddingFile.Read(folder["e"]).Dimension);
        string draw = Path.GetFileName(Directory.GetFiles(folder["a"], "*-draw-1.png").Order(StringComparer.Ordinal).First());
        string mean = draw.Replace("-draw-1", "", StringComparison.Ordinal);
        Assert.Equal(await Bytes("a", mean), await Bytes("b", mean));
        Assert.NotEqual(await Bytes("a", mean), await Bytes("a", draw));
        Assert.Equal(await Bytes("b", mean), await Bytes("b", draw)); // at temperature 0 private parts are the prior's mean, too
        JsonNode result = JsonNode.Parse(json)!;
        Assert.Equal(joint, (string)result["joint"]!);
        JsonNode[] rows = [.. result["rows"]!.AsArray().Select(row => row!)];
        Assert.Equal(15, rows.Count(row => (string)row["criterion"]! == "synergy"));
        Assert.All(rows, row => Assert.True(double.IsFinite((double)row["value"]!)));

        Task<byte[]> Bytes(string from, string file) => File.ReadAllBytesAsync(Path.Combine(folder[from], file));
    }

    [Fact]
    public async Task Criteria_CorpusWithoutTruth_TakesTheManifestsAttributesAndSaysSo()
    {
        using var folder = new TemporaryFolder();
        string own = Path.GetDirectoryName(corpus.Manifest)!;
        File.Copy(corpus.Manifest, folder["manifest.jsonl"]);
        foreach (string part in new[] { "wav", "faces" })
        {
            Directory.CreateSymbolicLink(folder[part], Path.Combine(own, part)); // without the truth beside them
        }

        (int exitCode, string output, string error) = await Cmvae.RunAsync(
            "criteria", "--model", corpus.Model, "--manifest", folder["manifest.jsonl"],
            "--importance-samples", "5", "--likelihood-clips", "2", "--prior-draws", "10", "--draws", "0", "--out", folder["c.json"]);

        Assert.True(exitCode == 0, error);
        Assert.Contains("note: traits are the manifest's: gender, age", error, StringComparison.Ordinal);
        Assert.Contains("attributes of the manifest", output, StringComparison.Ordinal);
        Assert.Equal("manifest", (string)JsonNode.Parse(await File.ReadAllTextAsync(folder["c.json"]))!["traits"]!);
    }

    [Fact]
    public async Task Criteria_NobodyToTestOn_IsRefusedInASentence()
    {
        using var folder = new TemporaryFolder();
        Manifest all = ManifestReader.Read(corpus.Manifest);
        ManifestWriter.Write(folder["train.jsonl"], [.. all.Clips.Where(clip => clip.Split == CorpusSplit.Train)], all.Folder);

        (int exitCode, _, string error) = await Cmvae.RunAsync(
            "criteria", "--model", corpus.Model, "--manifest", folder["train.jsonl"], "--out", folder["c.json"]);

        Assert.Equal(2, exitCode);
        Assert.Contains("0 people of the test split with voice and face; the criteria need at least 2", error, StringComparison.Ordinal);
    }
}

using System.Text.Json.Nodes;
using CrossModalVae.Corpora;

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

using System.Text.RegularExpressions;

namespace CrossModalVae.Cli.Tests;

/// <content>The report of a run from its corpus to its clusters.</content>
public sealed partial class WholeWayTests
{
    [Fact]
    public async Task Report_OfEverything_HasEverySectionAndTheModelsMisuse()
    {
        using var folder = new TemporaryFolder();
        await Run("embed", "--manifest", corpus.Manifest, "--model", corpus.Model, "--out", folder["e"]);
        await Run("evaluate", "--embeddings", folder["e"], "--split", "train", "--draws", "20", "--out", folder["m.json"]);
        await Run("cluster", "--embeddings", folder["e"], "--eps", "0.5", "--out", folder["c.json"]);
        await Run("calibrate", "--embeddings", folder["e"], "--split", "train", "--out", folder["p.json"]);

        await Run(
            "report", "--run", corpus.RunFolder, "--model", corpus.Model, "--evaluation", folder["m.json"],
            "--calibration", folder["p.json"], "--embeddings", folder["e"], "--split", "train", "--clusters", folder["c.json"],
            "--manifest", corpus.Manifest,
            "--out", folder["r.html"]);

        string page = await File.ReadAllTextAsync(folder["r.html"]);
        Assert.Equal(
            ["summary", "model", "training", "evaluation-1", "calibration", "manifold", "clusters", "rankings", "making"],
            Regex.Matches(page, "<h2 id=\"([^\"]*)\"").Select(found => found.Groups[1].Value));
        Assert.Contains("must not be used for", page, StringComparison.Ordinal);
        Assert.Contains("Not for identifying, tracking or profiling people", page, StringComparison.Ordinal);
        Assert.Contains("It shows faces of people of manifest.jsonl", page, StringComparison.Ordinal);
        Assert.Contains("<summary>The recipe", page, StringComparison.Ordinal);
        Assert.Contains("<b>Warning:</b> fitted to the train split", page, StringComparison.Ordinal);
    }
}

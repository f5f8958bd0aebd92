using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Evaluation;

namespace CrossModalVae.Cli.Tests;

/// <summary>A manifest that lies apart from its files, and names one that is not there.</summary>
public sealed partial class WholeWayTests
{
    [Fact]
    public async Task Evaluate_ManifestElsewhereWithABrokenVoice_TakesRootAndSkipBroken()
    {
        using var folder = new TemporaryFolder();
        Clip broken = ManifestReader.Read(corpus.Manifest).Clips.First(clip => clip.Split == CorpusSplit.Train);
        string manifest = folder.Write(
            "m.jsonl",
            (await File.ReadAllTextAsync(corpus.Manifest)).Replace($"\"{broken.Voice}\"", "\"wav/none.wav\"", StringComparison.Ordinal));
        string[] root = ["--root", Path.GetDirectoryName(corpus.Manifest)!];
        await Run(["embed", "--manifest", manifest, .. root, "--model", corpus.Model, "--out", folder["e"], "--skip-broken"]);
        string[] evaluate =
        [
            "evaluate", "--embeddings", folder["e"], "--manifest", manifest, "--recipe", Repository.File("pipelines", "demo.json"),
            "--draws", "0", "--out", folder["m.json"],
        ];

        (int astray, _, string nowhere) = await Cmvae.RunAsync([.. evaluate, "--skip-broken"]);
        (int refused, _, string stopped) = await Cmvae.RunAsync([.. evaluate, .. root]);
        (int exitCode, string output, string error) = await Cmvae.RunAsync([.. evaluate, .. root, "--skip-broken"]);

        Assert.Equal((2, 2), (astray, refused));
        Assert.Contains("clips are broken, so nothing is left", nowhere, StringComparison.Ordinal);
        Assert.EndsWith(" --skip-broken leaves such clips out and lists them.", stopped.TrimEnd(), StringComparison.Ordinal);
        Assert.True(exitCode == 0, error);
        Assert.Contains($"warning: Clip '{broken.Key}' is left out: wav/none.wav: ", error, StringComparison.Ordinal);
        Assert.Contains("CCA", output, StringComparison.Ordinal);
        SkippedClip skipped = Assert.Single(EvaluationFile.Read(folder["m.json"]).Skipped);
        Assert.Equal(broken.Key, $"{skipped.Identity}/{skipped.Clip}");
    }

    [Fact]
    public async Task Rank_ManifestElsewhere_TakesRootForItsPicture()
    {
        using var folder = new TemporaryFolder();
        string manifest = folder.Write("m.jsonl", await File.ReadAllTextAsync(corpus.Manifest));
        await Run("embed", "--manifest", corpus.Manifest, "--model", corpus.Model, "--out", folder["e"], "--split", "test");
        EmbeddingRow row = EmbeddingFile.Read(folder["e"]).Rows[0];
        string[] rank =
        [
            "rank", "--embeddings", folder["e"], "--query", $"{row.Identity}/{row.Clip}", "--manifest", manifest, "--pictures", folder["p"],
        ];

        (int astray, _, _) = await Cmvae.RunAsync(rank);
        await Run([.. rank, "--root", Path.GetDirectoryName(corpus.Manifest)!]);

        Assert.Equal(2, astray);
        Assert.True(File.Exists(Path.Combine(folder["p"], "ranking.png")));
    }

    [Theory]
    [InlineData("evaluate --out m --root r", "--root goes with --manifest only.")]
    [InlineData("rank --query a/1 --root r", "--root goes with --manifest only.")]
    [InlineData(
        "evaluate --out m --manifest c --skip-broken", "--skip-broken goes with --recipe only: without it no sound or face file is read.")]
    [InlineData(
        "evaluate --out m --tolerate truncated", "--tolerate goes with --recipe only: without it no sound or face file is read.")]
    public async Task FileOptions_WithoutFilesToRead_AreRefused(string line, string sentence)
    {
        (int exitCode, _, string error) = await Cmvae.RunAsync([.. line.Split(' '), "--embeddings", "e"]);

        Assert.Equal(2, exitCode);
        Assert.StartsWith($"cmvae: {sentence}", error, StringComparison.Ordinal);
    }
}

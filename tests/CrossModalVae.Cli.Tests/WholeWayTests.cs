using System.Text.Json.Nodes;
using System.Xml.Linq;
using CrossModalVae.Clustering;
using CrossModalVae.Clusters;
using CrossModalVae.Embeddings;
using CrossModalVae.Evaluation;
using CrossModalVae.Files;
using CrossModalVae.Models;

namespace CrossModalVae.Cli.Tests;

/// <summary>The verbs one after another on a small synthetic corpus, made once for all tests of the class.</summary>
public sealed partial class WholeWayTests(WholeWayTests.SmallCorpus corpus) : IClassFixture<WholeWayTests.SmallCorpus>
{
    [Fact]
    public async Task Embed_InShards_JoinsToTheWhole()
    {
        using var folder = new TemporaryFolder();

        await Run("embed", "--manifest", corpus.Manifest, "--model", corpus.Model, "--out", folder["all"]);
        await Run("embed", "--manifest", corpus.Manifest, "--model", corpus.Model, "--out", folder["0"], "--shard", "0/2");
        await Run("embed", "--manifest", corpus.Manifest, "--model", corpus.Model, "--out", folder["1"], "--shard", "1/2");

        EmbeddingSet all = EmbeddingFile.Read(folder["all"]);
        EmbeddingSet first = EmbeddingFile.Read(folder["0"]);
        EmbeddingSet second = EmbeddingFile.Read(folder["1"]);
        Assert.Equal(all.Rows, first.Rows.Concat(second.Rows));
        Assert.Equal(all.Values.Length, first.Values.Length + second.Values.Length);
        float worst = all.Values.Zip(first.Values.Concat(second.Values), (a, b) => Math.Abs(a - b)).Max();
        Assert.InRange(worst, 0, 1e-5f); // other batch sizes may sum in another order
        Assert.Empty(folder.Partials);
    }

    [Theory]
    [InlineData("export", "--run", "5 graphs")]
    [InlineData("ensemble", "--runs", "2 members")]
    public async Task Export_Fused_WritesAFolderWithGraphsOfSamplesAndPixels(string verb, string option, string expected)
    {
        using var folder = new TemporaryFolder();
        string[] runs = verb == "export" ? [corpus.RunFolder] : [corpus.RunFolder, corpus.RunFolder];

        string output = await Run([verb, option, .. runs, "--out", folder["m"], "--fused"]);
        await Run("embed", "--manifest", corpus.Manifest, "--model", folder["m"], "--out", folder["e"]);

        Assert.Contains(expected, output, StringComparison.Ordinal);
        Assert.True(File.Exists(folder["m/voice-fused.onnx"]) && File.Exists(folder["m/face-fused.onnx"]));
        Assert.NotEmpty(EmbeddingFile.Read(folder["e"]).Rows);
    }

    [Theory]
    [InlineData("export", "--run")]
    [InlineData("ensemble", "--runs")]
    public async Task Export_FusedOfLessPrecision_WritesGraphsOfItAndWhatItCosts(string verb, string option)
    {
        using var folder = new TemporaryFolder();
        string[] runs = verb == "export" ? [corpus.RunFolder] : [corpus.RunFolder, corpus.RunFolder];
        string[] precision = ["--precision", "float16", "--manifest", corpus.Manifest];

        string output = await Run([verb, option, .. runs, "--out", folder["m"], "--fused", .. precision]);
        await Run("embed", "--manifest", corpus.Manifest, "--model", folder["m"], "--out", folder["e"]);

        Assert.Contains("float16: AUC voice to face ", output, StringComparison.Ordinal);
        Assert.Contains("voice-fused.onnx ", output, StringComparison.Ordinal);
        Assert.Equal(ModelPrecision.Float16, ModelCardReader.Read(folder["m"]).Precision!.Kind);
        Assert.NotEmpty(EmbeddingFile.Read(folder["e"]).Rows);
    }

    [Fact]
    public async Task Evaluate_SyntheticCorpus_WritesEveryFigureWithChanceAndCeiling()
    {
        using var folder = new TemporaryFolder();
        await Run("embed", "--manifest", corpus.Manifest, "--model", corpus.Model, "--out", folder["e"]);

        string output = await Run(
            "evaluate", "--embeddings", folder["e"], "--manifest", corpus.Manifest, "--split", "train", "--out", folder["m.json"],
            "--json");

        var json = JsonNode.Parse(output)!;
        PopulationScores population = Assert.Single(EvaluationFile.Read(folder["m.json"]).Populations);
        Assert.Equal(Population.SeenHeard, population.Population);
        Assert.Equal(
            [SystemKind.Model, SystemKind.GenderOracle, SystemKind.RandomScores, SystemKind.Ceiling],
            population.Systems.Select(system => system.Kind));
        foreach (SystemScores system in population.Systems)
        {
            foreach (RetrievalDirection direction in Enum.GetValues<RetrievalDirection>())
            {
                DirectionScores scores = system.Find(Stratum.Everybody, direction)!;
                Assert.Equal(EvaluationMetrics.All, scores.Metrics.Keys);
                Assert.All(scores.Metrics.Values, figure => Assert.InRange(figure.Value, 0, 1));
                Assert.All(scores.Metrics.Values, figure => Assert.InRange(figure.Chance, 0, 1));
                Assert.All(scores.Metrics.Values, figure => Assert.InRange(figure.Interval!.Value.Low, 0, figure.Interval.Value.High));
                Assert.NotNull(system.Find(Stratum.Gender, direction));
                Assert.NotNull(system.Find(Stratum.Age, direction));
            }
        }

        Assert.Equal(["face", "joint", "voice"], json["clustering"]!.AsObject().Select(pair => pair.Key).Order(StringComparer.Ordinal));
        Assert.Equal(10, json["nearest"]!.AsArray().Count);
        Assert.Equal(output, await File.ReadAllTextAsync(folder["m.json"]));
    }

    [Fact]
    public async Task Evaluate_BesideEverything_ShowsEveryPopulationAndSystemIn100Columns()
    {
        using var folder = new TemporaryFolder();
        await Run("embed", "--manifest", corpus.Manifest, "--model", corpus.Model, "--out", folder["e"]);

        (int exitCode, string table, string error) = await Cmvae.RunAsync(
            "evaluate", "--embeddings", folder["e"], "--against", folder["e"], "--manifest", corpus.Manifest,
            "--recipe", Repository.File("pipelines", "demo.json"), "--draws", "50", "--out", folder["m.json"], "--full");

        Assert.True(exitCode == 0, error);
        EvaluationReport report = EvaluationFile.Read(folder["m.json"]);
        Assert.Equal([Population.UnseenUnheard, Population.SeenHeard], report.Populations.Select(population => population.Population));
        Assert.All(report.Populations, population => Assert.Equal(
            [SystemKind.Model, SystemKind.Against, SystemKind.Linear, SystemKind.GenderOracle, SystemKind.RandomScores, SystemKind.Ceiling],
            population.Systems.Select(system => system.Kind)));
        Assert.Equal(new Interval(0, 0), report.Populations[0].Differences[0].Metrics[EvaluationMetric.Auc].Interval);
        const string Few = "unseen-unheard, everybody: 6 identities; with fewer than 10 an interval is too wide to mean anything.";
        Assert.Contains(Few, report.Populations[0].Warnings);
        Assert.Contains($"warning: {Few}", table, StringComparison.Ordinal);
        Assert.Contains($"warning: {Few}", error, StringComparison.Ordinal);
        string scores = table[..table.IndexOf("Clusters against identities", StringComparison.Ordinal)];
        Assert.Contains("SEEN-HEARD: 6 identities seen in training", scores, StringComparison.Ordinal);
        Assert.Contains(
            "note: seen-heard: 6 of the 21 identities of the training split, drawn by the seed", error, StringComparison.Ordinal);
        string tables = scores[scores.IndexOf("UNSEEN-UNHEARD", StringComparison.Ordinal)..];
        Assert.InRange(
            tables.Split('\n')
                .Where(line => !line.StartsWith("warning", StringComparison.Ordinal) && !line.StartsWith("note", StringComparison.Ordinal))
                .Max(line => line.TrimEnd().Length),
            60,
            100);
        Assert.StartsWith(string.Join(Environment.NewLine, report.Summary), table, StringComparison.Ordinal);
        Assert.EndsWith($"wrote {folder["m.json"]}{Environment.NewLine}", table, StringComparison.Ordinal);
        Assert.DoesNotContain("random others", table, StringComparison.Ordinal);
        Assert.Contains("everybody, v→f", table, StringComparison.Ordinal);
        Assert.Matches(@"random scores +\.\d{3} \[", table);
        Assert.Contains("evaluate: 25/25", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_WithoutFull_PrintsTheSummaryAndTheFilesOnly()
    {
        using var folder = new TemporaryFolder();
        await Run("embed", "--manifest", corpus.Manifest, "--model", corpus.Model, "--out", folder["e"]);

        string output = await Run(
            "evaluate", "--embeddings", folder["e"], "--split", "train", "--draws", "50", "--out", folder["m.json"], "--pictures",
            folder["p"]);

        IReadOnlyList<string> summary = EvaluationFile.Read(folder["m.json"]).Summary;
        Assert.InRange(summary.Count, 8, 14);
        string[] lines = output.ReplaceLineEndings("\n").Split('\n');
        Assert.Equal([.. summary, "--full prints every table.", $"wrote {folder["m.json"]}"], lines.Take(summary.Count + 2));
        Assert.Contains("roc.svg", lines[summary.Count + 2], StringComparison.Ordinal);
        string[] legend = [.. XDocument.Load(Path.Combine(folder["p"], "roc.svg")).Descendants().Select(element => element.Value)];
        Assert.Contains("gender oracle, voice ↔ face", legend); // every pair is scored: both directions have one curve
        Assert.Contains(legend, text => text.StartsWith("AUC ", StringComparison.Ordinal) && text.Contains('[', StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("own", PositiveClips.Own)]
    [InlineData("any", PositiveClips.Any)]
    public async Task Evaluate_Positives_AreInFileAndText(string name, PositiveClips positives)
    {
        using var folder = new TemporaryFolder();
        await Run("embed", "--manifest", corpus.Manifest, "--model", corpus.Model, "--out", folder["e"]);

        string output = await Run(
            "evaluate", "--embeddings", folder["e"], "--split", "train", "--positives", name, "--draws", "0", "--out", folder["m.json"]);

        EvaluationReport report = EvaluationFile.Read(folder["m.json"]);
        Assert.Equal(positives, report.Options.Positives);
        Assert.Contains(
            positives == PositiveClips.Own
                ? "positives: the probe's own clip;"
                : "positives: all clips of the probe's person, its own too;",
            output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task RankAndCluster_Embeddings_FollowTheirSchemas()
    {
        using var folder = new TemporaryFolder();
        await Run("embed", "--manifest", corpus.Manifest, "--model", corpus.Model, "--out", folder["e"], "--split", "test");
        EmbeddingRow row = EmbeddingFile.Read(folder["e"]).Rows[0];

        await Run(
            "rank", "--embeddings", folder["e"], "--query", $"{row.Identity}/{row.Clip}", "--direction", "face-to-voice", "--k", "3",
            "--out", folder["r.json"]);
        await Run("cluster", "--embeddings", folder["e"], "--modality", "voice", "--out", folder["c.json"]);

        string table = await Run(
            "cluster", "--embeddings", folder["e"], "--method", "hdbscan", "--min-cluster-size", "2", "--selection", "leaf",
            "--out", folder["h.json"]);

        StrictJson ranking = JsonFile.Read(folder["r.json"], FileSchema.Ranking);
        Assert.Equal([1, 2, 3], ranking["matches"].AsArray(match => match["rank"].AsInt32()));
        double[] scores = ranking["matches"].AsArray(match => match["score"].AsDouble());
        Assert.Equal(scores.OrderDescending(), scores);
        StrictJson clusters = JsonFile.Read(folder["c.json"], FileSchema.Clusters);
        Assert.Equal("voice", clusters["modality"].AsString());
        ClusteringRecord hierarchical = ClustersFile.Read(folder["h.json"]);
        Assert.Equal((ClusteringMethod.Hdbscan, 2, 2, ClusterSelection.Leaf), (
            hierarchical.Options.Method,
            hierarchical.Options.MinClusterSize,
            hierarchical.Options.MinSamples,
            hierarchical.Options.Selection));
        Assert.All(hierarchical.Rows, clustered =>
            Assert.InRange(clustered.Probability!.Value, clustered.Cluster < 0 ? 0 : double.Epsilon, clustered.Cluster < 0 ? 0 : 1));
        Assert.Contains("HDBSCAN, clusters of 2 or more, 2 samples, leaf, cosine", table, StringComparison.Ordinal);
        Assert.Contains("w/o noise", table, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pictures_OfEveryVerb_AreSvgAndPng()
    {
        using var folder = new TemporaryFolder();
        await Run("embed", "--manifest", corpus.Manifest, "--model", corpus.Model, "--out", folder["e"]);
        EmbeddingRow row = EmbeddingFile.Read(folder["e"]).Rows[0];

        await Run(
            "evaluate", "--embeddings", folder["e"], "--manifest", corpus.Manifest, "--split", "train", "--out", folder["m.json"],
            "--pictures", folder["p"]);
        await Run("cluster", "--embeddings", folder["e"], "--out", folder["c.json"], "--pictures", folder["p"]);
        await Run(
            "cluster", "--embeddings", folder["e"], "--out", folder["h.json"], "--method", "hdbscan", "--min-cluster-size", "2",
            "--pictures", folder["h"]);
        await Run(
            "rank", "--embeddings", folder["e"], "--query", $"{row.Identity}/{row.Clip}", "--manifest", corpus.Manifest,
            "--pictures", folder["p"]);

        Assert.Equal(
            ["clusters.png", "clusters.svg", "condensed-tree.png", "condensed-tree.svg"],
            Directory.GetFiles(folder["h"]).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal));
        string[] names = ["clusters", "det", "k-distance", "matching", "ranking", "roc"];
        Assert.Equal(
            names.SelectMany(name => new[] { name + ".png", name + ".svg" }),
            Directory.GetFiles(folder["p"]).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal));
        foreach (string picture in names.Select(name => Path.Combine(folder["p"], name)).Append(Path.Combine(corpus.RunFolder, "loss")))
        {
            Assert.Equal("svg", XDocument.Load(picture + ".svg").Root!.Name.LocalName);
            Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], (await File.ReadAllBytesAsync(picture + ".png")).Take(4));
        }

        string[] captions = [.. Svg(folder["p"], "ranking", "text").Select(text => text.Value)];
        Assert.Equal(10, captions.Count(text => char.IsAsciiDigit(text[0]) && text.Contains(" · ", StringComparison.Ordinal)));
        Assert.Equal(11, Svg(folder["p"], "ranking", "image").Length); // beside the voice, its person's face
        Assert.Contains("validation AUC, chance 0.5", Svg(corpus.RunFolder, "loss", "text").Select(text => text.Value));
        Assert.Empty(folder.Partials);

        static XElement[] Svg(string folder, string name, string kind) =>
            [.. XDocument.Load(Path.Combine(folder, name + ".svg")).Descendants().Where(element => element.Name.LocalName == kind)];
    }

    [Fact]
    public async Task Rank_PicturesWithoutManifest_IsRefused()
    {
        using var folder = new TemporaryFolder();

        (int exitCode, _, string error) = await Cmvae.RunAsync(
            "rank", "--embeddings", folder["e"], "--query", "a/0", "--pictures", folder["p"]);

        Assert.Equal(2, exitCode);
        Assert.StartsWith(
            "cmvae: --pictures is given without --manifest; name the manifest that the embeddings "
            + "were made from, it says where the faces are.",
            error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rank_UnknownQuery_NamesAnExample()
    {
        using var folder = new TemporaryFolder();
        await Run(
            "embed", "--manifest", corpus.Manifest, "--model", corpus.Model, "--out", folder["e"], "--split", "test",
            "--modality", "voice");

        (int exitCode, _, string error) = await Cmvae.RunAsync("rank", "--embeddings", folder["e"], "--query", "nobody/0");

        Assert.Equal(2, exitCode);
        Assert.StartsWith(
            $"cmvae: {folder["e"]}: has no voice row of clip 'nobody/0'; expected IDENTITY/CLIP of one of its rows such as '",
            error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Embed_ModelOfAnotherRecipe_IsRefused()
    {
        using var folder = new TemporaryFolder();
        string recipe = await File.ReadAllTextAsync(Repository.File("pipelines", "report.json"));
        await File.WriteAllTextAsync(
            folder["other.json"],
            recipe.Replace("\"fft_length\": 512", "", StringComparison.Ordinal).Replace("\"grey\"", "\"rgb\"", StringComparison.Ordinal));

        (int exitCode, _, string error) = await Cmvae.RunAsync(
            "embed", "--manifest", corpus.Manifest, "--model", corpus.Model, "--recipe", folder["other.json"], "--out", folder["e"]);

        Assert.Equal(2, exitCode);
        Assert.StartsWith($"cmvae: {folder["other.json"]}: the recipe's hash is ", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["e"]));
    }

    [Fact]
    public async Task Embed_ForeignOnnxFile_IsRefused()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["model"]);
        foreach (string file in Directory.GetFiles(corpus.Model))
        {
            File.Copy(file, Path.Combine(folder["model"], Path.GetFileName(file)));
        }

        File.Copy(Path.Combine(corpus.Model, "decoder.onnx"), Path.Combine(folder["model"], "voice-encoder.onnx"), overwrite: true);

        (int exitCode, _, string error) = await Cmvae.RunAsync(
            "embed", "--manifest", corpus.Manifest, "--model", folder["model"], "--out", folder["e"]);

        Assert.Equal(2, exitCode);
        Assert.Contains("voice-encoder.onnx", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Output_UnwritablePlace_IsOneSentenceAndNothingIsLost()
    {
        using var folder = new TemporaryFolder();
        await Run("embed", "--manifest", corpus.Manifest, "--model", corpus.Model, "--out", folder["e"], "--split", "test");

        // /proc takes no files, not even from root: a read-only place for everybody.
        (int exitCode, _, string error) = await Cmvae.RunAsync(
            "evaluate", "--embeddings", folder["e"], "--out", "/proc/cmvae/metrics.json");

        Assert.Equal(2, exitCode);
        string sentence = Assert.Single(
            error.TrimEnd().Split('\n'), line => !line.StartsWith("evaluate: ", StringComparison.Ordinal)); // progress
        Assert.StartsWith("cmvae: /proc/cmvae/metrics.json: cannot be written: ", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Corpus_FaultyFiles_AreAllReported()
    {
        using var folder = new TemporaryFolder();
        await Run("corpus", "synth", "--identities", "4", "--clips-per-identity", "2", "--out", folder["c"]);
        string[] wavs = Directory.GetFiles(Path.Combine(folder["c"], "wav"), "*.wav", SearchOption.AllDirectories);
        await File.WriteAllTextAsync(wavs[0], "");
        await File.WriteAllTextAsync(wavs[1], "this is no wav file, it only says so in its name, at some length");
        File.Delete(wavs[2]);

        (int exitCode, string output, string error) = await Cmvae.RunAsync(
            "corpus", "check", "--manifest", Path.Combine(folder["c"], "manifest.jsonl"));

        Assert.Equal(2, exitCode);
        Assert.EndsWith("3 faults\n", output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.All(wavs.Take(3), wav => Assert.Contains(Path.GetFileName(Path.GetDirectoryName(wav)!), error, StringComparison.Ordinal));
    }

    private static async Task<string> Run(params string[] args)
    {
        (int exitCode, string output, string error) = await Cmvae.RunAsync(args);
        Assert.True(exitCode == 0, $"cmvae {string.Join(' ', args)}: {exitCode}: {error}");
        return output;
    }

    /// <summary>A corpus of 30 people, a short run with a contrast on it, and its model.</summary>
    public sealed class SmallCorpus : IAsyncLifetime, IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public string Manifest => Path.Combine(_folder["corpus"], "manifest.jsonl");

        public string Model => _folder["model"];

        public string RunFolder => _folder["run"];

        public async Task InitializeAsync()
        {
            await Run("corpus", "synth", "--identities", "30", "--clips-per-identity", "2", "--out", _folder["corpus"]);
            await Run(
                "train", "--manifest", Manifest, "--recipe", Repository.File("pipelines", "demo.json"), "--out", _folder["run"],
                "--epochs", "2");
            await Run("export", "--run", _folder["run"], "--out", Model);
        }

        public Task DisposeAsync() => Task.CompletedTask;

        public void Dispose() => _folder.Dispose();
    }
}

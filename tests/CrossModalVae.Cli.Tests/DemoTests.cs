using System.Text.Json.Nodes;
using CrossModalVae.Evaluation;
using CrossModalVae.Numerics;

namespace CrossModalVae.Cli.Tests;

public class DemoTests
{
    [Fact]
    public async Task Demo_FewPeople_GoesTheWholeWay()
    {
        using var folder = new TemporaryFolder();

        (int exitCode, string output, string error) = await Cmvae.RunAsync(
            "demo", "--out", folder["demo"], "--identities", "60", "--clips-per-identity", "2", "--epochs", "2",
            "--reference", folder["reference"]);

        Assert.True(exitCode == 0, error);
        JsonNode summary = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder["demo"], "summary.json")))!;
        foreach (string direction in new[] { "voice_to_face", "face_to_voice" })
        {
            foreach (string figure in new[] { "auc", "mrr" })
            {
                foreach (string row in new[] { "chance", "linear", "report", "model", "ceiling" })
                {
                    Assert.InRange((double)summary[direction]![figure]![row]!, 0, 1);
                }
            }
        }

        Assert.Contains("Are there clusters of people?", output, StringComparison.Ordinal);
        Assert.Contains("told that there are 12 people", output, StringComparison.Ordinal);
        Assert.Equal(12, (int)summary["clusters"]!["identity_count"]!);
        Assert.Contains("27 of 10 people (GRID) through every step", output, StringComparison.Ordinal);
        Assert.Contains("note: 12 people are too few to tell these rows apart; ", output, StringComparison.Ordinal);
        Assert.Contains("which has met these people", output, StringComparison.Ordinal);
        string[] files =
        [
            .. from run in (string[])["demo", "grid"] from kind in (string[])["metrics", "clusters", "ranking"] select $"{run}-{kind}.json",
            "grid-by-demo-metrics.json",
            .. PictureFiles("demo-run/loss", "report-run/loss", "grid-run/loss"),
            .. PictureFiles("pictures/demo-roc", "pictures/demo-det", "pictures/demo-matching", "pictures/demo-manifold"),
            .. PictureFiles("pictures/demo-k-distance", "pictures/grid-k-distance", "pictures/grid-by-demo-k-distance"),
            .. PictureFiles("pictures/demo-clusters", "pictures/demo-hdbscan-clusters", "pictures/demo-hdbscan-condensed-tree"),
            .. PictureFiles("pictures/demo-ranking", "pictures/grid-ranking", "pictures/grid-by-demo-ranking"),
            .. PictureFiles("pictures/demo-generated", "pictures/demo-interpolation"),
        ];
        Assert.All(files, file => Assert.True(File.Exists(Path.Combine(folder["demo"], file)), file));
        Assert.True(File.Exists(Path.Combine(folder["reference"], "card.json")));
        Assert.Empty(folder.Partials);
    }

    private static IEnumerable<string> PictureFiles(params string[] names) =>
        names.SelectMany(name => new[] { name + ".svg", name + ".png" });

    /// <summary>The demo's promise, on people never seen in training: half the way to the ceiling, above the linear baseline.</summary>
    [Fact]
    [Trait("Category", "Slow")]
    public async Task Demo_AsItIs_GoesHalfwayToTheCeilingAndBeatsTheLinearBaseline()
    {
        using var folder = new TemporaryFolder();

        (int exitCode, _, string error) = await Cmvae.RunAsync("demo", "--out", folder["demo"]);

        Assert.True(exitCode == 0, error);
        JsonNode summary = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder["demo"], "summary.json")))!;
        foreach (string direction in new[] { "voice_to_face", "face_to_voice" })
        {
            JsonNode auc = summary[direction]!["auc"]!;
            double model = (double)auc["model"]!;
            Assert.InRange(model, ((double)auc["chance"]! + (double)auc["ceiling"]!) / 2, (double)auc["ceiling"]!);
            Assert.InRange(model, (double)auc["linear"]!, 1);
        }
    }

    /// <summary>With faces dealt to other people, nothing can be learnt: the same recipe stays at chance.</summary>
    [Fact]
    [Trait("Category", "Slow")]
    public async Task DemoRecipe_ShuffledPairs_StaysAtChance()
    {
        using var folder = new TemporaryFolder();
        await Run("corpus", "synth", "--identities", "300", "--clips-per-identity", "3", "--out", folder["corpus"]);
        string manifest = Path.Combine(folder["corpus"], "manifest.jsonl");
        string shuffled = Path.Combine(folder["corpus"], "shuffled.jsonl");
        ShuffleFaces(manifest, shuffled);

        await Run("train", "--manifest", shuffled, "--recipe", Repository.File("pipelines", "demo.json"), "--out", folder["run"]);
        await Run("export", "--run", folder["run"], "--out", folder["model"]);
        await Run("embed", "--manifest", manifest, "--model", folder["model"], "--split", "test", "--out", folder["e"]);
        await Run("evaluate", "--embeddings", folder["e"], "--out", folder["m.json"]);

        EvaluationReport metrics = EvaluationFile.Read(folder["m.json"]);
        // 60 test people: five standard errors of an AUC around 0.5 are about 5 * 0.29 / sqrt(60) = 0.19.
        Assert.InRange(metrics.VoiceToFace.Auc.Value, 0.31, 0.69);
        Assert.InRange(metrics.FaceToVoice.Auc.Value, 0.31, 0.69);
    }

    // Every identity of a split gets the faces of another identity of the same split, clip by clip.
    private static void ShuffleFaces(string manifest, string shuffled)
    {
        Corpora.Manifest corpus = Corpora.ManifestReader.Read(manifest);
        var dealt = new Dictionary<string, Corpora.Clip[]>(StringComparer.Ordinal);
        foreach (var split in corpus.Clips.GroupBy(clip => clip.Split))
        {
            Corpora.Clip[][] people = [.. split.GroupBy(clip => clip.Identity).Select(clips => clips.ToArray())];
            int[] order = [.. Enumerable.Range(0, people.Length)];
            new SeededRandom(11).Shuffle(order.AsSpan());
            for (int i = 0; i < order.Length; i++)
            {
                // along a random cycle: nobody keeps the own face
                dealt[people[order[i]][0].Identity] = people[order[(i + 1) % order.Length]];
            }
        }

        Corpora.ManifestWriter.Write(
            shuffled,
            corpus.Clips.GroupBy(clip => clip.Identity)
                .SelectMany(clips => clips.Select((clip, i) => clip with { Faces = dealt[clips.Key][i].Faces })));
    }

    private static async Task Run(params string[] args)
    {
        (int exitCode, _, string error) = await Cmvae.RunAsync(args);
        Assert.True(exitCode == 0, $"cmvae {string.Join(' ', args)}: {exitCode}: {error}");
    }
}

using System.Text.Json.Nodes;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Models;
using CrossModalVae.Training;

namespace CrossModalVae.Cli.Tests;

/// <summary>A newcomer's own small corpus, by the commands that docs/command-line.md names.</summary>
public sealed class OwnCorpusTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string Recipe => Repository.File("pipelines", "demo.json");

    [Fact]
    public async Task TenPeople_FolderTrainExportEmbedEvaluate_GoesThrough()
    {
        string corpus = CopyGrid();
        string manifest = _folder["elsewhere", "manifest.jsonl"];
        await Run("corpus", "folder", "--root", corpus, "--out", manifest);
        await Run("corpus", "check", "--manifest", manifest);
        await Run("train", "--manifest", manifest, "--recipe", Recipe, "--out", _folder["run"], "--epochs", "2");
        await Run("export", "--run", _folder["run"], "--out", _folder["model"]);
        await Run("embed", "--manifest", manifest, "--model", _folder["model"], "--out", _folder["e"]);
        await Run("evaluate", "--embeddings", _folder["e"], "--out", _folder["metrics.json"], "--draws", "20");

        int[] people =
        [
            .. ManifestReader.Read(manifest).Clips.GroupBy(clip => clip.Split).OrderBy(split => split.Key)
                .Select(split => split.Select(clip => clip.Identity).Distinct().Count()),
        ];
        Assert.Equal([6, 2, 2], people);
        Assert.Equal(27, EmbeddingFile.Read(_folder["e"]).Rows.Select(row => (row.Identity, row.Clip)).Distinct().Count());
        Assert.NotNull(JsonNode.Parse(await File.ReadAllTextAsync(_folder["metrics.json"])));
    }

    /// <summary>
    /// Chance makes one of the first epochs the best of two validation people, before the voice encoder tells clips apart.
    /// </summary>
    [Fact]
    [Trait("Category", "Slow")]
    public async Task TenPeople_RecipeForSmallRealCorpora_KeepsAnEpochThatIsNotCollapsed()
    {
        string manifest = _folder["manifest.jsonl"];
        await Run("corpus", "folder", "--root", CopyGrid(), "--out", manifest);

        await Run("train", "--manifest", manifest, "--recipe", "real-small", "--out", _folder["run"]);

        var run = new RunFolder(_folder["run"]);
        RunSummary summary = RunSummary.Read(run.MetricsPath);
        IReadOnlyList<EpochLog> log = RunLog.Read(run.LogPath);
        Assert.Equal(PosteriorCollapse.None, summary.Collapse);
        Assert.Contains(log.Take(summary.BestEpoch - 1), line => line.Collapse != PosteriorCollapse.None && line.Best);
    }

    [Theory]
    [InlineData(
        "train train train train train train train train validation",
        "one person in the validation split, 'p8'; expected at least 2, ")]
    [InlineData("train validation validation", "1 person in the training split; expected at least 2, ")]
    [InlineData("train train train test", "3 people in the training split and none in the validation split; expected at least 4, ")]
    [InlineData("test test", "0 people in the training split and none in the validation split; expected at least 4, ")]
    public async Task Train_SplitsThatLeaveTooFew_AreRefusedBeforeAnyWork(string splits, string message)
    {
        string manifest = _folder.Write( // none of the files is there: nothing may be read
            "m.jsonl",
            string.Concat(splits.Split(' ').Select(
                (split, i) => $"{{\"identity\":\"p{i}\",\"clip\":\"1\",\"voice\":\"none.wav\",\"split\":\"{split}\"}}\n")));

        (int exitCode, _, string error) = await Cmvae.RunAsync(
            "train", "--manifest", manifest, "--recipe", Recipe, "--out", _folder["run"]);

        Assert.Equal(2, exitCode);
        Assert.Contains($"cmvae: {manifest}: has {message}", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["run"]));
    }

    [Theory]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(9)]
    public async Task Folder_SixPeopleAndMore_CanBeTrainedOn(int people)
    {
        for (int i = 0; i < people; i++)
        {
            _folder.Write($"corpus/p{i}/1/x.wav", "x");
        }

        await Run("corpus", "folder", "--root", _folder["corpus"], "--out", _folder["m.jsonl"]);

        Workflows.CorpusFeatures.RequireTrainable(ManifestReader.Read(_folder["m.jsonl"]));
    }

    private string CopyGrid()
    {
        string corpus = _folder["corpus"];
        foreach (string file in Directory.GetFiles(Fixtures.Grid, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".wav" or ".jpg"))
        {
            string target = Path.Combine(corpus, Path.GetRelativePath(Fixtures.Grid, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return corpus;
    }

    private static async Task Run(params string[] args)
    {
        (int exitCode, _, string error) = await Cmvae.RunAsync(args);
        Assert.True(exitCode == 0, $"cmvae {string.Join(' ', args)}: {exitCode}: {error}");
    }
}

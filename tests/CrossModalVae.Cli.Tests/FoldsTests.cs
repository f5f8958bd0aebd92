using System.Text.Json.Nodes;

namespace CrossModalVae.Cli.Tests;

/// <summary><c>train --folds</c>: a run a fold, a summary, and going on after any death.</summary>
public sealed class FoldsTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Train_Folds_EveryoneValidatesOnceAndTheSummaryIsOfAll()
    {
        string[] train = await Prepare(epochs: 2);

        JsonNode json = JsonNode.Parse(await Run([.. train, "--out", _folder["f"], "--json"]))!;

        JsonArray folds = json["folds"]!.AsArray();
        Assert.Equal(["fold-1", "fold-2", "fold-3"], folds.Select(fold => (string)fold!["run"]!));
        Assert.Equal(25, folds.Sum(fold => (int)fold!["identities"]!)); // the training split of 36: 7 test, 4 validation
        string[] people =
        [
            .. folds.SelectMany(fold => JsonNode.Parse(File.ReadAllText(_folder[$"f/{fold!["run"]}/validation.json"]))!["people"]!
                .AsArray().Select(person => (string)person!["identity"]!)),
        ];
        Assert.Equal(25, people.Distinct().Count());
        Assert.Equal((25, 25), (people.Length, (int)json["pooled"]!["people"]!));
        Assert.Equal(folds.Average(fold => (double)fold!["auc"]!), (double)json["auc"]!["mean"]!, 1e-12);
        Assert.NotNull(json["pooled_same_gender"]);

        // Every fold is an ordinary run.
        await Run("export", "--run", _folder["f/fold-2"], "--out", _folder["m"]);
    }

    [Fact]
    public async Task Train_FoldsKilledTwice_EndInTheSameBytes()
    {
        string[] train = await Prepare(epochs: 3);
        await Run([.. train, "--out", _folder["whole"]]);

        await Cmvae.KillAtAsync(Patience, "epoch 2/3", 1, [.. train, "--out", _folder["f"]]);
        await Cmvae.KillAtAsync(Patience, "epoch 2/3", 2, [.. train, "--out", _folder["f"], "--resume"]);
        Assert.False(File.Exists(_folder["f/folds.json"]));
        await Run([.. train, "--out", _folder["f"], "--resume"]);

        string[] files = ["folds.json", .. Enumerable.Range(1, 3).SelectMany(fold => new[]
        {
            $"fold-{fold}/weights.safetensors", $"fold-{fold}/validation.json", $"fold-{fold}/checkpoint/optimiser.safetensors",
        })];
        Assert.All(files, file => Assert.Equal(File.ReadAllBytes(_folder[$"whole/{file}"]), File.ReadAllBytes(_folder[$"f/{file}"])));
    }

    [Fact]
    public async Task Train_FoldsOfTooFewPeople_IsOneSentenceBeforeAnyFeature()
    {
        string[] train = await Prepare(epochs: 1);
        (int exitCode, string output, string error) = await Cmvae.RunAsync([.. train, "--folds", "13", "--out", _folder["f"]]);

        Assert.Equal((2, ""), (exitCode, output));
        Assert.EndsWith(
            "cmvae: The training split has 25 people; 13 folds need at least 26, two to validate on in each.",
            error.TrimEnd(),
            StringComparison.Ordinal);
        Assert.DoesNotContain("features:", error, StringComparison.Ordinal);
    }

    private async Task<string[]> Prepare(int epochs)
    {
        await Run("corpus", "synth", "--identities", "36", "--clips-per-identity", "2", "--out", _folder["corpus"]);
        return
        [
            "train", "--manifest", _folder["corpus/manifest.jsonl"], "--recipe", "demo", "--epochs", $"{epochs}", "--threads", "1",
            .. epochs == 1 ? Array.Empty<string>() : ["--folds", "3"],
        ];
    }

    private static async Task<string> Run(params string[] args)
    {
        (int exitCode, string output, string error) = await Cmvae.RunAsync(args);
        Assert.True(exitCode == 0, $"cmvae {string.Join(' ', args)}: {exitCode}: {error}");
        return output;
    }
}

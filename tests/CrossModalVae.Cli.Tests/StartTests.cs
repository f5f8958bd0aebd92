using System.Text.Json.Nodes;

namespace CrossModalVae.Cli.Tests;

/// <summary><c>train</c> from trained encoders: pre-training, also on other corpora, and <c>--init-from</c>.</summary>
public sealed class StartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Train_PretrainVoices_LeavesOutWhoIsValidatedOrTestedOnAndSaysHowMany()
    {
        await Run("corpus", "synth", "--identities", "24", "--clips-per-identity", "2", "--out", _folder["corpus"]);
        await Run("corpus", "synth", "--identities", "40", "--clips-per-identity", "2", "--seed", "5", "--out", _folder["more"]);
        string recipe = Recipe("\"pretraining\": { \"epochs\": 2 }, \"frozen_epochs\": 1, \"encoder_rate_share\": 0.1");
        string[] train =
        [
            "train", "--manifest", _folder["corpus/manifest.jsonl"], "--recipe", recipe, "--epochs", "2", "--threads", "1", "--out",
            _folder["run"], "--pretrain-voices", _folder["more/manifest.jsonl"],
        ];

        (int exitCode, _, string error) = await Cmvae.RunAsync(train);

        Assert.True(exitCode is 0 or 1, error); // so few may collapse
        Assert.Matches(
            @"pre-training on \d+ voices of .*manifest\.jsonl too; left out: \d+ people that the main corpus is validated or tested on",
            error);
        Assert.Contains("pretraining epoch 2/2: ", error, StringComparison.Ordinal);
        await Run("export", "--run", _folder["run"], "--out", _folder["model"]);

        // The finished run is one to start from, and so is the model.
        string plain = Recipe("\"frozen_epochs\": 1");
        string[] again = ["train", "--manifest", _folder["corpus/manifest.jsonl"], "--recipe", plain, "--epochs", "1", "--threads", "1"];
        (exitCode, _, error) = await Cmvae.RunAsync([.. again, "--out", _folder["second"], "--init-from", _folder["run"]]);
        Assert.True(exitCode is 0 or 1, error);
        Assert.DoesNotContain("encoder_rate_share", error, StringComparison.Ordinal);
        (exitCode, _, error) = await Cmvae.RunAsync([.. again, "--out", _folder["third"], "--init-from", _folder["model"]]);
        Assert.True(exitCode is 0 or 1, error);
        Assert.Contains(
            $"note: the layers of {_folder["model"]} learn at the whole learning rate; for encoders that were trained before, "
            + "'encoder_rate_share' 0.1 is usual.",
            error,
            StringComparison.Ordinal);
        Assert.Equal(
            File.ReadAllText(_folder["second/recipe.json"]).Split("statistics")[1],
            File.ReadAllText(_folder["third/recipe.json"]).Split("statistics")[1]); // of the model, not of this corpus
        (exitCode, _, error) = await Cmvae.RunAsync([.. again, "--out", _folder["fourth"], "--init-from", _folder["corpus"]]);
        Assert.Equal(2, exitCode);
        Assert.EndsWith(
            $"cmvae: {_folder["corpus"]}: holds no run; training can start from the folder of a finished run or of an exported model, or "
            + "from an encoder (.onnx).",
            error.TrimEnd(),
            StringComparison.Ordinal);
    }

    /// <summary>Each fold pre-trains without the people that validate it; the corpora beside it have the same names.</summary>
    [Fact]
    public async Task Train_PretrainFacesInFolds_LeavesOutWhoValidatesEachFold()
    {
        await Run("corpus", "synth", "--identities", "24", "--clips-per-identity", "2", "--out", _folder["corpus"]);
        await Run("corpus", "synth", "--identities", "30", "--clips-per-identity", "2", "--seed", "5", "--out", _folder["more"]);

        (int exitCode, _, string error) = await Cmvae.RunAsync(
            "train", "--manifest", _folder["corpus/manifest.jsonl"], "--recipe", Recipe("\"pretraining\": { \"epochs\": 1 }"), "--epochs",
            "1", "--threads", "1", "--folds", "2", "--out", _folder["f"], "--pretrain-faces", _folder["more/manifest.jsonl"]);

        Assert.True(exitCode is 0 or 1, error); // so few may collapse
        string[] validating = [.. Enumerable.Range(1, 2).Select(fold => File.ReadAllText(_folder[$"f/fold-{fold}/validation.json"]))];
        foreach (int fold in (int[])[0, 1])
        {
            JsonNode metrics = JsonNode.Parse(File.ReadAllText(_folder[$"f/fold-{fold + 1}/metrics.json"]))!;
            JsonNode stage = JsonNode.Parse(File.ReadAllText(_folder[$"f/fold-{fold + 1}/pretraining/metrics.json"]))!;
            int others = JsonNode.Parse(validating[1 - fold])!["people"]!.AsArray().Count; // the fold trains on the other fold's people,
            Assert.Equal(others, (int)metrics["training_identities"]!);
            Assert.InRange((int)stage["training_identities"]!, others + 1, 30 - 1); // and pre-trains on those of the other corpus too
        }

        Assert.Contains("of the other corpora that validate this fold", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "--init-from", "--init-from is of one run: in folds, people that its run was trained on would validate; leave out --folds.")]
    public async Task Train_StartOfOneRunInFolds_IsRefused(string option, string message)
    {
        (int exitCode, _, string error) = await Cmvae.RunAsync(
            "train", "--manifest", "m", "--recipe", "demo", "--out", _folder["run"], "--folds", "3", option, "x");

        Assert.Equal(2, exitCode);
        Assert.StartsWith($"cmvae: {message}", error, StringComparison.Ordinal);
    }

    private string Recipe(string training)
    {
        string text = File.ReadAllText(Repository.File("pipelines", "demo.json"));
        text = text.Replace("\"training\": {", $"\"training\": {{ {training},", StringComparison.Ordinal);
        return _folder.Write($"{training.Length}.json", text);
    }

    private static async Task Run(params string[] args)
    {
        (int exitCode, _, string error) = await Cmvae.RunAsync(args);
        Assert.True(exitCode == 0, $"cmvae {string.Join(' ', args)}: {exitCode}: {error}");
    }
}

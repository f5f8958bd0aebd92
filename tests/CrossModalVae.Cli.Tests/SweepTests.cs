using System.Text.Json.Nodes;

namespace CrossModalVae.Cli.Tests;

/// <summary><c>sweep</c>: trials, results, faults, and going on after any death.</summary>
public sealed class SweepTests : IDisposable
{
    private const string Rates = "\"training.learning_rate\": { \"values\": [0.001, 1e30, 0.01] }";
    private const string Space = "\"model.latent_dimension\": { \"values\": [8, 32] }, "
        + "\"training.learning_rate\": { \"from\": 0.0003, \"to\": 0.03, \"scale\": \"log\" }";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Sweep_Grid_ATrialThatFailsIsNotedAndTheBestRecipeTrains()
    {
        string[] sweep = await Prepare(Rates, "--method", "grid", "--epochs", "2");

        (int exitCode, string output, string error) = await Cmvae.RunAsync([.. sweep, "--out", _folder["s"]]);

        Assert.True(exitCode == 0, error);
        JsonNode json = JsonNode.Parse(File.ReadAllText(_folder["s/results.json"]))!;
        JsonArray trials = json["trials"]!.AsArray();
        Assert.Equal([1, 0, 1], trials.Select(trial => trial!["rounds"]!.AsArray().Count));
        Assert.StartsWith(
            "Epoch 1: the training loss is no longer a finite number", (string?)trials[1]!["fault"], StringComparison.Ordinal);
        Assert.Contains("trial 2 failed: Epoch 1: the training loss", output, StringComparison.Ordinal);
        double[] scores = [.. new[] { 0, 2 }.Select(i => (double)trials[i]!["rounds"]![0]!["score"]!)];
        bool[] collapsed = [.. new[] { 0, 2 }.Select(i => (bool)trials[i]!["rounds"]![0]!["collapsed"]!)];
        bool isFirst = collapsed[0] == collapsed[1] ? scores[0] >= scores[1] : collapsed[1];
        Assert.Equal(isFirst ? 1 : 3, (int)json["best"]!);
        Assert.True(File.Exists(_folder["s/sweep.svg"]));
        Assert.Single(Directory.GetFiles(_folder["s"], "features-*")); // made once
        JsonNode best = JsonNode.Parse(File.ReadAllText(_folder["s/recipe.json"]))!;
        Assert.Equal(
            (double)trials[(int)json["best"]! - 1]!["values"]!["training.learning_rate"]!, (double)best["training"]!["learning_rate"]!);
        await Run(
            "train", "--manifest", _folder["corpus/manifest.jsonl"], "--recipe", _folder["s/recipe.json"], "--epochs", "1", "--out",
            _folder["run"]);
        Assert.Equal( // the trial is the run that train makes of its recipe
            File.ReadAllBytes(_folder[$"s/trial-{json["best"]}/weights.safetensors"]),
            await Trained(_folder["s/recipe.json"], 2));
    }

    [Fact]
    public async Task Sweep_KilledAtAnyMoment_EndsInTheSameResults()
    {
        string[] sweep = await Prepare(Space, "--trials", "4", "--epochs", "3", "--folds", "2");
        await Run([.. sweep, "--out", _folder["whole"]]);

        await Cmvae.KillAtAsync(Patience, "preparing", 1, [.. sweep, "--out", _folder["s"]]);
        await Cmvae.KillAtAsync(Patience, "epoch 2/3", 1, [.. sweep, "--out", _folder["s"], "--resume"]);
        await Cmvae.KillAtAsync(Patience, "trial 3 of 4", 1, [.. sweep, "--out", _folder["s"], "--resume"]);
        await Run([.. sweep, "--out", _folder["s"], "--resume"]);

        Assert.All(
            ["results.json", "recipe.json", "sweep.svg", "trial-1/fold-1/weights.safetensors", "trial-4/fold-2/validation.json"],
            file => Assert.Equal(File.ReadAllBytes(_folder[$"whole/{file}"]), File.ReadAllBytes(_folder[$"s/{file}"])));
    }

    [Fact]
    public async Task Sweep_Halving_SurvivorsGoOnAndEqualRunsThatWereNeverStopped()
    {
        string[] sweep = await Prepare(
            Space, "--method", "halving", "--trials", "4", "--epochs", "4", "--min-epochs", "1", "--eta", "2");
        await Cmvae.KillAtAsync(Patience, "epoch 2/4", 1, [.. sweep, "--out", _folder["s"]]);
        JsonNode json = JsonNode.Parse(await Run([.. sweep, "--out", _folder["s"], "--resume", "--json"]))!;

        JsonNode[] trials = [.. json["trials"]!.AsArray().Select(trial => trial!)];
        Assert.Equal([1, 1, 2, 3], trials.Select(trial => trial["rounds"]!.AsArray().Count).Order());
        JsonNode longest = trials.MaxBy(trial => trial["rounds"]!.AsArray().Count)!;
        Assert.Equal([1, 2, 4], longest["rounds"]!.AsArray().Select(round => (int)round!["epochs"]!));
        JsonNode[] first = [.. trials.OrderBy(trial => (bool)trial["rounds"]![0]!["collapsed"]!)
            .ThenByDescending(trial => (double)trial["rounds"]![0]!["score"]!)];
        Assert.All(first[..2], trial => Assert.True(trial["rounds"]!.AsArray().Count > 1));
        int best = (int)json["best"]!;
        Assert.Equal(3, trials[best - 1]["rounds"]!.AsArray().Count);
        Assert.Equal(File.ReadAllBytes(_folder[$"s/trial-{best}/weights.safetensors"]), await Trained(_folder["s/recipe.json"], 4));

        (int exitCode, _, string error) = await Cmvae.RunAsync([.. sweep, "--seed", "2", "--out", _folder["s"], "--resume"]);
        Assert.Equal(2, exitCode);
        Assert.EndsWith(
            $"{_folder["s/results.json"]}: is of another space, recipe or plan; a sweep can be resumed with the same ones only.",
            error.TrimEnd(),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"training.learning_rat\": { \"values\": [1] }",
        "with training.learning_rat 1: 'training.learning_rat' is not a known field; did you mean 'learning_rate'?")]
    [InlineData("\"model.dropout\": { \"values\": [0.1, 2] }", "with model.dropout 2: 'model.dropout' is 2; expected a number")]
    [InlineData("\"training.warm_up_share\": { \"values\": [0] }, \"training.schedule\": { \"values\": [\"one-cycle\"] }",
        "with training.warm_up_share 0, training.schedule one-cycle: Section 'training': 'Schedule' is OneCycle and 'WarmUpShare' 0")]
    public async Task Sweep_WhatARecipeRefuses_IsOneSentenceBeforeTheFirstTrial(string options, string message)
    {
        string[] sweep = await Prepare(options, "--method", "grid");

        (int exitCode, string output, string error) = await Cmvae.RunAsync([.. sweep, "--out", _folder["s"]]);

        Assert.Equal((2, ""), (exitCode, output));
        string line = Assert.Single(error.TrimEnd().Split('\n'));
        Assert.StartsWith($"cmvae: {_folder["space.json"]}: {message}", line, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["s"]));
    }

    private async Task<string[]> Prepare(string options, params string[] arguments)
    {
        await Run("corpus", "synth", "--identities", "24", "--clips-per-identity", "2", "--out", _folder["corpus"]);
        string space = _folder.Write(
            "space.json",
            $"{{ \"schema\": \"crossmodalvae/sweep-space/1\", \"recipe\": \"demo\", \"options\": {{ {options} }} }}");
        return
        [
            "sweep", "--space", space, "--manifest", _folder["corpus/manifest.jsonl"], "--threads", "1", .. arguments,
        ];
    }

    private async Task<byte[]> Trained(string recipe, int epochs)
    {
        (int exitCode, _, string error) = await Cmvae.RunAsync(
            "train", "--manifest", _folder["corpus/manifest.jsonl"], "--recipe", recipe, "--epochs", $"{epochs}", "--threads", "1", "--out",
            _folder["alone"]);
        Assert.True(exitCode is 0 or 1, error); // with so few clips posteriors may collapse
        return File.ReadAllBytes(_folder["alone/weights.safetensors"]);
    }

    private static async Task<string> Run(params string[] args)
    {
        (int exitCode, string output, string error) = await Cmvae.RunAsync(args);
        Assert.True(exitCode == 0, $"cmvae {string.Join(' ', args)}: {exitCode}: {error}");
        return output;
    }
}

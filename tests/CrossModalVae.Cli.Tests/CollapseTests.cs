using System.Text.Json.Nodes;
using CrossModalVae.Embeddings;
using CrossModalVae.Models;

namespace CrossModalVae.Cli.Tests;

/// <summary>A run whose posteriors collapse: it says so in its epoch and at its end, and so does every verb after it.</summary>
public sealed class CollapseTests(WholeWayTests.SmallCorpus corpus) : IClassFixture<WholeWayTests.SmallCorpus>
{
    private const string Collapsed = "both encoders' posteriors have collapsed";

    [Fact]
    public async Task Train_Collapsing_WarnsInItsEpoch_DrawsTheLoss_ExitsWithOne_AndEveryLaterVerbSaysIt()
    {
        using var folder = new TemporaryFolder();
        string recipe = await CollapsingRecipe(folder);
        string[] train = ["train", "--manifest", corpus.Manifest, "--recipe", recipe, "--out", folder["run"], "--threads", "1"];

        (int exitCode, string output, string error) = await Cmvae.RunAsync([.. train, "--epochs", "4", "--json"]);

        Assert.Equal(1, exitCode);
        string[] lines = error.TrimEnd().Split(Environment.NewLine);
        string end = Assert.Single(lines, line => line.StartsWith("cmvae: ", StringComparison.Ordinal));
        Assert.StartsWith($"cmvae: {folder["run"]}: {Collapsed}: they tell clips apart by at most 0.0", end, StringComparison.Ordinal);
        Assert.EndsWith("lower 'beta', lengthen its warm-up or add contrast ('contrast_weight').", end, StringComparison.Ordinal);
        Assert.Contains("loss.png", lines[^1], StringComparison.Ordinal); // among the files that were written
        Assert.DoesNotContain("internal error", error, StringComparison.Ordinal);
        int warned = Array.FindIndex(lines, line => line.Contains($": {Collapsed}: no latent dimension tells", StringComparison.Ordinal));
        Assert.Matches("^warning: epoch [1-4]: ", lines[warned]);
        Assert.Matches("^epoch [1-4]/4: .*, collapsed, ", lines[warned - 1]);
        Assert.True(File.Exists(Path.Combine(folder["run"], "loss.png")) && File.Exists(Path.Combine(folder["run"], "loss.svg")));
        Assert.Equal("both", (string)JsonNode.Parse(output)!["collapse"]!);
        Assert.Contains(Collapsed[1..], (string)JsonNode.Parse(output)!["notes"]![0]!, StringComparison.Ordinal);

        (int resumed, _, string again) = await Cmvae.RunAsync([.. train, "--epochs", "5", "--resume"]);
        Assert.Equal(1, resumed);
        Assert.Contains($"cmvae: {folder["run"]}: {Collapsed}", again, StringComparison.Ordinal);

        Assert.Equal(PosteriorCollapse.Both, await LaterVerbs(folder));
    }

    [Fact]
    public async Task EveryVerb_OfAModelThatHasNotCollapsed_DoesNotMentionIt()
    {
        using var folder = new TemporaryFolder();

        (int exitCode, _, string error) = await Cmvae.RunAsync(
            "embed", "--manifest", corpus.Manifest, "--model", corpus.Model, "--out", folder["e"]);
        (_, _, string cluster) = await Cmvae.RunAsync("cluster", "--embeddings", folder["e"], "--out", folder["c.json"]);

        Assert.Equal(0, exitCode);
        Assert.DoesNotContain("collapse", error + cluster, StringComparison.Ordinal);
        Assert.Equal(PosteriorCollapse.None, EmbeddingOrigin.Read(folder["e"])!.Collapse);
    }

    private async Task<PosteriorCollapse> LaterVerbs(TemporaryFolder folder)
    {
        string e = folder["e"];
        await Says(folder["model"], "export", "--run", folder["run"], "--out", folder["model"]);
        await Says(folder["model"], "embed", "--manifest", corpus.Manifest, "--model", folder["model"], "--out", e);
        await Says(folder["model"], "embed", "--manifest", corpus.Manifest, "--model", folder["model"], "--out", e, "--resume");
        EmbeddingRow row = EmbeddingFile.Read(e).Rows[0];
        string query = $"{row.Identity}/{row.Clip}";
        await Says(e, "evaluate", "--embeddings", e, "--out", folder["m.json"], "--draws", "10");
        await Says(e, "cluster", "--embeddings", e, "--out", folder["c.json"]);
        await Says(e, "project", "--embeddings", e, "--out", folder["p.json"], "--method", "pca");
        await Says(e, "calibrate", "--embeddings", e, "--out", folder["k.json"]);
        await Says(e, "rank", "--embeddings", e, "--query", query);
        await Says(e, "gallery", "create", "--embeddings", e, "--out", folder["g"]);
        await Says(folder["g"], "gallery", "info", "--gallery", folder["g"]);
        await Says(folder["g"], "rank", "--embeddings", e, "--gallery", folder["g"], "--query", query);
        Assert.Equal(EmbeddingOrigin.Read(e), EmbeddingOrigin.Read(folder["g"]));
        return EmbeddingOrigin.Read(e)!.Collapse;
    }

    // One line each; what the verb then does with such embeddings (some are refused) is not this test's.
    private static async Task Says(string place, params string[] args)
    {
        (_, string output, string error) = await Cmvae.RunAsync(args);

        string expected = $"warning: {place}: {Collapsed} in training, so its embeddings carry nothing and every figure of them is at "
            + "chance level; train again with a lower 'beta', a longer warm-up or contrast ('contrast_weight').";
        Assert.True(
            error.Split(Environment.NewLine).Count(line => line == expected) == 1, $"{string.Join(' ', args)}\n{error}\n{output}");
    }

    private static async Task<string> CollapsingRecipe(TemporaryFolder folder)
    {
        JsonNode recipe = JsonNode.Parse(await File.ReadAllTextAsync(Repository.File("pipelines", "demo.json")))!;
        recipe["objective"] = new JsonObject { ["beta"] = 50, ["contrast_weight"] = 0 };
        recipe["training"]!["passes_per_epoch"] = 40;
        recipe["training"]!["selection"] = "validation-loss";
        await File.WriteAllTextAsync(folder["recipe.json"], recipe.ToJsonString());
        return folder["recipe.json"];
    }
}

using CrossModalVae.Cli.Workflows;

namespace CrossModalVae.Cli.Tests;

/// <summary>Recipes by name: whoever has installed the program has no folder of them.</summary>
public class ShippedRecipesTests
{
    [Fact]
    public void Names_AreTheRecipesOfTheRepository() => Assert.Equal(
        Directory.GetFiles(Repository.File("pipelines"), "*.json").Select(file => Path.GetFileNameWithoutExtension(file))
            .Order(StringComparer.Ordinal),
        ShippedRecipes.Names);

    [Fact]
    public void Resolve_NameOrFile_IsTheFile()
    {
        using var folder = new TemporaryFolder();
        string own = folder.Write("demo", "{}");

        Assert.Equal(own, ShippedRecipes.Resolve(own));
        Assert.Equal(folder["none.json"], ShippedRecipes.Resolve(folder["none.json"])); // the reader says that it is not there
        Assert.Equal(
            File.ReadAllText(Repository.File("pipelines", "real-small.json")), File.ReadAllText(ShippedRecipes.Resolve("real-small")));
    }

    [Theory]
    [InlineData("train", "real-smal", "; did you mean 'real-small'?")]
    [InlineData("prepare", "zzz", ".")]
    public async Task Recipe_UnknownName_NamesThoseThereAre(string verb, string name, string end)
    {
        using var folder = new TemporaryFolder();

        (int exitCode, _, string error) = await Cmvae.RunAsync(
            verb, "--manifest", folder["m.jsonl"], "--recipe", name, "--out", folder["out"]);

        Assert.Equal(2, exitCode);
        Assert.Equal(
            $"cmvae: {name}: there is no such file, nor a recipe of this name; "
            + $"the program has best-pretrained, best-scratch, cca, cmpc, conditional, crmvae, demo, dmvae, fine-tuned, fop, kaldi-fbank, "
            + $"mmvae, mmvae-plus, mopoe, ms-vae, mvae, mvtcae, pins, pins-vae, real-small, report, sliced, wae-mmd{end}",
            error.TrimEnd());
    }
}

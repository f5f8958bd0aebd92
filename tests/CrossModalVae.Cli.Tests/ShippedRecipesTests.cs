using CrossModalVae.Cli.Workflows;
            $"cmvae: {name}: there is no such file, nor a recipe of this name; "
            + $"real-small, report, sliced, wae-mmd{end}",
            + $"the program has best-pretrained, best-scratch, cca, demo, kaldi-fbank, real-small, report{end}",
            + $"the program has best-pretrained, cca, crmvae, demo, fop, kaldi-fbank, mmvae, mopoe, mvae, mvtcae, pins, pins-vae, "
            .Order(StringComparer.Ordinal),
            File.ReadAllText(Repository.File("pipelines", "real-small.json")), File.ReadAllText(ShippedRecipes.Resolve("real-small")));
            error.TrimEnd());
            verb, "--manifest", folder["m.jsonl"], "--recipe", name, "--out", folder["out"]);
        (int exitCode, _, string error) = await Cmvae.RunAsync(
        Assert.Equal(
        Assert.Equal(2, exitCode);
        Assert.Equal(folder["none.json"], ShippedRecipes.Resolve(folder["none.json"])); // the reader says that it is not there
        Assert.Equal(own, ShippedRecipes.Resolve(own));
        Directory.GetFiles(Repository.File("pipelines"), "*.json").Select(file => Path.GetFileNameWithoutExtension(file))
        ShippedRecipes.Names);
        string own = folder.Write("demo", "{}");
        using var folder = new TemporaryFolder();
    [Fact]
    [InlineData("prepare", "zzz", ".")]
    [InlineData("train", "real-smal", "; did you mean 'real-small'?")]
    [Theory]
    public async Task Recipe_UnknownName_NamesThoseThereAre(string verb, string name, string end)
    public void Names_AreTheRecipesOfTheRepository() => Assert.Equal(
    public void Resolve_NameOrFile_IsTheFile()
    {
    }
/// <summary>Recipes by name: whoever has installed the program has no folder of them.</summary>
namespace CrossModalVae.Cli.Tests;
public class ShippedRecipesTests
{
}

using CrossModalVae.Recipes;

namespace CrossModalVae.Tests.Recipes;

/// <summary>
/// Recipes and their hashes as the hand-written reader and writer of commit 8377352 wrote them: files and models made by earlier versions
/// keep their bytes and hashes. Golden/Recipes/README.md says how the files were made.
/// </summary>
public sealed class RecipeGoldenTests
{
    [Theory]
    [InlineData("bare", """{"schema":"crossmodalvae/recipe/1","name":"bare"}""")]
    [InlineData("empty-augmentation", """{"schema":"crossmodalvae/recipe/1","name":"a","augmentation":{}}""")]
    [InlineData(
        "kaldi-fbank",
        """
        {"schema":"crossmodalvae/recipe/1","name":"k","voice":{"preset":"kaldi-fbank","pooling":"none","mel_bins":40},
         "clustering":{"eps":"auto"}}
        """)]
    [InlineData(
        "numbers",
        """
        {"schema":"crossmodalvae/recipe/1","name":"n","training":{"epochs":3.0,"seed":-9e3},"objective":{"beta":1e-9},
         "clustering":{"eps":1e21}}
        """)]
    public void ReadAndWrite_TextAndHashes_AreWhatTheyWere(string name, string json) => Check(name, RecipeReader.Parse(json));

    [Fact]
    public void Write_EveryOptionAwayFromItsDefault_TextAndHashesAreWhatTheyWere() => Check("full", RecipeFileTests.Full());

    private static void Check(string name, Recipe recipe)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "Golden", "Recipes");
        string text = File.ReadAllText(Path.Combine(folder, $"{name}.json"));
        string hashes = File.ReadLines(Path.Combine(folder, "hashes.csv"))
            .Single(line => line.StartsWith(name + ",", StringComparison.Ordinal));

        Assert.Equal(text, RecipeWriter.Text(recipe));
        Assert.Equal(text, RecipeWriter.Text(RecipeReader.Parse(text)));
        Assert.Equal(hashes, $"{name},{RecipeHash.Compute(recipe)},{RecipeHash.ComputeFeatures(recipe)}");
    }
}

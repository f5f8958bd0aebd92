using CrossModalVae.Recipes;

namespace CrossModalVae.Tests.Recipes;

/// <summary>
/// Recipes and their hashes as the hand-written reader and writer of commit 8377352 wrote them: files and models made by earlier versions keep
/// their bytes and hashes. Golden/Recipes/README.md says how the files were made.
/// </summary>
public sealed class RecipeGoldenTests
{
    public static TheoryData<string, Recipe> Recipes => new()
    {
        { "bare", new Recipe { Name = "bare" } },
        { "full", RecipeFileTests.Full() },
        { "empty-augmentation", RecipeReader.Parse("""{"schema":"crossmodalvae/recipe/1","name":"a","augmentation":{}}""") },
        {
            "kaldi-fbank",
            RecipeReader.Parse(
                """
                {"schema":"crossmodalvae/recipe/1","name":"k","voice":{"preset":"kaldi-fbank","pooling":"none","mel_bins":40},
                 "clustering":{"eps":"auto"}}
                """)
        },
        {
            "numbers",
            RecipeReader.Parse(
                """
                {"schema":"crossmodalvae/recipe/1","name":"n","training":{"epochs":3.0,"seed":-9e3},"objective":{"beta":1e-9},
                 "clustering":{"eps":1e21}}
                """)
        },
    };

    [Theory]
    [MemberData(nameof(Recipes))]
    public void TextAndHashes_AreWhatTheyWere(string name, Recipe recipe)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "Golden", "Recipes");
        string text = File.ReadAllText(Path.Combine(folder, $"{name}.json"));
        string hashes = File.ReadLines(Path.Combine(folder, "hashes.csv")).Single(line => line.StartsWith(name + ",", StringComparison.Ordinal));

        Assert.Equal(text, RecipeWriter.Text(recipe));
        Assert.Equal(text, RecipeWriter.Text(RecipeReader.Parse(text)));
        Assert.Equal(hashes, $"{name},{RecipeHash.Compute(recipe)},{RecipeHash.ComputeFeatures(recipe)}");
    }
}

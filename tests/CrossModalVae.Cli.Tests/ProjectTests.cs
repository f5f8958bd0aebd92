using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Manifolds;
using CrossModalVae.Numerics;

namespace CrossModalVae.Cli.Tests;

public sealed class ProjectTests : IDisposable
{
    private const int People = 8;
    private const int Clips = 5;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Project_VoicesAndFaces_PutsPeopleTogetherInOnePlane()
    {
        Write(Modality.Voice, Modality.Face, Modality.Joint);

        (int exitCode, string output, string error) = await Cmvae.RunAsync(
            "project", "--embeddings", _folder["e"], "--out", _folder["p"], "--perplexity", "8", "--iterations", "400", "--seed", "3");

        Assert.True(exitCode == 0, error);
        ProjectionRecord record = ProjectionFile.Read(Path.Combine(_folder["p"], "projection.json"));
        Assert.Equal(2 * People * Clips, record.Rows.Count);
        Assert.Equal((ProjectionMethod.Tsne, 8.0, 3L), (record.Method, record.Perplexity, record.Seed));
        Assert.DoesNotContain(record.Rows, row => row.Modality == Modality.Joint);
        Assert.All(record.Rows, row => Assert.Equal(
            row.Identity,
            record.Rows.Where(other => other != row)
                .MinBy(other => Math.Pow(other.X - row.X, 2) + Math.Pow(other.Y - row.Y, 2))!.Identity));
        Assert.StartsWith(
            "tsne of 40 voice rows and 40 face rows of 8 identities: perplexity 8, KL divergence 0.", output, StringComparison.Ordinal);
        Assert.Contains("t-sne: 400/400", error, StringComparison.Ordinal);
        Assert.Equal(
            ["manifold.png", "manifold.svg", "projection.json"],
            Directory.GetFiles(_folder["p"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Project_PcaAsJson_PrintsTheFile()
    {
        Write(Modality.Voice, Modality.Face);

        (int exitCode, string output, string error) = await Cmvae.RunAsync(
            "project", "--embeddings", _folder["e"], "--out", _folder["p"], "--method", "pca", "--modality", "face", "--split", "test",
            "--json");

        Assert.True(exitCode == 0, error);
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(_folder["p"], "projection.json")), output);
        ProjectionRecord record = ProjectionFile.Read(Path.Combine(_folder["p"], "projection.json"));
        Assert.Equal(ProjectionMethod.Pca, record.Method);
        Assert.Null(record.Seed);
        Assert.Equal(People / 2 * Clips, record.Rows.Count);
        Assert.All(record.Rows, row => Assert.Equal(Modality.Face, row.Modality));
    }

    [Theory]
    [InlineData("gender", new[] { "f", "m" })]
    [InlineData("split", new[] { "test", "train" })]
    [InlineData("cluster", new[] { "cluster 0", "cluster 1" })]
    [InlineData("identity", new string[0])]
    public async Task Project_Colour_IsInTheFileAndTheLegend(string colour, string[] expected)
    {
        Write(Modality.Voice, Modality.Face, Modality.Joint);
        EmbeddingSet all = EmbeddingFile.Read(_folder["e"]);
        EmbeddingFile.Write(_folder["e"], new EmbeddingSet(
            all.Values,
            all.Dimension,
            [.. all.Rows.Select(row => row with { Gender = row.Identity[0] % 3 == 0 ? "f" : "m" })]));
        string[] options = ["project", "--embeddings", _folder["e"], "--out", _folder["p"], "--method", "pca", "--colour", colour];
        if (colour == "cluster")
        {
            (int clustered, _, string fault) = await Cmvae.RunAsync(
                "cluster", "--embeddings", _folder["e"], "--out", _folder["c.json"], "--method", "hdbscan");
            Assert.True(clustered == 0, fault);
            options = [.. options, "--clusters", _folder["c.json"]];
        }

        (int exitCode, string output, string error) = await Cmvae.RunAsync(options);

        Assert.True(exitCode == 0, error);
        ProjectionRecord record = ProjectionFile.Read(Path.Combine(_folder["p"], "projection.json"));
        string[] classes = [.. record.Rows.Select(row => row.Class).OfType<string>().Distinct().Order(StringComparer.Ordinal)];
        string[] legend =
        [
            .. System.Xml.Linq.XDocument.Load(Path.Combine(_folder["p"], "manifold.svg")).Descendants()
                .Where(element => element.Name.LocalName == "text").Select(element => element.Value),
        ];
        Assert.Equal(expected, classes.Take(expected.Length));
        Assert.All(classes, name => Assert.Contains(name, legend));
        Assert.Equal(colour == "identity", record.Rows.All(row => row.Class is null));
        Assert.Contains("modality gap: the means of voices and faces are ", output, StringComparison.Ordinal);
        Assert.True(record is { ModalityGapDistance: > 0, RelativeModalityGap: > 0 and < 1 });
    }

    [Theory]
    [InlineData("--modality joint", "has no joint rows; expected some.")]
    [InlineData("--split validation", "has no voice or face rows of split validation; expected some.")]
    public async Task Project_NoSuchRows_Throws(string filter, string sentence)
    {
        Write(Modality.Voice);

        (int exitCode, _, string error) = await Cmvae.RunAsync(
            ["project", "--embeddings", _folder["e"], "--out", _folder["p"], .. filter.Split(' ')]);

        Assert.Equal(2, exitCode);
        Assert.Equal($"cmvae: {_folder["e"]}: {sentence}", error.TrimEnd());
        Assert.False(Directory.Exists(_folder["p"]));
    }

    [Fact]
    public async Task Project_FewRows_TakesAPerplexityThatFitsAndSaysSo()
    {
        Write(Modality.Voice);

        (int exitCode, string output, string error) = await Cmvae.RunAsync("project", "--embeddings", _folder["e"], "--out", _folder["p"]);

        Assert.Equal(0, exitCode);
        Assert.StartsWith("note: perplexity 13.3 instead of 30, a third of the 40 rows", error, StringComparison.Ordinal);
        Assert.Contains("perplexity 13.3, KL divergence", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Project_PerplexityForMoreRows_NamesTheOptionAndItsLargestValue()
    {
        Write(Modality.Voice);

        (int exitCode, _, string error) = await Cmvae.RunAsync(
            "project", "--embeddings", _folder["e"], "--out", _folder["p"], "--perplexity", "13.4");

        Assert.Equal(2, exitCode);
        Assert.Equal(
            "cmvae: --perplexity is 13.4; must be at most 13.3 for 40 rows, a third of them. Leave it out to have one that fits.",
            error.TrimEnd());
    }

    [Theory]
    [InlineData(3, null)]
    [InlineData(4, 1.3)]
    [InlineData(89, 29.6)]
    [InlineData(90, 30.0)]
    [InlineData(100_000, 30.0)]
    public void Perplexity_OfRows_IsAThirdOfThemUpToTheStandard(int rows, double? expected)
    {
        using var error = new StringWriter();

        object Found() => Verbs.Perplexity.For(rows, null, error);

        if (expected is null)
        {
            string message = Assert.Throws<UserErrorException>(Found).Message;
            Assert.StartsWith("t-SNE needs at least 4 rows and has 3", message, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal((expected, expected < 30), ((double)Found(), error.ToString().Length > 0));
        }
    }

    // Half of the people are in training, half in test.
    private void Write(params Modality[] modalities)
    {
        var random = new SeededRandom(1);
        float[][] centres = [.. Enumerable.Range(0, People).Select(_ => Gaussian(random, 3))];
        EmbeddingRow[] rows =
        [
            .. from person in Enumerable.Range(0, People)
               from clip in Enumerable.Range(0, Clips)
               from modality in modalities
               select new EmbeddingRow
               {
                   Identity = $"{person}",
                   Clip = $"{clip}",
                   Modality = modality,
                   Split = person % 2 == 0 ? CorpusSplit.Train : CorpusSplit.Test,
               },
        ];
        float[] values =
        [
            .. rows.SelectMany(row => centres[int.Parse(row.Identity, System.Globalization.CultureInfo.InvariantCulture)].Zip(
                Gaussian(random, 0.2f), (a, b) => a + b)),
        ];
        EmbeddingFile.Write(_folder["e"], new EmbeddingSet(values, 6, rows));
    }

    private static float[] Gaussian(SeededRandom random, float size) =>
        [.. Enumerable.Range(0, 6).Select(_ => size * (float)random.NextGaussian())];
}

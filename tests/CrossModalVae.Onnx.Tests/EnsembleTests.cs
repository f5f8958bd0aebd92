using CrossModalVae.Models;
using CrossModalVae.Onnx.Tests.Oracles;
using CrossModalVae.Recipes;

namespace CrossModalVae.Onnx.Tests;

/// <summary>Several models in one graph.</summary>
public sealed class EnsembleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Export_ThreeUnequalMembers_IsOneModelWhoseCosinesAreTheirWeightedMeans()
    {
        EnsembleMember[] members = [Member(1, 5, 2.0), Member(2, 3, 1.0), Member(3, 7, 1.0)];

        ModelCard card = OnnxExporter.Export(_folder["model"], members, Options(members[0].Recipe));

        Assert.Equal([0.5, 0.25, 0.25], card.Members!.Select(member => member.Weight));
        Assert.Equal([5, 3, 7], card.Members!.Select(member => member.LatentDimension));
        Assert.Equal([OnnxContract.VoiceEncoderFile, OnnxContract.FaceEncoderFile], card.Files.Select(file => file.File));
        Assert.All(card.Files, file => Assert.All(file.Outputs, output => Assert.Equal(15, output.Shape[1])));
        Assert.True(card.Parity.Measured.Max(measured => measured.LargestError) < 1e-5);
        ModelCard read = ModelCardReader.Read(_folder["model"]);
        Assert.Equal(card.Members!, read.Members!);
        ModelCardReader.CheckFiles(_folder["model"], read);

        // The trainer's side, with which the graphs agree: cosine of two rows of the ensemble.
        float[] rows = [.. Enumerable.Range(0, 24).Select(i => (float)Math.Sin(i + 0.5))]; // [2, 12]
        float[] mean = Ensemble.Of(members).Encode(Modality.Voice, rows, 2).Mean;
        double expected = members.Zip([0.5, 0.25, 0.25], (member, weight) =>
            weight * Cosine(member.Reference.Encode(Modality.Voice, rows, 2).Mean)).Sum();
        Assert.Equal(expected, Cosine(mean), 1e-5);
    }

    [Fact]
    public void Export_Twice_GivesTheSameBytes()
    {
        EnsembleMember[] members = [Member(1, 5, 1.0), Member(2, 5, 1.0)];

        OnnxExporter.Export(_folder["a"], members, Options(members[0].Recipe));
        OnnxExporter.Export(_folder["b"], members, Options(members[0].Recipe));

        Assert.All(Directory.GetFiles(_folder["a"]), file =>
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(_folder["b"], Path.GetFileName(file)))));
    }

    [Fact]
    public void Export_FrontEndsDiffer_IsRefused()
    {
        EnsembleMember other = Member(2, 5, 1.0);
        other = other with { Recipe = other.Recipe with { Name = "other", Face = other.Recipe.Face with { Width = 8 } } };

        Exception e = Assert.Throws<ArgumentException>(() =>
            OnnxExporter.Export(_folder["model"], [Member(1, 5, 1.0), other], Options(other.Recipe)));

        Assert.StartsWith("'other' takes other features than 'test';", e.Message, StringComparison.Ordinal);
        Assert.False(Path.Exists(_folder["model"]));
    }

    [Fact]
    public void Export_OneMemberOrAWeightOfZero_IsRefused()
    {
        EnsembleMember member = Member(1, 5, 1.0);

        Assert.Equal(
            "An ensemble of 1 model; it needs at least two.",
            Assert.Throws<ArgumentException>(() => OnnxExporter.Export(_folder["m"], [member], Options(member.Recipe))).Message);
        Assert.Equal(
            "A member's weight is 0; must be > 0.",
            Assert.Throws<ArgumentException>(() =>
                OnnxExporter.Export(_folder["m"], [member, member with { Weight = 0 }], Options(member.Recipe))).Message);
    }

    private static double Cosine(float[] rows)
    {
        float[] a = rows[..(rows.Length / 2)], b = rows[(rows.Length / 2)..];
        double Dot(float[] x, float[] y) => x.Zip(y, (p, q) => (double)p * q).Sum();
        return Dot(a, b) / Math.Sqrt(Dot(a, a) * Dot(b, b));
    }

    private static EnsembleMember Member(long seed, int latent, double weight)
    {
        MultimodalVaeWeights weights = RandomModel.Make(seed, latent: latent);
        var recipe = new Recipe
        {
            Name = "test",
            Model = new ModelOptions { LatentDimension = latent },
            Training = new TrainingOptions { Seed = seed },
            Statistics = new RecipeStatistics(weights.Voice.Statistics, weights.Face.Statistics),
        };
        return new EnsembleMember(recipe, weights, new PlainModel(weights), weight);
    }

    private static OnnxExportOptions Options(Recipe recipe) => new() { Recipe = recipe, Data = new ModelCardData("nothing", 3, 6, null) };
}

using CrossModalVae.Faces;
using CrossModalVae.Models;
using CrossModalVae.Numerics;
using CrossModalVae.Recipes;
using CrossModalVae.Towers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CrossModalVae.Training.Tests;

public class MixedPrecisionTests
{
    private const double Bfloat16Step = 1.0 / 128; // 8 bits of precision

    public static TheoryData<TowerKind> Kinds => [TowerKind.Cnn, TowerKind.ResnetSe34Light, TowerKind.VggM];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Encode_Bfloat16_IsCloseAndItsGradientsAreFloat32(TowerKind kind)
    {
        using var scope = NewDisposeScope();
        (float[] mean, float[] gradient) = Step(kind, TrainingPrecision.Float32);
        (float[] closeMean, float[] closeGradient) = Step(kind, TrainingPrecision.Bfloat16);

        Assert.InRange(Distance(mean, closeMean), Bfloat16Step / 1000, 8 * Bfloat16Step); // not the same: it is used
        Assert.InRange(Distance(gradient, closeGradient), Bfloat16Step / 1000, 0.6); // deep towers add the roundings up
    }

    [Fact]
    public void Run_Bfloat16_LearnsAndValidatesInFloat32()
    {
        Recipe recipe = Synthetic.Recipe(epochs: 4);
        recipe = recipe with { Training = recipe.Training with { Precision = TrainingPrecision.Bfloat16 } };
        using var folder = new TemporaryFolder();

        TrainingResult result = new Trainer(recipe).Run(
            Synthetic.Table(40, 3), Synthetic.Table(20, 3, prefix: "v"), folder["run"]);

        Assert.True(result.Log[^1].Train.TotalLoss < result.Log[0].Train.TotalLoss);
        Assert.True(result.Log[^1].ValidationAuc > 0.6);
    }

    private static (float[] Mean, float[] Gradient) Step(TowerKind kind, TrainingPrecision precision)
    {
        const int Rows = 8, Side = 64;
        var recipe = new Recipe
        {
            Name = "faces",
            Face = new FaceOptions { Width = Side, Height = Side, Colour = FaceColour.Rgb },
            Model = new ModelOptions
            {
                LatentDimension = 4,
                VoiceHidden = [4],
                FaceHidden = [16],
                FaceTower = new TowerOptions { Kind = kind, Channels = kind == TowerKind.VggM ? [8, 8, 8, 8, 8, 8] : [8, 8, 8, 8] },
            },
            Objective = new ObjectiveOptions { Bound = BoundKind.None, Alignment = AlignmentKind.None, ContrastWeight = 1 },
        };
        EncoderInput face = EncoderInput.Of(recipe, Modality.Face, 3 * Side * Side);
        var objective = new ObjectiveOptions { Bound = BoundKind.None };
        using var model = new MultimodalVae(recipe.Model, EncoderInput.Flat(Modality.Voice, 3), face, seed: 1, objective);
        SeededRandom random = SeededRandom.For(1, "faces");
        float[] values = [.. Enumerable.Range(0, Rows * face.ExampleLength).Select(_ => (float)random.NextGaussian())];

        Tensor mean = model.Encode(
            Modality.Face, tensor(values, [Rows, .. face.ExampleShape]), TrainingNoise.ForEpoch(1, 1, CPU, precision)).Mean; // [8, 4]
        (mean * mean).sum().backward();
        Parameter weight = model.Weights.First(entry => entry.Name.StartsWith("face.tower", StringComparison.Ordinal)).Value;

        Assert.Equal(ScalarType.Float32, mean.dtype);
        Assert.Equal(ScalarType.Float32, weight.grad!.dtype);
        return (mean.ToFloats(), weight.grad.ToFloats());
    }

    // Of the difference to the values.
    private static double Distance(float[] expected, float[] found) =>
        Math.Sqrt(expected.Zip(found).Sum(pair => Math.Pow(pair.First - pair.Second, 2)) / expected.Sum(value => Math.Pow(value, 2)));
}

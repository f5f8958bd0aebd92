using CrossModalVae.Models;
using CrossModalVae.Recipes;
using static TorchSharp.torch;

namespace CrossModalVae.Training.Tests;

public class MultimodalVaeTests
{
    [Fact]
    public void Weights_ReportsArchitecture_HasTheReportsShapes()
    {
        using var model = new MultimodalVae(new ModelOptions(), 512, 529, seed: 1);

        Dictionary<string, NamedArray> weights = model.ReadWeights();

        Assert.Equal([512L, 512L], weights["voice.hidden.0.weight"].Shape);
        Assert.Equal([257L, 529L], weights["face.hidden.2.weight"].Shape);
        Assert.Equal([100L, 257L], weights["face.log_variance.weight"].Shape);
        Assert.Equal([529L, 100L], weights["decoder.0.weight"].Shape);
        Assert.Equal([1041L, 1041L], weights["output.weight"].Shape);
        Assert.Equal(2 * (3 + 4 + 5 + 2 + 2 + 1), weights.Count);
    }

    [Fact]
    public void Weights_Seed_DecidesThemWithinTheBoundsOfALinearLayer()
    {
        var options = new ModelOptions { LatentDimension = 3, VoiceHidden = [16], FaceHidden = [16], DecoderHidden = [16] };
        using var first = new MultimodalVae(options, 25, 9, seed: 1);
        using var same = new MultimodalVae(options, 25, 9, seed: 1);
        using var other = new MultimodalVae(options, 25, 9, seed: 2);

        float[] weight = first.ReadWeights()["voice.hidden.0.weight"].Values;

        Assert.Equal(weight, same.ReadWeights()["voice.hidden.0.weight"].Values);
        Assert.NotEqual(weight, other.ReadWeights()["voice.hidden.0.weight"].Values);
        Assert.All(weight, w => Assert.InRange(w, -0.2f, 0.2f)); // 1 / sqrt(25)
        Assert.InRange(weight.Max(), 0.18f, 0.2f);
    }

    [Fact]
    public void Encode_Joint_Refused()
    {
        using var scope = NewDisposeScope();
        using var model = new MultimodalVae(
            new ModelOptions { LatentDimension = 2, VoiceHidden = [4], FaceHidden = [4], DecoderHidden = [4] }, 3, 3, seed: 1);

        Assert.Throws<ArgumentOutOfRangeException>(() => model.Encode(Modality.Joint, zeros(1, 3)));
    }

    [Fact]
    public void DropoutMask_ManyDraws_DropsTheShareAndKeepsTheMean()
    {
        using var scope = NewDisposeScope();
        TrainingNoise noise = TrainingNoise.ForEpoch(1, 1, new Device("cpu"));

        float[] mask = noise.DropoutMask(1000, 101, 0.3).data<float>().ToArray();

        const double FiveStandardErrors = 5 * 0.46 / 317.8;
        Assert.InRange(mask.Count(v => v == 0f) / (double)mask.Length, 0.3 - FiveStandardErrors, 0.3 + FiveStandardErrors);
        Assert.All(mask, v => Assert.True(v == 0f || Math.Abs(v - (1 / 0.7)) < 1e-6));
    }
}

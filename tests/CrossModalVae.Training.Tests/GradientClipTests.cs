using CrossModalVae.Numerics;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CrossModalVae.Training.Tests;

public class GradientClipTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(1e6)]
    [InlineData(double.PositiveInfinity)]
    public void Apply_SmallGradients_AsLibtorchToTheBits(double largestNorm)
    {
        using var scope = NewDisposeScope();
        Parameter[] ours = Parameters(), theirs = Parameters();

        double norm = GradientClip.Apply(ours, largestNorm).item<float>();

        Assert.Equal(nn.utils.clip_grad_norm_(theirs.Take(2), largestNorm), norm);
        Assert.All(ours.Zip(theirs).Take(2), pair => Assert.Equal(pair.Second.grad!.ToFloats(), pair.First.grad!.ToFloats()));
        Assert.Null(ours[2].grad);
    }

    [Fact]
    public void Apply_NotANumber_StaysOne()
    {
        using var scope = NewDisposeScope();
        Parameter[] parameters = Parameters();
        parameters[0].grad!.fill_(float.NaN);

        Assert.True(float.IsNaN(GradientClip.Apply(parameters, 1).item<float>()));
    }

    // Two with gradients, one without.
    private static Parameter[] Parameters()
    {
        SeededRandom random = SeededRandom.For(1, "gradients");
        Parameter[] parameters = [new(zeros(3, 5)), new(zeros(7)), new(zeros(2))];
        foreach (Parameter parameter in parameters.Take(2))
        {
            float[] values = [.. Enumerable.Range(0, (int)parameter.numel()).Select(_ => (float)random.NextGaussian())];
            parameter.grad = tensor(values, parameter.shape);
        }

        return parameters;
    }
}

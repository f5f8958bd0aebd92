using System.Runtime;
using CrossModalVae.Numerics;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CrossModalVae.Training.Tests;

/// <summary>The optimiser against TorchSharp's Adam, bit by bit.</summary>
public class AdamOptimiserTests
{
    // Less than a vector, enough for two threads, and with a rest that is no multiple of a vector.
    private static readonly long[][] Shapes = [[7], [256, 256], [300, 701], [3, 1]];

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.01)]
    public void Step_ThirtyTimes_GivesTheBitsOfTorchSharpsAdam(double weightDecay)
    {
        Parameter[] own = Weights(), rival = Weights();
        using var optimiser = new AdamOptimiser(own.Select((weight, i) => ($"{i}", weight)), 1e-3, weightDecay);
        using Adam adam = optim.Adam(rival, lr: 1e-3, beta1: 0.9, beta2: 0.999, weight_decay: weightDecay);
        var random = SeededRandom.For(3, "gradients");

        for (int step = 0; step < 30; step++)
        {
            for (int i = 0; i < Shapes.Length; i++)
            {
                float[] gradient = Draw(random, Shapes[i], scale: Math.Pow(10.0, random.NextDouble(-6.0, 1.0)));
                own[i].grad = tensor(gradient, Shapes[i]);
                rival[i].grad = tensor(gradient, Shapes[i]);
            }

            optimiser.Step();
            StepWithoutCollection(adam);

            Assert.All(own.Zip(rival), pair => Assert.Equal(pair.Second.ToFloats(), pair.First.ToFloats()));
        }

        Assert.All(optimiser.States, state => Assert.Equal(30, state.StepCount));
    }

    [Fact]
    public void Step_WeightWithoutGradient_StaysAsItIs()
    {
        Parameter[] weights = Weights();
        using var optimiser = new AdamOptimiser(weights.Select((weight, i) => ($"{i}", weight)), 1e-3, 0.0);
        float[][] before = [.. weights.Select(weight => weight.ToFloats())];
        weights[0].grad = ones(Shapes[0]);
        weights[1].grad = ones(Shapes[1]);

        optimiser.Step();
        weights[0].grad = null;
        float[] first = weights[0].ToFloats();
        optimiser.Step();

        Assert.Equal([1, 2, 0, 0], optimiser.States.Select(state => state.StepCount));
        Assert.NotEqual(before[0], first);
        Assert.Equal(first, weights[0].ToFloats()); // its moments are not 0, but no gradient says where to go
        Assert.Equal(before[2], weights[2].ToFloats());
        Assert.All(optimiser.States[2].FirstMoment.ToFloats(), moment => Assert.Equal(0f, moment));
    }

    // TorchSharp's own arithmetic makes temporary Scalars; a collection in the middle of a step frees them under libtorch's feet.
    private static void StepWithoutCollection(Adam adam)
    {
        bool isHeld = GC.TryStartNoGCRegion(64L << 20);
        try
        {
            adam.step();
        }
        finally
        {
            if (isHeld && GCSettings.LatencyMode == GCLatencyMode.NoGCRegion) GC.EndNoGCRegion();
        }
    }

    private static Parameter[] Weights()
    {
        var random = SeededRandom.For(3, "weights");
        return [.. Shapes.Select(shape => nn.Parameter(tensor(Draw(random, shape, 1.0), shape)))];
    }

    private static float[] Draw(SeededRandom random, long[] shape, double scale)
    {
        var values = new float[shape.Aggregate(1L, (product, size) => product * size)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)(scale * random.NextGaussian());
        }

        return values;
    }
}

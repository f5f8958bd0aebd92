using CrossModalVae.Numerics;
using static TorchSharp.torch;

namespace CrossModalVae.Training.Tests;

/// <summary>Compares automatic gradients with central differences, in double precision.</summary>
internal static class GradientCheck
{
    private const double Step = 1e-5;

    // Central differences err by Step^2 times the third derivative, and rounding of the loss over Step: about 1e-9
    // here; 1e-6 leaves room for steep softmaxes.
    private const double Tolerance = 1e-6;

    public static void Run(Func<Tensor[], Tensor> loss, params (double[] Values, long[] Shape)[] inputs)
    {
        using var scope = NewDisposeScope();
        Tensor[] parameters = [.. inputs.Select(input => tensor(input.Values, input.Shape, requires_grad: true))];
        loss(parameters).backward();
        for (int p = 0; p < inputs.Length; p++)
        {
            double[] automatic = parameters[p].grad!.data<double>().ToArray();
            Assert.Contains(automatic, g => Math.Abs(g) > 100 * Tolerance);
            for (int i = 0; i < automatic.Length; i++)
            {
                double numeric = (At(p, i, Step) - At(p, i, -Step)) / (2 * Step);
                Assert.InRange(automatic[i], numeric - Tolerance, numeric + Tolerance);
            }
        }

        double At(int parameter, int index, double change)
        {
            using var inner = NewDisposeScope();
            Tensor[] moved =
            [
                .. inputs.Select((input, p) =>
                {
                    double[] values = [.. input.Values];
                    if (p == parameter)
                    {
                        values[index] += change;
                    }

                    return tensor(values, input.Shape);
                }),
            ];
            return loss(moved).item<double>();
        }
    }

    public static (double[] Values, long[] Shape) Random(string name, params long[] shape)
    {
        SeededRandom random = SeededRandom.For(11, name);
        return ([.. Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(_ => random.NextGaussian())], shape);
    }
}

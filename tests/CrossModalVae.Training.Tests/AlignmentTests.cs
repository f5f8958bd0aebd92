using CrossModalVae.Numerics;
using static TorchSharp.torch;

namespace CrossModalVae.Training.Tests;

public class AlignmentTests
{
    private const double Rounding = 1e-12;

    [Fact]
    public void GaussianWasserstein_WorkedByHand_SumsMeansAndDeviations()
    {
        using var scope = NewDisposeScope();
        var voice = new GaussianPosterior(
            tensor(new[] { 1.0, 2.0, 0.0, 0.0 }, [2, 2]), tensor(new[] { Math.Log(9.0), 0.0, 0.0, 0.0 }, [2, 2]));
        var face = new GaussianPosterior(
            tensor(new[] { -1.0, 2.0, 0.0, 1.0 }, [2, 2]), tensor(new[] { Math.Log(4.0), 0.0, 0.0, 0.0 }, [2, 2]));

        // Row 1: (1 + 1)^2 + (3 - 2)^2 = 5; row 2: 1.
        Assert.Equal(3.0, Alignment.GaussianWasserstein(voice, face).item<double>(), Rounding);
    }

    [Fact]
    public void GaussianWasserstein_OneDimension_EqualsTheQuantileDefinition()
    {
        using var scope = NewDisposeScope();
        var voice = new GaussianPosterior(tensor(new[] { 0.4 }, [1, 1]), tensor(new[] { -0.6 }, [1, 1]));
        var face = new GaussianPosterior(tensor(new[] { -0.3 }, [1, 1]), tensor(new[] { 0.8 }, [1, 1]));

        // W2^2 of sorted samples drawn at the same quantiles, which is the definition in one dimension.
        var random = new SeededRandom(3);
        const int Draws = 100_000;
        double sum = 0;
        for (int n = 0; n < Draws; n++)
        {
            double quantile = random.NextGaussian();
            double difference = 0.4 + (Math.Exp(-0.3) * quantile) - (-0.3 + (Math.Exp(0.4) * quantile));
            sum += difference * difference;
        }

        const double MonteCarlo = 0.02; // five standard errors of 100,000 draws
        Assert.InRange(Alignment.GaussianWasserstein(voice, face).item<double>(), (sum / Draws) - MonteCarlo, (sum / Draws) + MonteCarlo);
    }

    [Fact]
    public void GaussianWasserstein_EqualPosteriors_IsZeroAndSymmetric()
    {
        using var scope = NewDisposeScope();
        (double[] mu, long[] shape) = GradientCheck.Random("mu", 2, 3);
        (double[] logVar, _) = GradientCheck.Random("logVar", 2, 3);
        var a = new GaussianPosterior(tensor(mu, shape), tensor(logVar, shape));
        var b = new GaussianPosterior(tensor(logVar, shape), tensor(mu, shape));

        Assert.Equal(0.0, Alignment.GaussianWasserstein(a, a).item<double>(), Rounding);
        Assert.Equal(Alignment.GaussianWasserstein(a, b).item<double>(), Alignment.GaussianWasserstein(b, a).item<double>(), Rounding);
    }

    [Fact]
    public void SampleL2_WorkedByHand_SumsDimensionsAndAveragesPairs()
    {
        using var scope = NewDisposeScope();

        double value = Alignment.SampleL2(tensor(new[] { 1.0, 2.0, 3.0, 4.0 }, [2, 2]), tensor(new[] { 0.0, 0.0, 3.0, 1.0 }, [2, 2]))
            .item<double>();

        Assert.Equal((5.0 + 9.0) / 2, value, Rounding);
    }

    [Fact]
    public void GaussianWasserstein_Gradient_EqualsNumericOne()
    {
        GradientCheck.Run(
            p => Alignment.GaussianWasserstein(new GaussianPosterior(p[0], p[1]), new GaussianPosterior(p[2], p[3])),
            GradientCheck.Random("a", 3, 2),
            GradientCheck.Random("b", 3, 2),
            GradientCheck.Random("c", 3, 2),
            GradientCheck.Random("d", 3, 2));
    }

    [Fact]
    public void SampleL2_Gradient_EqualsNumericOne()
    {
        GradientCheck.Run(p => Alignment.SampleL2(p[0], p[1]), GradientCheck.Random("a", 3, 2), GradientCheck.Random("b", 3, 2));
    }
}

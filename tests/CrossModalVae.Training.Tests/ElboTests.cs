using CrossModalVae.Numerics;
using static TorchSharp.torch;

namespace CrossModalVae.Training.Tests;

public class ElboTests
{
    // float64 arithmetic on numbers of size 1.
    private const double Rounding = 1e-12;

    [Fact]
    public void KullbackLeibler_StandardNormal_IsZero()
    {
        using var scope = NewDisposeScope();
        var q = new GaussianPosterior(tensor(new double[6], [2, 3]), tensor(new double[6], [2, 3]));

        Assert.Equal(0.0, Elbo.KullbackLeibler(q).item<double>(), Rounding);
    }

    [Fact]
    public void KullbackLeibler_WorkedByHand_SumsDimensionsAndAveragesClips()
    {
        using var scope = NewDisposeScope();
        var q = new GaussianPosterior(tensor(new[] { 1.0, 0.0, 3.0, 0.0 }, [2, 2]), tensor(new[] { 0.0, Math.Log(4.0), 0.0, 0.0 }, [2, 2]));

        double first = 0.5 + (0.5 * (4.0 - Math.Log(4.0) - 1.0));
        const double Second = 4.5;
        Assert.Equal((first + Second) / 2, Elbo.KullbackLeibler(q).item<double>(), Rounding);
    }

    [Fact]
    public void KullbackLeibler_AgainstMonteCarlo_Agrees()
    {
        using var scope = NewDisposeScope();
        double[] mu = [0.7, -1.2, 0.0];
        double[] logVar = [-0.5, 0.3, -2.0];
        var q = new GaussianPosterior(tensor(mu, [1, 3]), tensor(logVar, [1, 3]));
        var random = new SeededRandom(5);
        const int Draws = 200_000;
        double sum = 0;
        double squares = 0;

        for (int n = 0; n < Draws; n++)
        {
            // log q(z) - log p(z) at z ~ q; constants cancel.
            double ratio = 0;
            for (int d = 0; d < mu.Length; d++)
            {
                double noise = random.NextGaussian();
                double z = mu[d] + (Math.Exp(0.5 * logVar[d]) * noise);
                ratio += (-0.5 * logVar[d]) - (0.5 * noise * noise) + (0.5 * z * z);
            }

            sum += ratio;
            squares += ratio * ratio;
        }

        double mean = sum / Draws;
        double fiveStandardErrors = 5 * Math.Sqrt(((squares / Draws) - (mean * mean)) / Draws);
        Assert.InRange(Elbo.KullbackLeibler(q).item<double>(), mean - fiveStandardErrors, mean + fiveStandardErrors);
    }

    [Fact]
    public void KullbackLeibler_Gradient_EqualsNumericOne()
    {
        GradientCheck.Run(
            p => Elbo.KullbackLeibler(new GaussianPosterior(p[0], p[1])),
            GradientCheck.Random("mu", 3, 4),
            GradientCheck.Random("logVar", 3, 4));
    }

    [Fact]
    public void KullbackLeibler_FreeBits_CountsEveryDimensionAtLeastThose()
    {
        using var scope = NewDisposeScope();
        var q = new GaussianPosterior(tensor(new[] { 1.0, 0.1, 3.0, 0.1 }, [2, 2]), tensor(new double[4], [2, 2]));

        // Means over clips: 2.5 of the first dimension, 0.005 of the second.
        Assert.Equal(2.5 + 0.3, Elbo.KullbackLeibler(q, 0.3).item<double>(), Rounding);
        Assert.Equal(Elbo.KullbackLeibler(q).item<double>(), Elbo.KullbackLeibler(q, 0.0).item<double>());
    }

    [Fact]
    public void Sample_KnownNoise_IsMeanPlusDeviationTimesNoise()
    {
        using var scope = NewDisposeScope();
        var q = new GaussianPosterior(tensor(new[] { 1.0, 2.0 }, [1, 2]), tensor(new[] { Math.Log(9.0), 0.0 }, [1, 2]));

        double[] z = q.Sample(tensor(new[] { 2.0, -1.0 }, [1, 2])).data<double>().ToArray();

        Assert.Equal(7.0, z[0], Rounding);
        Assert.Equal(1.0, z[1], Rounding);
    }

    [Fact]
    public void Sample_Gradient_ReachesMeanAndLogVariance()
    {
        (double[] noise, long[] shape) = GradientCheck.Random("noise", 2, 3);

        GradientCheck.Run(
            p => new GaussianPosterior(p[0], p[1]).Sample(tensor(noise, shape)).pow(2).sum(),
            GradientCheck.Random("mu", 2, 3),
            GradientCheck.Random("logVar", 2, 3));
    }
}

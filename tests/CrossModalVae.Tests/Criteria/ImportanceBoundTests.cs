using CrossModalVae.Criteria;
using CrossModalVae.Numerics;
using CrossModalVae.Recipes;
using MathNet.Numerics.LinearAlgebra;

namespace CrossModalVae.Tests.Criteria;

/// <summary>A linear decoder, whose log p(x) = log N(x; 0, W W' + sigma^2 I) and posterior are known.</summary>
public class ImportanceBoundTests
{
    private const int D = 3, Ff = 4, Fv = 5;
    private const double FaceVariance = 0.3, VoiceVariance = 0.7;

    private static readonly Matrix<double> W = Weights(); // [Ff + Fv, D]
    private static readonly double[] X = [0.4, -1, 0.2, 1.1, 0.3, -0.6, 0.8, -0.1, 1.4];

    private static ImportanceBound Bound => new(
        (z, count) =>
        {
            float[] faces = new float[count * Ff], voices = new float[count * Fv];
            for (int k = 0; k < count; k++)
            {
                Vector<double> x = W * Vector<double>.Build.Dense(D, d => z[(k * D) + d]);
                for (int f = 0; f < Ff + Fv; f++)
                {
                    (f < Ff ? faces : voices)[f < Ff ? (k * Ff) + f : (k * Fv) + f - Ff] = (float)x[f];
                }
            }

            return (faces, voices);
        },
        FaceVariance,
        VoiceVariance);

    [Fact]
    public void Estimate_ManyPoints_TendsToTheMarginalLikelihoods()
    {
        (double both, double face, double voice) = Estimate(Broad(), 400_000, 1);

        Assert.Equal(Exact(0, Ff + Fv), both, 0.02);
        Assert.Equal(Exact(0, Ff), face, 0.02);
        Assert.Equal(Exact(Ff, Fv), voice, 0.02);
    }

    [Fact]
    public void Estimate_FewPoints_LiesBelowInTheMeanAndRisesWithThem()
    {
        double exact = Exact(0, Ff + Fv);
        double[] one = [.. Enumerable.Range(0, 400).Select(seed => Estimate(Broad(), 1, seed).Both)];
        double[] ten = [.. Enumerable.Range(0, 400).Select(seed => Estimate(Broad(), 10, seed).Both)];

        double error = Math.Sqrt(ten.Average(value => Math.Pow(value - ten.Average(), 2)) / ten.Length);
        Assert.True(ten.Average() < exact - (3 * error), $"{ten.Average()} against {exact}");
        Assert.True(one.Average() < ten.Average());
    }

    [Fact]
    public void Estimate_AtTheTruePosterior_HasNoVariance()
    {
        // One latent dimension, so that the posterior's covariance is diagonal.
        var bound = new ImportanceBound((z, count) => ([.. z], [.. z.Select(value => 2 * value)]), 1, 1); // x_f = z, x_v = 2 z
        const double Precision = 1 + 1 + 4;
        float[] mean = [(float)((0.5 + (2 * 1.5)) / Precision)], logVariance = [(float)-Math.Log(Precision)];
        Matrix<double> covariance = Matrix<double>.Build.DenseOfArray(new double[,] { { 2, 2 }, { 2, 5 } });
        double exact = Normal(Vector<double>.Build.Dense([0.5, 1.5]), covariance);

        foreach (int samples in new[] { 1, 7 })
        {
            var posterior = new Proposal([(mean, logVariance)]);
            Assert.Equal(exact, bound.Estimate([0.5f], [1.5f], posterior, samples, new SeededRandom(5)).Both, 1e-4);
        }
    }

    [Fact]
    public void Estimate_MixtureProposal_TendsToTheSame()
    {
        var mixture = new Proposal([([0.5f, 0, 0], [0.5f, 0.5f, 0.5f]), ([-0.5f, 0, 0.3f], [1, 0.3f, 0.6f])]);

        Assert.Equal(Exact(0, Ff + Fv), Estimate(mixture, 400_000, 2).Both, 0.02);
    }

    /// <summary>
    /// Private parts are drawn from the prior: the bound is of the same likelihood, whatever is known of the shared part.
    /// </summary>
    [Fact]
    public void Estimate_PrivatePartsFromThePrior_TendsToTheSame()
    {
        Proposal q = Proposal.Of([([0.3f], [0.2f])], privateDimensions: D - 1, PosteriorKind.Gaussian);

        Assert.Equal(D, q.Draw(1, new SeededRandom(1)).Length);
        Assert.Equal(Exact(0, Ff + Fv), Estimate(q, 400_000, 3).Both, 0.02);
    }

    /// <summary>One dimension, x = z + noise under a Laplace prior, whose integral is summed on a grid.</summary>
    [Fact]
    public void Estimate_Laplace_TendsToTheMarginalLikelihood()
    {
        var bound = new ImportanceBound((z, _) => (z, z), FaceVariance, VoiceVariance);
        var q = new Proposal([([0.4f], [-0.3f])], PosteriorKind.Laplace);
        const double X = 1.1, Step = 1e-3, Scale = 0.70710678118654752; // of the prior
        double integral = 0;
        for (double z = -20; z < 20; z += Step)
        {
            integral += Step * Math.Exp(-Math.Abs(z) / Scale) / (2 * Scale)
                * Math.Exp(-0.5 * (X - z) * (X - z) / FaceVariance) / Math.Sqrt(2 * Math.PI * FaceVariance);
        }

        (_, double face, _) = bound.Estimate([(float)X], [0f], q, 400_000, new SeededRandom(2));

        Assert.Equal(Math.Log(integral), face, 0.01);
        float[] draws = q.Draw(100_000, new SeededRandom(4));
        Assert.Equal(Math.Exp(-0.3), draws.Average(z => (z - 0.4) * (z - 0.4)), 0.03);
    }

    [Fact]
    public void Product_OfTwoGaussians_HasTheSumOfPrecisions()
    {
        (float[] Mean, float[] LogVariance) one = ([1], [0]), other = ([4], [(float)Math.Log(0.5)]);

        (float[] mean, float[] logVariance) = Proposal.Product(one, other, prior: false);
        (float[] held, float[] heldLog) = Proposal.Product(one, other, prior: true);

        Assert.Equal((3, -Math.Log(3)), (mean[0], Math.Round(logVariance[0], 6) == Math.Round(-Math.Log(3), 6) ? -Math.Log(3) : 0));
        Assert.Equal(2.25f, held[0], 1e-6f);
        Assert.Equal(-Math.Log(4), heldLog[0], 1e-6);
    }

    private static (double Both, double Face, double Voice) Estimate(Proposal q, int samples, long seed) => Bound.Estimate(
        [.. X.Take(Ff).Select(x => (float)x)], [.. X.Skip(Ff).Select(x => (float)x)], q, samples, new SeededRandom(seed));

    private static Proposal Broad() => new([(new float[D], new float[D])]); // the prior

    private static double Exact(int first, int count)
    {
        Matrix<double> w = W.SubMatrix(first, count, 0, D);
        Matrix<double> covariance = (w * w.Transpose())
            + Matrix<double>.Build.DenseDiagonal(count, count, f => first + f < Ff ? FaceVariance : VoiceVariance);
        return Normal(Vector<double>.Build.Dense(X).SubVector(first, count), covariance);
    }

    private static double Normal(Vector<double> x, Matrix<double> covariance) =>
        -0.5 * ((x.Count * Math.Log(2 * Math.PI)) + Math.Log(covariance.Determinant()) + x.DotProduct(covariance.Solve(x)));

    private static Matrix<double> Weights()
    {
        var random = new SeededRandom(8);
        return Matrix<double>.Build.Dense(Ff + Fv, D, (_, _) => 0.6 * random.NextGaussian());
    }
}

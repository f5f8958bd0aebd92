using CrossModalVae.Recipes;

namespace CrossModalVae.Models;

/// <summary>Points of the latent space to decode: draws of a posterior or of the prior, and ways from one point to another.</summary>
public static class LatentPath
{
    private const double SmallestAngle = 1e-6; // below it both ways are the same

    /// <summary>
    /// z = mu + t sigma e, e from N(0, I), or of independent Laplace distributions of variance 1; t = 0 is the mean, t = 1 the posterior
    /// (or, of mean 0 and deviation 1, the prior).
    /// </summary>
    /// <param name="mean">mu, [D].</param>
    /// <param name="standardDeviation">sigma, [D].</param>
    /// <param name="temperature">t, at least 0.</param>
    /// <param name="random">Draws e.</param>
    /// <param name="kind">The family. Default Gaussian.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the temperature is negative.</exception>
    public static float[] Draw(
        ReadOnlySpan<float> mean,
        ReadOnlySpan<float> standardDeviation,
        double temperature,
        SeededRandom random,
        PosteriorKind kind = PosteriorKind.Gaussian)
    {
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfNegative(temperature);
        RequireLength(mean.Length, standardDeviation.Length);
        var z = new float[mean.Length];
        for (int d = 0; d < z.Length; d++)
        {
            double e = kind == PosteriorKind.Laplace ? random.NextLaplace() : random.NextGaussian();
            z[d] = (float)(mean[d] + (temperature * standardDeviation[d] * e));
        }

        return z;
    }

    /// <summary>Points of the shared part of a latent space with their private parts at the prior's mean, 0.</summary>
    /// <param name="points">[N, D] row-major.</param>
    /// <param name="count">N.</param>
    /// <param name="dimension">Numbers of a point that is decoded, at least D.</param>
    /// <returns>[N, dimension]; the points themselves where they have no private parts.</returns>
    internal static float[] WithPrivateMeans(float[] points, int count, int dimension)
    {
        int d = points.Length / Math.Max(count, 1);
        if (d == dimension)
        {
            return points;
        }

        var all = new float[count * dimension];
        for (int row = 0; row < count; row++)
        {
            points.AsSpan(row * d, d).CopyTo(all.AsSpan(row * dimension));
        }

        return all;
    }

    /// <summary>(1 - s) a + s b.</summary>
    /// <param name="a">Where the way starts, [D].</param>
    /// <param name="b">Where it ends, [D].</param>
    /// <param name="share">s, 0 at a, 1 at b.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static float[] Linear(ReadOnlySpan<float> a, ReadOnlySpan<float> b, double share) => Weighted(a, b, 1 - share, share);

    /// <summary>
    /// Along the great circle: sin((1 - s) w) / sin(w) a + sin(s w) / sin(w) b, with w the angle between a and b (Shoemake 1985; for latent
    /// spaces White 2016, arXiv 1609.04468), which keeps the length that draws of N(0, I) have. Where a or b is 0, or they point the same
    /// or the opposite way, it is the straight way.
    /// </summary>
    /// <param name="a">Where the way starts, [D].</param>
    /// <param name="b">Where it ends, [D].</param>
    /// <param name="share">s, 0 at a, 1 at b.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static float[] Spherical(ReadOnlySpan<float> a, ReadOnlySpan<float> b, double share)
    {
        RequireLength(a.Length, b.Length);
        double dot = 0, squaresA = 0, squaresB = 0;
        for (int d = 0; d < a.Length; d++)
        {
            dot += (double)a[d] * b[d];
            squaresA += (double)a[d] * a[d];
            squaresB += (double)b[d] * b[d];
        }

        double angle = squaresA > 0 && squaresB > 0 ? Math.Acos(Math.Clamp(dot / Math.Sqrt(squaresA * squaresB), -1, 1)) : 0;
        double sine = Math.Sin(angle);
        return sine < SmallestAngle
            ? Linear(a, b, share)
            : Weighted(a, b, Math.Sin((1 - share) * angle) / sine, Math.Sin(share * angle) / sine);
    }

    private static float[] Weighted(ReadOnlySpan<float> a, ReadOnlySpan<float> b, double ofA, double ofB)
    {
        RequireLength(a.Length, b.Length);
        var z = new float[a.Length];
        for (int d = 0; d < z.Length; d++)
        {
            z[d] = (float)((ofA * a[d]) + (ofB * b[d]));
        }

        return z;
    }

    private static void RequireLength(int one, int other)
    {
        if (one != other)
        {
            throw new ArgumentException($"One vector has {one} numbers, the other {other}; must have as many.");
        }
    }
}

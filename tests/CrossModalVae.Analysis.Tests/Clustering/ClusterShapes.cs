using CrossModalVae.Numerics;

namespace CrossModalVae.Analysis.Tests.Clustering;

/// <summary>Points that the clustering tests share, and their distances by definition in double precision.</summary>
internal static class ClusterShapes
{
    /// <summary>Five Gaussian groups of standard deviation 1 whose centres have the spread. [count, dimension].</summary>
    public static float[] Groups(int seed, int count, int dimension, double spread, double offset)
    {
        var random = new SeededRandom(seed);
        double[] centres = [.. Enumerable.Range(0, 5 * dimension).Select(_ => spread * random.NextGaussian())];
        var values = new float[count * dimension];
        for (int i = 0; i < count; i++)
        {
            int group = random.NextInt32(5);
            for (int d = 0; d < dimension; d++)
            {
                values[(i * dimension) + d] = (float)(centres[(group * dimension) + d] + random.NextGaussian() + offset);
            }
        }

        return values;
    }

    /// <summary>[count, count].</summary>
    public static double[] Distances(float[] values, int count, int dimension, DistanceMetric metric)
    {
        var distances = new double[count * count];
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < count; j++)
            {
                double dot = 0, xx = 0, yy = 0, square = 0;
                for (int d = 0; d < dimension; d++)
                {
                    double x = values[(i * dimension) + d], y = values[(j * dimension) + d];
                    dot += x * y;
                    xx += x * x;
                    yy += y * y;
                    square += (x - y) * (x - y);
                }

                double norms = Math.Sqrt(xx) * Math.Sqrt(yy);
                distances[(i * count) + j] =
                    metric == DistanceMetric.Euclidean ? Math.Sqrt(square) : norms > 0 ? Math.Max(0, 1 - (dot / norms)) : 1;
            }
        }

        return distances;
    }
}

namespace CrossModalVae.Analysis.Tests.Oracles;

/// <summary>t-SNE's repulsion by its definition, in double precision.</summary>
internal static class DirectTsne
{
    /// <summary>F_i = sum_j w_ij^2 (y_i - y_j) and Z = sum_{i != j} w_ij.</summary>
    public static (double[] ForceX, double[] ForceY, double Z) Repulsion(float[] x, float[] y)
    {
        var forceX = new double[x.Length];
        var forceY = new double[x.Length];
        double z = 0;
        for (int i = 0; i < x.Length; i++)
        {
            for (int j = 0; j < x.Length; j++)
            {
                if (i != j)
                {
                    double dx = (double)x[i] - x[j], dy = (double)y[i] - y[j];
                    double w = 1 / (1 + (dx * dx) + (dy * dy));
                    z += w;
                    forceX[i] += w * w * dx;
                    forceY[i] += w * w * dy;
                }
            }
        }

        return (forceX, forceY, z);
    }

    /// <summary>sum_j p_ij w_ij (y_i - y_j) over a dense P, [N, N].</summary>
    public static (double[] ForceX, double[] ForceY) Attraction(double[,] p, float[] x, float[] y)
    {
        var forceX = new double[x.Length];
        var forceY = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            for (int j = 0; j < x.Length; j++)
            {
                double dx = (double)x[i] - x[j], dy = (double)y[i] - y[j];
                double w = 1 / (1 + (dx * dx) + (dy * dy));
                forceX[i] += p[i, j] * w * dx;
                forceY[i] += p[i, j] * w * dy;
            }
        }

        return (forceX, forceY);
    }
}

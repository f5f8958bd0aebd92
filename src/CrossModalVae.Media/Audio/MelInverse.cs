namespace CrossModalVae.Audio;

/// <summary>
/// Non-negative magnitudes or powers x whose mel filters W give y: min ||W x - y||^2 for x >= 0 by multiplicative steps, x times (W'y) /
/// (W'W x), which never raise the error (Lee, Seung 2001), from the filters' own heights between their centres. Bins that no filter reaches
/// become 0.
/// </summary>
internal sealed class MelInverse(MelFilterBank filters, int binCount)
{
    private const int Steps = 100;
    private const double Smallest = 1e-30;

    /// <summary>Inverts frames [frames, filters] of numbers at least 0 to [frames, bins].</summary>
    public float[] Run(ReadOnlySpan<float> mels)
    {
        int frames = mels.Length / filters.Count;
        var bins = new float[frames * binCount]; // [frames, bins]
        double[] x = new double[binCount], pull = new double[binCount], push = new double[binCount];
        double[] fitted = new double[filters.Count], y = new double[filters.Count];
        double[] ones = [.. Enumerable.Repeat(1.0, binCount)], areas = new double[filters.Count], reach = new double[binCount];
        Project(ones, areas);
        Spread([.. Enumerable.Repeat(1.0, filters.Count)], reach);
        for (int frame = 0; frame < frames; frame++)
        {
            for (int m = 0; m < y.Length; m++)
            {
                y[m] = mels[(frame * y.Length) + m];
                fitted[m] = y[m] / areas[m];
            }

            Spread(fitted, x);
            for (int k = 0; k < binCount; k++)
            {
                x[k] /= Math.Max(reach[k], Smallest);
            }

            Spread(y, pull);
            for (int step = 0; step < Steps; step++)
            {
                Project(x, fitted);
                Spread(fitted, push);
                for (int k = 0; k < binCount; k++)
                {
                    x[k] *= pull[k] / Math.Max(push[k], Smallest);
                }
            }

            for (int k = 0; k < binCount; k++)
            {
                bins[(frame * binCount) + k] = (float)x[k];
            }
        }

        return bins;
    }

    // W x
    private void Project(double[] x, double[] mels)
    {
        for (int m = 0; m < filters.Count; m++)
        {
            ReadOnlySpan<double> weights = filters.Weights(m, out int first);
            mels[m] = 0;
            for (int i = 0; i < weights.Length; i++)
            {
                mels[m] += weights[i] * x[first + i];
            }
        }
    }

    // W'y
    private void Spread(double[] mels, double[] bins)
    {
        Array.Clear(bins);
        for (int m = 0; m < filters.Count; m++)
        {
            ReadOnlySpan<double> weights = filters.Weights(m, out int first);
            for (int i = 0; i < weights.Length; i++)
            {
                bins[first + i] += weights[i] * mels[m];
            }
        }
    }
}

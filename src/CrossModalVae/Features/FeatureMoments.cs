using CrossModalVae.Recipes;

namespace CrossModalVae.Features;

/// <summary>Computes <see cref="FeatureStatistics"/> over a table.</summary>
public static class FeatureMoments
{
    // A spread below a millionth of a feature's own size, or below 1e-12, is rounding and not information: the report's literal order
    // leaves values of about 1e-15 where exact arithmetic gives 0.
    private const double RelativeFloor = 1e-6;
    private const double AbsoluteFloor = 1e-12;

    /// <summary>
    /// The statistics of one modality over the clips that have it, in double precision. A feature that is the same in every clip gets
    /// deviation 1, so that it standardises to 0 and no other feature is disturbed.
    /// </summary>
    /// <param name="table">The training split, and nothing else.</param>
    /// <param name="modality">Voice or face.</param>
    /// <param name="constantCount">How many features are the same in every clip.</param>
    /// <exception cref="InvalidDataException">No clip has the modality, a value is not finite, or every
    /// feature is the same in every clip.</exception>
    public static FeatureStatistics ComputeStatistics(this FeatureTable table, Modality modality, out int constantCount)
    {
        ArgumentNullException.ThrowIfNull(table);
        int[] rows = table.RowsWith(modality);
        FeatureGuard.RequireFinite(table, modality);
        if (rows.Length == 0)
        {
            throw new InvalidDataException($"No clip of the training split has a {FeatureGuard.Name(modality)}; at least 2 are needed.");
        }

        (double[] mean, double[] deviation) = Moments(table, modality, rows);
        constantCount = deviation.Count(d => d == 0.0);
        if (constantCount == deviation.Length)
        {
            throw new InvalidDataException(FeatureGuard.ConstantMessage(modality, rows.Length));
        }

        return new FeatureStatistics(
            [.. mean.Select(m => (float)m)],
            [.. deviation.Select(d => d == 0.0 ? 1f : (float)d)],
            rows.Length);
    }

    /// <summary>Means and deviations; a deviation that is rounding only is exactly 0.</summary>
    internal static (double[] Mean, double[] Deviation) Moments(FeatureTable table, Modality modality, int[] rows)
    {
        int length = FeatureGuard.Length(table, modality);
        var mean = new double[length];
        var deviation = new double[length];
        foreach (int row in rows)
        {
            ReadOnlySpan<float> values = FeatureGuard.Row(table, modality, row);
            for (int i = 0; i < length; i++)
            {
                mean[i] += values[i];
            }
        }

        for (int i = 0; i < length; i++)
        {
            mean[i] /= rows.Length;
        }

        foreach (int row in rows)
        {
            ReadOnlySpan<float> values = FeatureGuard.Row(table, modality, row);
            for (int i = 0; i < length; i++)
            {
                double difference = values[i] - mean[i];
                deviation[i] += difference * difference;
            }
        }

        for (int i = 0; i < length; i++)
        {
            double spread = Math.Sqrt(deviation[i] / rows.Length);
            deviation[i] = spread <= AbsoluteFloor || spread <= RelativeFloor * Math.Abs(mean[i]) ? 0.0 : spread;
        }

        return (mean, deviation);
    }
}

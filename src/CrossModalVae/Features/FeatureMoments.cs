using System.Numerics.Tensors;
using CrossModalVae.Recipes;

namespace CrossModalVae.Features;

/// <summary>Computes <see cref="FeatureStatistics"/> over a table.</summary>
internal static class FeatureMoments
{
    // A standard deviation below a millionth of a feature's size, or below 1e-12, is rounding: the report's literal order leaves values of
    // about 1e-15 where exact arithmetic gives 0.
    private const double RelativeFloor = 1e-6;
    private const double AbsoluteFloor = 1e-12;

    /// <summary>
    /// The statistics of one modality over the clips of the training split that have it, in double precision. A feature that is the same in
    /// every clip is counted and gets standard deviation 1, so that it standardises to 0.
    /// </summary>
    /// <exception cref="InvalidDataException">No clip has the modality, a value is not finite, or every feature is the same in every
    /// clip.</exception>
    public static FeatureStatistics ComputeStatistics(this FeatureSource table, Modality modality, out int constantCount) =>
        ComputeStatistics(table, modality, table.Length(modality), 1, out constantCount);

    /// <summary>
    /// The same of features that share statistics, <paramref name="count"/> of them: consecutive blocks of <paramref name="blockLength"/>
    /// numbers have one each, and after the last it begins anew (a voice's bins in every frame; a face's planes in every picture).
    /// </summary>
    public static FeatureStatistics ComputeStatistics(
        this FeatureSource table, Modality modality, int count, int blockLength, out int constantCount)
    {
        int[] rows = table.RowsWith(modality);
        FeatureGuard.RequireFinite(table, modality);
        if (rows.Length == 0)
        {
            throw new InvalidDataException($"No clip of the training split has a {EnumText.Of(modality)}; at least 2 are needed.");
        }

        (double[] mean, double[] deviation) = Pooled(Moments(table, modality, rows), count, blockLength);
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

    // Var = E[Var of a feature] + Var of the features' means: every feature has as many clips.
    private static (double[] Mean, double[] StandardDeviation) Pooled(
        (double[] Mean, double[] StandardDeviation) own, int count, int blockLength)
    {
        int features = own.Mean.Length, share = features / count;
        if (share == 1)
        {
            return own;
        }

        double[] mean = new double[count], variance = new double[count];
        for (int i = 0; i < features; i++)
        {
            mean[i / blockLength % count] += own.Mean[i] / share;
        }

        for (int i = 0; i < features; i++)
        {
            int statistic = i / blockLength % count;
            double distance = own.Mean[i] - mean[statistic];
            variance[statistic] += ((own.StandardDeviation[i] * own.StandardDeviation[i]) + (distance * distance)) / share;
        }

        return (mean, [.. variance.Select(Math.Sqrt)]);
    }

    /// <summary>Means and standard deviations; one that is rounding only is exactly 0.</summary>
    internal static (double[] Mean, double[] StandardDeviation) Moments(FeatureSource table, Modality modality, int[] rows)
    {
        int length = table.Length(modality);
        double[] mean = new double[length], deviation = new double[length], values = new double[length];
        var buffer = new float[length];
        foreach (int row in rows)
        {
            TensorPrimitives.ConvertChecked(table.Row(modality, 0, row, buffer), values);
            TensorPrimitives.Add(mean, values, mean);
        }

        TensorPrimitives.Divide(mean, rows.Length, mean);
        foreach (int row in rows)
        {
            TensorPrimitives.ConvertChecked(table.Row(modality, 0, row, buffer), values);
            TensorPrimitives.Subtract(values, mean, values);
            TensorPrimitives.Multiply(values, values, values);
            TensorPrimitives.Add(deviation, values, deviation);
        }

        for (int i = 0; i < length; i++)
        {
            double spread = Math.Sqrt(deviation[i] / rows.Length);
            deviation[i] = spread <= AbsoluteFloor || spread <= RelativeFloor * Math.Abs(mean[i]) ? 0.0 : spread;
        }

        return (mean, deviation);
    }
}

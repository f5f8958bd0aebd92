using System.Numerics;
using System.Numerics.Tensors;

namespace CrossModalVae.Audio;

/// <summary>Mean and standard deviation over the frames of [frames, bins], summed in double precision, frame after frame.</summary>
internal static class SpectrumPooling
{
    /// <summary>A standard deviation below a millionth of the mean is rounding and not information.</summary>
    public const float RelativeFloor = 1e-6f;

    // Sums stay in registers over so many rows, and the rows in the first cache.
    private const int RowsAtOnce = 16;

    /// <summary>The mean of each bin.</summary>
    public static void Mean(ReadOnlySpan<float> spectrum, Span<double> sums, Span<float> means)
    {
        means.Clear();
        int frames = Sum(spectrum, means, sums, squared: false);
        for (int k = 0; k < means.Length; k++)
        {
            means[k] = (float)(sums[k] / frames);
        }
    }

    /// <summary>The standard deviation of each bin, the sum of squares divided by the frames, or by one less.</summary>
    public static void StandardDeviation(
        ReadOnlySpan<float> spectrum, ReadOnlySpan<float> means, Span<double> sums, Span<float> deviations, bool unbiased = false)
    {
        int frames = Sum(spectrum, means, sums, squared: true);
        for (int k = 0; k < means.Length; k++)
        {
            deviations[k] = (float)Math.Sqrt(sums[k] / (unbiased ? Math.Max(1, frames - 1) : frames));
        }
    }

    /// <summary>Scales each bin to mean 0 and standard deviation 1 over the frames, in place; a bin that does not vary becomes 0.</summary>
    public static void Normalise(Span<float> spectrum, ReadOnlySpan<float> means, Span<float> deviations)
    {
        for (int k = 0; k < means.Length; k++)
        {
            if (deviations[k] <= RelativeFloor * Math.Abs(means[k]))
            {
                deviations[k] = float.PositiveInfinity; // (x - mean) / infinity is 0
            }
        }

        for (; !spectrum.IsEmpty; spectrum = spectrum[means.Length..])
        {
            Span<float> row = spectrum[..means.Length];
            TensorPrimitives.Subtract(row, means, row);
            TensorPrimitives.Divide(row, deviations, row);
        }
    }

    // Sums of x - center or its square, by bin; returns the number of frames.
    private static int Sum(ReadOnlySpan<float> spectrum, ReadOnlySpan<float> centers, Span<double> sums, bool squared)
    {
        int bins = centers.Length;
        sums[..bins].Clear();
        for (int start = 0; start < spectrum.Length; start += RowsAtOnce * bins)
        {
            ReadOnlySpan<float> rows = spectrum.Slice(start, Math.Min(RowsAtOnce * bins, spectrum.Length - start));
            int k = 0;
            for (; k <= bins - Vector<float>.Count; k += Vector<float>.Count)
            {
                var center = new Vector<float>(centers[k..]);
                var low = new Vector<double>(sums[k..]);
                var high = new Vector<double>(sums[(k + Vector<double>.Count)..]);
                for (int at = k; at < rows.Length; at += bins)
                {
                    Vector.Widen(new Vector<float>(rows[at..]) - center, out Vector<double> a, out Vector<double> b);
                    low += squared ? a * a : a;
                    high += squared ? b * b : b;
                }

                low.CopyTo(sums[k..]);
                high.CopyTo(sums[(k + Vector<double>.Count)..]);
            }

            for (; k < bins; k++)
            {
                for (int at = k; at < rows.Length; at += bins)
                {
                    double difference = rows[at] - centers[k];
                    sums[k] += squared ? difference * difference : difference;
                }
            }
        }

        return spectrum.Length / bins;
    }
}

using System.Numerics;

namespace CrossModalVae.Audio;

/// <summary>Mean and deviation over the frames of [frames, bins], summed in double precision, frame after frame.</summary>
internal static class SpectrumPooling
{
    // A spread below a millionth of a bin's own size is rounding and not information.
    private const float RelativeFloor = 1e-6f;

    /// <summary>The mean of each bin.</summary>
    public static void Mean(ReadOnlySpan<float> spectrum, Span<double> sums, Span<float> means)
    {
        int bins = means.Length;
        int frames = spectrum.Length / bins;
        sums = sums[..bins];
        sums.Clear();
        for (int frame = 0; frame < frames; frame++)
        {
            ReadOnlySpan<float> row = spectrum.Slice(frame * bins, bins);
            int k = 0;
            for (; k <= bins - Vector<float>.Count; k += Vector<float>.Count)
            {
                Vector.Widen(new Vector<float>(row[k..]), out Vector<double> low, out Vector<double> high);
                Add(sums[k..], low, high);
            }

            for (; k < bins; k++)
            {
                sums[k] += row[k];
            }
        }

        Finish(sums, frames, means, root: false);
    }

    /// <summary>The standard deviation of each bin around its mean, the sum of squares divided by the frames, or by one less.</summary>
    public static void Deviation(
        ReadOnlySpan<float> spectrum, ReadOnlySpan<float> means, Span<double> sums, Span<float> deviations, bool unbiased = false)
    {
        int bins = means.Length;
        int frames = spectrum.Length / bins;
        sums = sums[..bins];
        sums.Clear();
        for (int frame = 0; frame < frames; frame++)
        {
            ReadOnlySpan<float> row = spectrum.Slice(frame * bins, bins);
            int k = 0;
            for (; k <= bins - Vector<float>.Count; k += Vector<float>.Count)
            {
                Vector.Widen(new Vector<float>(row[k..]) - new Vector<float>(means[k..]), out Vector<double> low, out Vector<double> high);
                Add(sums[k..], low * low, high * high);
            }

            for (; k < bins; k++)
            {
                float difference = row[k] - means[k];
                sums[k] += (double)difference * difference;
            }
        }

        Finish(sums, unbiased ? Math.Max(1, frames - 1) : frames, deviations, root: true);
    }

    /// <summary>Brings each bin to mean 0 and deviation 1 over the frames, in place; a bin that does not vary becomes 0.</summary>
    public static void Normalise(Span<float> spectrum, ReadOnlySpan<float> means, Span<float> deviations)
    {
        int bins = means.Length;
        for (int k = 0; k < bins; k++)
        {
            if (deviations[k] <= RelativeFloor * Math.Abs(means[k]))
            {
                deviations[k] = float.PositiveInfinity; // (x - mean) / infinity is 0
            }
        }

        for (int start = 0; start < spectrum.Length; start += bins)
        {
            Span<float> row = spectrum.Slice(start, bins);
            int k = 0;
            for (; k <= bins - Vector<float>.Count; k += Vector<float>.Count)
            {
                ((new Vector<float>(row[k..]) - new Vector<float>(means[k..])) / new Vector<float>(deviations[k..])).CopyTo(row[k..]);
            }

            for (; k < bins; k++)
            {
                row[k] = (row[k] - means[k]) / deviations[k];
            }
        }
    }

    private static void Add(Span<double> sums, Vector<double> low, Vector<double> high)
    {
        (new Vector<double>(sums) + low).CopyTo(sums);
        Span<double> rest = sums[Vector<double>.Count..];
        (new Vector<double>(rest) + high).CopyTo(rest);
    }

    private static void Finish(ReadOnlySpan<double> sums, int frames, Span<float> results, bool root)
    {
        for (int k = 0; k < results.Length; k++)
        {
            double mean = sums[k] / frames;
            results[k] = (float)(root ? Math.Sqrt(mean) : mean);
        }
    }
}

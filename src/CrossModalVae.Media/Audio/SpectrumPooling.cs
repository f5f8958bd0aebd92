using System.Numerics;

namespace CrossModalVae.Audio;

/// <summary>Mean and deviation over the frames of [frames, bins], summed in double precision, frame after frame.</summary>
internal static class SpectrumPooling
{
    // A spread below a millionth of a bin's own size is rounding and not information.
    private const float RelativeFloor = 1e-6f;

    // Sums stay in registers over so many rows, and the rows in the first cache.
    private const int RowsAtOnce = 16;

    /// <summary>The mean of each bin.</summary>
    public static void Mean(ReadOnlySpan<float> spectrum, Span<double> sums, Span<float> means)
    {
        int bins = means.Length;
        int frames = spectrum.Length / bins;
        sums = sums[..bins];
        sums.Clear();
        for (int frame = 0; frame < frames; frame += RowsAtOnce)
        {
            AddRows(spectrum.Slice(frame * bins, Math.Min(RowsAtOnce, frames - frame) * bins), sums);
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
        for (int frame = 0; frame < frames; frame += RowsAtOnce)
        {
            AddSquares(spectrum.Slice(frame * bins, Math.Min(RowsAtOnce, frames - frame) * bins), means, sums);
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

    private static void AddRows(ReadOnlySpan<float> rows, Span<double> sums)
    {
        int bins = sums.Length;
        int k = 0;
        for (; k <= bins - Vector<float>.Count; k += Vector<float>.Count)
        {
            var low = new Vector<double>(sums[k..]);
            var high = new Vector<double>(sums[(k + Vector<double>.Count)..]);
            for (int at = k; at < rows.Length; at += bins)
            {
                Vector.Widen(new Vector<float>(rows[at..]), out Vector<double> a, out Vector<double> b);
                low += a;
                high += b;
            }

            low.CopyTo(sums[k..]);
            high.CopyTo(sums[(k + Vector<double>.Count)..]);
        }

        for (; k < bins; k++)
        {
            for (int at = k; at < rows.Length; at += bins)
            {
                sums[k] += rows[at];
            }
        }
    }

    private static void AddSquares(ReadOnlySpan<float> rows, ReadOnlySpan<float> means, Span<double> sums)
    {
        int bins = sums.Length;
        int k = 0;
        for (; k <= bins - Vector<float>.Count; k += Vector<float>.Count)
        {
            var mean = new Vector<float>(means[k..]);
            var low = new Vector<double>(sums[k..]);
            var high = new Vector<double>(sums[(k + Vector<double>.Count)..]);
            for (int at = k; at < rows.Length; at += bins)
            {
                Vector.Widen(new Vector<float>(rows[at..]) - mean, out Vector<double> a, out Vector<double> b);
                low += a * a;
                high += b * b;
            }

            low.CopyTo(sums[k..]);
            high.CopyTo(sums[(k + Vector<double>.Count)..]);
        }

        for (; k < bins; k++)
        {
            for (int at = k; at < rows.Length; at += bins)
            {
                float difference = rows[at] - means[k];
                sums[k] += (double)difference * difference;
            }
        }
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

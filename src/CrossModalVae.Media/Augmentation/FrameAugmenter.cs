using System.Numerics.Tensors;

namespace CrossModalVae.Augmentation;

/// <summary>Disturbs a voice's standardised frames by <see cref="FreshVoiceOptions"/>.</summary>
internal static class FrameAugmenter
{
    /// <summary>Changes frames [T, bins] in place; what is done depends on the generator alone.</summary>
    public static void Apply(Span<float> frames, int bins, FreshVoiceOptions options, SeededRandom random)
    {
        if (random.NextDouble() >= options.Probability)
        {
            return;
        }

        float[] curve = Curve(bins, options, random);
        for (int start = 0; start < frames.Length; start += bins)
        {
            Span<float> frame = frames.Slice(start, bins);
            TensorPrimitives.Add(frame, curve, frame);
        }

        if (options.BandNoise > 0)
        {
            AddNoise(frames, bins, options.BandNoise * random.NextDouble(), random);
        }

        int count = frames.Length / bins;
        for (int i = 0; i < options.TimeMasks; i++)
        {
            (int first, int width) = Stripe(count, options.TimeMaskShare, random);
            frames.Slice(first * bins, width * bins).Clear();
        }

        for (int i = 0; i < options.FrequencyMasks; i++)
        {
            (int first, int width) = Stripe(bins, options.FrequencyMaskShare, random);
            for (int start = first; start < frames.Length; start += bins)
            {
                frames.Slice(start, width).Clear();
            }
        }
    }

    // Gain, tilt and equaliser together: what is added to every frame.
    private static float[] Curve(int bins, FreshVoiceOptions options, SeededRandom random)
    {
        double gain = options.Gain * random.NextGaussian(), tilt = options.Tilt * random.NextGaussian();
        double[] points = [.. Enumerable.Range(0, options.EqualiserPoints).Select(_ => options.Equaliser * random.NextGaussian())];
        var curve = new float[bins];
        for (int b = 0; b < bins; b++)
        {
            double share = bins == 1 ? 0 : (double)b / (bins - 1);
            double at = share * (points.Length - 1);
            int left = Math.Min((int)at, points.Length - 2);
            double equaliser = points[left] + ((at - left) * (points[left + 1] - points[left]));
            curve[b] = (float)(gain + (tilt * ((2 * share) - 1)) + equaliser);
        }

        return curve;
    }

    private static void AddNoise(Span<float> frames, int bins, double deviation, SeededRandom random)
    {
        int width = Math.Max(1, bins / 3), first = random.NextInt32(bins - width + 1);
        for (int start = first; start < frames.Length; start += bins)
        {
            foreach (ref float value in frames.Slice(start, width))
            {
                value += (float)(deviation * random.NextGaussian());
            }
        }
    }

    private static (int First, int Width) Stripe(int length, double share, SeededRandom random)
    {
        int width = random.NextInt32((int)(share * length) + 1);
        return (random.NextInt32(length - width + 1), width);
    }
}

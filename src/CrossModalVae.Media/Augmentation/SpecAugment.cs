using System.Numerics.Tensors;

namespace CrossModalVae.Augmentation;

/// <summary>
/// SpecAugment (Park et al. 2019, section 2) without time warping: stripes of time and of frequency are replaced by the spectrogram's mean.
/// Here it works on the spectrogram as the recipe compresses it, before pooling and normalisation; in the paper it works on normalised
/// log-mel spectrograms, where the mean is 0.
/// </summary>
public static class SpecAugment
{
    /// <summary>Draws the stripes: each width uniform in 0 .. its largest, each place uniform among those where the stripe fits.</summary>
    /// <param name="options">How many and how wide.</param>
    /// <param name="frames">Frames of the spectrogram.</param>
    /// <param name="bins">Bins of a frame.</param>
    /// <param name="random">Where the draws come from.</param>
    /// <returns>Stripes of time first, then of frequency.</returns>
    public static SpectrumMask[] Draw(VoiceAugmentationOptions options, int frames, int bins, SeededRandom random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        var masks = new SpectrumMask[options.TimeMasks + options.FrequencyMasks];
        for (int i = 0; i < masks.Length; i++)
        {
            bool isTime = i < options.TimeMasks;
            int length = isTime ? frames : bins;
            int width = random.NextInt32((int)Math.Round((isTime ? options.TimeMaskShare : options.FrequencyMaskShare) * length) + 1);
            masks[i] = new SpectrumMask(isTime, random.NextInt32(length - width + 1), width);
        }

        return masks;
    }

    /// <summary>Replaces the stripes by the mean that the whole spectrogram had before.</summary>
    /// <param name="spectrum">[frames, bins], row-major, changed in place.</param>
    /// <param name="bins">Bins of a frame.</param>
    /// <param name="masks">The stripes, within the spectrogram.</param>
    public static void Apply(Span<float> spectrum, int bins, ReadOnlySpan<SpectrumMask> masks)
    {
        double sum = 0;
        for (int start = 0; start < spectrum.Length; start += bins)
        {
            sum += TensorPrimitives.Sum(spectrum.Slice(start, bins)); // frame by frame, so that single precision suffices within one
        }

        float mean = (float)(sum / spectrum.Length);
        foreach (SpectrumMask mask in masks)
        {
            if (mask.IsTime)
            {
                spectrum.Slice(mask.Start * bins, mask.Width * bins).Fill(mean);
                continue;
            }

            for (int start = 0; start < spectrum.Length; start += bins)
            {
                spectrum.Slice(start + mask.Start, mask.Width).Fill(mean);
            }
        }
    }
}

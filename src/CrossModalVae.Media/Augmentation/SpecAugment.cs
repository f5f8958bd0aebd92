using System.Numerics.Tensors;

namespace CrossModalVae.Augmentation;

/// <summary>A stripe of a spectrogram [frames, bins]: frames (time) or bins (frequency) Start to Start + Width - 1.</summary>
internal readonly record struct SpectrumMask(bool IsTime, int Start, int Width);

/// <summary>
/// SpecAugment (Park et al. 2019, section 2) without time warping: stripes of time and of frequency are replaced by the spectrogram's mean.
/// It is applied to the compressed spectrogram before pooling and normalisation; in the paper to normalised log-mel spectrograms, whose
/// mean is 0.
/// </summary>
internal static class SpecAugment
{
    /// <summary>Draws the stripes, time first: widths uniform from 0 to the largest, positions uniform where the stripe fits.</summary>
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

    /// <summary>Replaces the stripes of a spectrogram [frames, bins] by its mean.</summary>
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

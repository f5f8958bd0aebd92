using System.Numerics.Tensors;
using static System.FormattableString;

namespace CrossModalVae.Audio;

/// <summary>One channel of sound: samples in [-1, 1] at a rate. Immutable.</summary>
public sealed class AudioClip
{
    /// <summary>The lowest rate this library reads, in Hz.</summary>
    public const int MinSampleRateHz = 1_000;

    /// <summary>The highest rate this library reads, in Hz.</summary>
    public const int MaxSampleRateHz = 768_000;

    /// <summary>
    /// The largest sample accepted. Full scale is 1; float files overshoot it a little, while files that hold 16-bit numbers as floats
    /// exceed this bound at once and are refused instead of being read 90 dB too loud.
    /// </summary>
    public const float MaxMagnitude = 16;

    /// <summary>A clip over samples, which are not copied.</summary>
    /// <param name="samples">At least one sample, nominally in [-1, 1], finite, none beyond <see cref="MaxMagnitude"/>.</param>
    /// <param name="sampleRateHz">Samples per second, <see cref="MinSampleRateHz"/> to <see cref="MaxSampleRateHz"/>.</param>
    /// <exception cref="ArgumentException">No samples, or one that is not finite or too large.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The rate is out of range.</exception>
    public AudioClip(ReadOnlyMemory<float> samples, int sampleRateHz)
    {
        CheckRate(sampleRateHz, nameof(sampleRateHz));
        if (samples.IsEmpty)
        {
            throw new ArgumentException("The clip has no samples; expected at least one.", nameof(samples));
        }

        int fault = IndexOfFault(samples.Span);
        if (fault >= 0)
        {
            throw new ArgumentException(
                Invariant($"Sample {fault} is {samples.Span[fault]}; must lie within ±{MaxMagnitude} (full scale is 1)."), nameof(samples));
        }

        Samples = samples;
        SampleRateHz = sampleRateHz;
    }

    /// <summary>The samples, nominally in [-1, 1].</summary>
    public ReadOnlyMemory<float> Samples { get; }

    /// <summary>Samples per second.</summary>
    public int SampleRateHz { get; }

    /// <summary>The clip's length, in seconds.</summary>
    public double DurationSeconds => (double)Samples.Length / SampleRateHz;

    /// <summary>The first sample that is not a number within ±<see cref="MaxMagnitude"/>, or -1.</summary>
    internal static int IndexOfFault(ReadOnlySpan<float> samples)
    {
        // TensorPrimitives.MaxMagnitude propagates NaN, so one pass finds every fault.
        if (samples.IsEmpty || Math.Abs(TensorPrimitives.MaxMagnitude(samples)) <= MaxMagnitude)
        {
            return -1;
        }

        int i = 0;
        while (Math.Abs(samples[i]) <= MaxMagnitude)
        {
            i++;
        }

        return i;
    }

    internal static void CheckRate(int sampleRateHz, string name)
    {
        if (sampleRateHz is < MinSampleRateHz or > MaxSampleRateHz)
        {
            throw new ArgumentOutOfRangeException(
                name, $"'{name}' is {sampleRateHz}; must be {MinSampleRateHz} to {MaxSampleRateHz} Hz.");
        }
    }
}

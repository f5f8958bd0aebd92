using CrossModalVae.Audio;

namespace CrossModalVae.Pipelines.FrontEnds;

/// <summary>Samples of a column.</summary>
internal static class SampleColumn
{
    /// <summary>A row's samples as a clip.</summary>
    /// <exception cref="InvalidDataException">The rate or a sample is out of its range; the message begins with the name.</exception>
    public static AudioClip Clip(float[] samples, double rate, string name)
    {
        if (!(rate is >= AudioClip.MinSampleRateHz and <= AudioClip.MaxSampleRateHz && double.IsInteger(rate)))
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: the sample rate is {rate}; expected {AudioClip.MinSampleRateHz} to {AudioClip.MaxSampleRateHz} Hz, whole."));
        }

        int fault = AudioClip.IndexOfFault(samples);
        return fault < 0
            ? new AudioClip(samples, (int)rate)
            : throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: sample {fault} is {samples[fault]}; expected numbers within ±{AudioClip.MaxMagnitude} (full scale is 1)."));
    }
}

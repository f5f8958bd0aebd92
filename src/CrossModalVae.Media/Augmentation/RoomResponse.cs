using System.Numerics.Tensors;
using static System.FormattableString;

namespace CrossModalVae.Augmentation;

/// <summary>Room impulse responses, read or generated, of unit energy.</summary>
internal static class RoomResponse
{
    /// <summary>
    /// A response of <paramref name="rt60Seconds"/> by the statistical model of late reverberation (Polack 1988): the direct sound, then
    /// Gaussian noise that decays by 60 dB within that time; <paramref name="directDb"/> is the energy ratio of the two. No early
    /// reflections.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is shorter than two samples, or not a number.</exception>
    public static float[] Generate(double rt60Seconds, double directDb, int sampleRateHz, SeededRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        double samples = rt60Seconds * sampleRateHz;
        if (!(samples >= 2 && samples <= Array.MaxLength))
        {
            throw new ArgumentOutOfRangeException(
                nameof(rt60Seconds), Invariant($"'{nameof(rt60Seconds)}' is {rt60Seconds}; must be at least two samples."));
        }

        var response = new float[(int)samples];
        double energy = 0;
        for (int n = 1; n < response.Length; n++)
        {
            double value = random.NextGaussian() * Math.Pow(10, -3.0 * n / samples); // -60 dB at the end
            response[n] = (float)value;
            energy += value * value;
        }

        response[0] = (float)(Math.Sqrt(energy) * SignalLevel.Factor(directDb));
        Normalise(response);
        return response;
    }

    /// <summary>Scales a response in place to a sum of squares of 1, so that it keeps the level of white noise.</summary>
    /// <exception cref="ArgumentException">The response is silent.</exception>
    public static void Normalise(Span<float> response)
    {
        double energy = SignalLevel.MeanSquare(response) * response.Length;
        if (!(energy > 0))
        {
            throw new ArgumentException("The response is silent; must have a sample that is not 0.", nameof(response));
        }

        double factor = 1 / Math.Sqrt(energy);
        for (int n = 0; n < response.Length; n++)
        {
            response[n] = (float)(response[n] * factor);
        }
    }

    /// <summary>The index of the direct sound, the largest sample. It becomes time 0, so that a reverberant voice stays aligned with the
    /// dry one and keeps its end; voxceleb_trainer keeps the delay and cuts the end off.</summary>
    public static int DirectIndex(ReadOnlySpan<float> response) => TensorPrimitives.IndexOfMaxMagnitude(response);
}

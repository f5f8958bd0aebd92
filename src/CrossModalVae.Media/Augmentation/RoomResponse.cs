using static System.FormattableString;

namespace CrossModalVae.Augmentation;

/// <summary>Room impulse responses: read or generated, of unit energy.</summary>
public static class RoomResponse
{
    /// <summary>
    /// A room by the statistical model of late reverberation (Polack 1988): the direct sound, then Gaussian noise that falls by 60 dB
    /// within the reverberation time. No early reflections of a certain shape of room.
    /// </summary>
    /// <param name="rt60Seconds">Reverberation time in seconds, above 0; also the response's length.</param>
    /// <param name="directDb">Energy of the direct sound over that of the tail, in dB.</param>
    /// <param name="sampleRateHz">Samples per second.</param>
    /// <param name="random">Where the tail comes from.</param>
    /// <returns>[<paramref name="rt60Seconds"/> x rate], energy 1; the direct sound comes first.</returns>
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

    /// <summary>
    /// Scales a response to unit energy in place: sum of squares 1, so that it passes white noise at the level it came with.
    /// </summary>
    /// <param name="response">At least one sample that is not zero.</param>
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

    /// <summary>
    /// The place of the direct sound: the largest sample. It is taken as time 0, so that a reverberant voice stays in time with the dry one
    /// and loses nothing at its end; voxceleb_trainer leaves the delay in and cuts the end off.
    /// </summary>
    internal static int DirectIndex(ReadOnlySpan<float> response) => System.Numerics.Tensors.TensorPrimitives.IndexOfMaxMagnitude(response);
}

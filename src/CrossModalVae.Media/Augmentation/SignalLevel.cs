namespace CrossModalVae.Augmentation;

/// <summary>Signal levels: mean squares, decibels and signal-to-noise ratios.</summary>
internal static class SignalLevel
{
    /// <summary>The mean square below which a signal is silence, -120 dB of full scale.</summary>
    public const double Silence = 1e-12;

    /// <summary>The mean of the squares, in double precision; 0 for no samples.</summary>
    public static double MeanSquare(ReadOnlySpan<float> samples)
    {
        double sum = 0;
        foreach (float x in samples)
        {
            sum += (double)x * x;
        }

        return samples.IsEmpty ? 0 : sum / samples.Length;
    }

    /// <summary>The amplitude factor of a change in dB: 10^(dB / 20).</summary>
    public static double Factor(double decibels) => Math.Pow(10, decibels / 20);

    /// <summary>
    /// Adds a disturbance so that the ratio of mean squares, against the voice's alone, is <paramref name="snrDb"/>. Unlike
    /// voxceleb_trainer, which adds 1e-4 to both mean squares (3 dB off for a voice at -40 dB of full scale). Does nothing where either is
    /// silent.
    /// </summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void AddAtSnr(Span<float> signal, double signalMeanSquare, ReadOnlySpan<float> disturbance, double snrDb)
    {
        if (disturbance.Length != signal.Length)
        {
            throw new ArgumentException(
                $"'{nameof(disturbance)}' has {disturbance.Length} samples; must have {signal.Length}, as the signal.",
                nameof(disturbance));
        }

        double meanSquare = MeanSquare(disturbance);
        if (signalMeanSquare < Silence || meanSquare < Silence)
        {
            return;
        }

        double factor = Math.Sqrt(signalMeanSquare / meanSquare) / Factor(snrDb);
        for (int n = 0; n < signal.Length; n++)
        {
            signal[n] = (float)(signal[n] + (factor * disturbance[n]));
        }
    }
}

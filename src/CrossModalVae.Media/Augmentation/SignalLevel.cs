namespace CrossModalVae.Augmentation;

/// <summary>Levels of signals: the mean square and what follows from it.</summary>
public static class SignalLevel
{
    /// <summary>A mean square below this, -120 dB of full scale, is silence: nothing is added to it, and it adds nothing.</summary>
    public const double Silence = 1e-12;

    /// <summary>The mean of the squares, in double precision; 0 for no samples.</summary>
    /// <param name="samples">Any number of samples.</param>
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
    /// <param name="decibels">Any number.</param>
    public static double Factor(double decibels) => Math.Pow(10, decibels / 20);

    /// <summary>
    /// Adds a disturbance so that 10 log10 of the ratio of mean squares is as asked. voxceleb_trainer does the same but
    /// adds 1e-4 to both mean squares, which for a voice at -40 dB of full scale is wrong by 3 dB; this does not.
    /// Silence, of either, leaves the signal as it is.
    /// </summary>
    /// <param name="signal">[N], changed in place.</param>
    /// <param name="signalMeanSquare">The mean square of the voice alone, which the signal may already exceed.</param>
    /// <param name="disturbance">[N].</param>
    /// <param name="snrDb">Voice over disturbance in dB.</param>
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

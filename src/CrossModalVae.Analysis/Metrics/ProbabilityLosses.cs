namespace CrossModalVae.Metrics;

/// <summary>Losses of predicted probabilities; lower is better.</summary>
/// <param name="BrierLoss">The mean of (p - y)^2 (Brier 1950), 0 to 1; 0.25 for always predicting one half.</param>
/// <param name="ExpectedCalibrationError">See <see cref="ReliabilityTable.ExpectedError"/>, in ten bins.</param>
/// <param name="LogLoss">The mean of -ln p of the outcome, at least 0; ln 2 = 0.693 for always predicting one half.</param>
public sealed record ProbabilityLosses(double BrierLoss, double ExpectedCalibrationError, double LogLoss)
{
    /// <summary>The losses of predictions given as log-odds, so that a confident wrong prediction has its exact finite loss.</summary>
    /// <param name="logOdds">[N] ln(p / (1 - p)), finite.</param>
    /// <param name="cameTrue">[N] the outcomes.</param>
    /// <exception cref="ArgumentException">Lengths differ, there is no trial, or a number is not finite.</exception>
    public static ProbabilityLosses Compute(ReadOnlySpan<double> logOdds, ReadOnlySpan<bool> cameTrue) => Compute(logOdds, cameTrue, []);

    /// <summary>The same of trials with weights, [N] or none for 1 each.</summary>
    internal static ProbabilityLosses Compute(ReadOnlySpan<double> logOdds, ReadOnlySpan<bool> cameTrue, ReadOnlySpan<double> weights)
    {
        TrialCheck.RequireSameLength(logOdds.Length, nameof(logOdds), cameTrue.Length, nameof(cameTrue));
        TrialCheck.RequireAny(logOdds.Length, nameof(logOdds));
        var probabilities = new double[logOdds.Length];
        double brier = 0, logLoss = 0, total = 0;
        for (int i = 0; i < logOdds.Length; i++)
        {
            if (!double.IsFinite(logOdds[i]))
            {
                throw new ArgumentException(
                    FormattableString.Invariant($"'logOdds' has {logOdds[i]} at trial {i}; must be finite."),
                    nameof(logOdds));
            }

            probabilities[i] = Logistic.Probability(logOdds[i]);
            double missed = cameTrue[i] ? Logistic.Probability(-logOdds[i]) : probabilities[i];
            double weight = weights.IsEmpty ? 1 : weights[i];
            total += weight;
            brier += weight * missed * missed;
            logLoss += weight * Logistic.Softplus(cameTrue[i] ? -logOdds[i] : logOdds[i]);
        }

        (IReadOnlyList<ReliabilityBin> bins, double[] shares) = ReliabilityTable.Weigh(probabilities, cameTrue, weights);
        double error = bins.Zip(shares, (bin, share) => share * Math.Abs(bin.Observed - bin.Predicted)).Sum() / total;
        return new ProbabilityLosses(brier / total, error, logLoss / total);
    }
}

/// <summary>Checks of trials that a caller passes as parallel spans.</summary>
internal static class TrialCheck
{
    public static void RequireSameLength(int count, string name, int otherCount, string otherName)
    {
        if (count != otherCount)
        {
            throw new ArgumentException($"'{name}' has {count} values and '{otherName}' {otherCount}; must be equally many.", otherName);
        }
    }

    public static void RequireAny(int count, string name)
    {
        if (count == 0)
        {
            throw new ArgumentException($"'{name}' is empty; must have at least one trial.", name);
        }
    }
}

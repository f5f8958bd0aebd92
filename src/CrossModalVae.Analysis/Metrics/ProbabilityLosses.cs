namespace CrossModalVae.Metrics;

/// <summary>How far predicted probabilities are from what happened; all of them lower is better.</summary>
/// <param name="BrierLoss">The mean of (p - y)^2 (Brier 1950), 0 to 1; 0.25 for always saying one half.</param>
/// <param name="ExpectedCalibrationError">See <see cref="ReliabilityTable.ExpectedError"/>, in ten bins.</param>
/// <param name="LogLoss">The mean of -ln p of what happened, at least 0; ln 2 = 0.693 for always saying one half.</param>
public sealed record ProbabilityLosses(double BrierLoss, double ExpectedCalibrationError, double LogLoss)
{
    /// <summary>
    /// The losses of predictions given as log-odds, so that a sure prediction that fails costs what it should and not infinity.
    /// </summary>
    /// <param name="logOdds">[N] ln(p / (1 - p)), finite.</param>
    /// <param name="cameTrue">[N] whether it was so.</param>
    /// <exception cref="ArgumentException">Lengths differ, there is no trial, or a number is not finite.</exception>
    public static ProbabilityLosses Compute(ReadOnlySpan<double> logOdds, ReadOnlySpan<bool> cameTrue)
    {
        if (logOdds.Length != cameTrue.Length)
        {
            throw new ArgumentException(
                $"'logOdds' has {logOdds.Length} values and 'cameTrue' {cameTrue.Length}; must be equally many.", nameof(cameTrue));
        }

        if (logOdds.IsEmpty)
        {
            throw new ArgumentException("'logOdds' is empty; must have at least one trial.", nameof(logOdds));
        }

        var probabilities = new double[logOdds.Length];
        double brier = 0, logLoss = 0;
        for (int i = 0; i < logOdds.Length; i++)
        {
            if (!double.IsFinite(logOdds[i]))
            {
                throw new ArgumentException(
                    string.Create(CultureInfo.InvariantCulture, $"'logOdds' has {logOdds[i]} at trial {i}; must be finite."),
                    nameof(logOdds));
            }

            probabilities[i] = Logistic.Probability(logOdds[i]);
            double missed = cameTrue[i] ? Logistic.Probability(-logOdds[i]) : probabilities[i];
            brier += missed * missed;
            logLoss += Logistic.Softplus(cameTrue[i] ? -logOdds[i] : logOdds[i]);
        }

        double error = ReliabilityTable.ExpectedError(ReliabilityTable.Compute(probabilities, cameTrue));
        return new ProbabilityLosses(brier / logOdds.Length, error, logLoss / logOdds.Length);
    }
}

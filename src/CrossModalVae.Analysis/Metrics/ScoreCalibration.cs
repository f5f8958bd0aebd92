namespace CrossModalVae.Metrics;

/// <summary>
/// Maps a score to the probability that both sides are the same person: ln(p / (1 - p)) = a s + b + logit(prior) - logit(trial prior), with
/// a and b fitted to trials by Platt scaling (Platt 1999).
/// </summary>
/// <remarks>
/// Platt writes p = 1 / (1 + exp(A s + B)): A = -a, B = -b. The probability of a match depends on the share of targets: the fit knows that
/// of its trials, and <see cref="Prior"/> is that of the application. Changing it shifts the log-odds.
/// </remarks>
public sealed record ScoreCalibration
{
    /// <summary>a, the log-odds that one unit of the score adds. Above 0 where higher scores mean the same person.</summary>
    public required double Slope { get; init; }

    /// <summary>b, the log-odds of a score of 0 among the trials it was fitted to.</summary>
    public required double Intercept { get; init; }

    /// <summary>The share of targets among those trials, above 0 and below 1. Default one half: balanced trials.</summary>
    public double TrialPrior { get; init; } = 0.5;

    /// <summary>The share of targets where the score is used, above 0 and below 1. Default one half.</summary>
    public double Prior { get; init; } = 0.5;

    /// <summary>
    /// Fits a and b to trials by maximum likelihood against Platt's targets; exact to rounding, the same for any order up to rounding.
    /// </summary>
    /// <remarks>
    /// Lin, Lin, Weng 2007: Newton's method with a line search on a convex function, targets (N+ + 1) / (N+ + 2) and 1 / (N- + 2) in
    /// place of 1 and 0, so that separable trials have a finite answer. Scores are centred and scaled first, which changes nothing
    /// but the conditioning. O(N) an iteration.
    /// </remarks>
    /// <param name="scores">[N], finite, higher meaning more alike.</param>
    /// <param name="isTarget">[N] whether the trial's two sides are the same person.</param>
    /// <returns>The calibration with the trials' own share of targets as both priors.</returns>
    /// <exception cref="ArgumentException">Lengths differ, a score is not finite, all trials are of one class, or all scores are
    /// equal.</exception>
    public static ScoreCalibration Fit(ReadOnlySpan<double> scores, ReadOnlySpan<bool> isTarget) => PlattFit.Run(scores, isTarget);

    /// <summary>The same of trials with weights, [N], above 0; their sum is N.</summary>
    internal static ScoreCalibration Fit(ReadOnlySpan<double> scores, ReadOnlySpan<bool> isTarget, double[] weights) =>
        PlattFit.Run(scores, isTarget, weights);

    /// <summary>The log-odds of a score: ln(p / (1 - p)).</summary>
    /// <param name="score">The score.</param>
    public double LogOdds(double score) => (Slope * score) + Intercept + Logistic.LogOdds(Prior) - Logistic.LogOdds(TrialPrior);

    /// <summary>The probability that both sides are the same person, 0 to 1.</summary>
    /// <param name="score">The score.</param>
    public double Probability(double score) => Logistic.Probability(LogOdds(score));

    /// <summary>Reports every fault at once.</summary>
    /// <exception cref="ArgumentException">A value lies outside its range; the message lists all that do.</exception>
    public void Validate()
    {
        var faults = new OptionFaults();
        foreach ((string name, double value) in new[] { (nameof(Slope), Slope), (nameof(Intercept), Intercept) })
        {
            faults.Check(double.IsFinite(value), name, value, "must be finite");
        }

        foreach ((string name, double value) in new[] { (nameof(TrialPrior), TrialPrior), (nameof(Prior), Prior) })
        {
            faults.Check(value is > 0 and < 1, name, value, "must be > 0 and < 1");
        }

        faults.ThrowIfAny();
    }
}

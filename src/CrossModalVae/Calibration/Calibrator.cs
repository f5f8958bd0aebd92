using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Metrics;

namespace CrossModalVae.Calibration;

/// <summary>
/// Fits the probability that a voice and a face are of one identity, on trials of identities that are neither trained on nor evaluated, and
/// measures its reliability.
/// </summary>
public static class Calibrator
{
    /// <summary>With fewer identities there is no cross-validation.</summary>
    public const int FewPeople = 10;

    private const int Folds = 5;

    /// <summary>Fits a calibration.</summary>
    /// <param name="embeddings">Rows of both modalities; those of other splits only serve to check that no identity is in two.</param>
    /// <param name="options">The scores and the split.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">An option is out of range, fewer than two identities have both modalities, or all scores are
    /// equal.</exception>
    /// <exception cref="InvalidDataException">The split has no rows, an identity is in two splits, or the guard refuses the
    /// embeddings.</exception>
    public static CalibrationReport Fit(EmbeddingSet embeddings, CalibrationOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        CorpusGuard.RequireSeparateSplits(embeddings.Rows.Select(row => (row.Identity, row.Split)));
        EmbeddingSet own = embeddings.Where(row => row.Split == options.Split);
        if (own.Count == 0)
        {
            throw new InvalidDataException(
                $"The embeddings have no row of the {EnumText.Of(options.Split)} split; expected some (cmvae embed --split).");
        }

        CalibrationTrials trials = CalibrationTrials.Draw(own, options, cancellationToken);
        // Targets and non-targets weigh the same, but for the rounding of the weights' sum.
        ScoreCalibration fit = ScoreCalibration.Fit(trials.Scores, trials.IsTarget, trials.Weights) with { TrialPrior = 0.5 };
        int askingCount = trials.Asking.Distinct().Count();
        bool isHeldOut = askingCount >= FewPeople;
        double[] logOdds = isHeldOut ? HeldOut(trials, options.Seed) : [.. trials.Scores.Select(fit.LogOdds)];
        return new CalibrationReport
        {
            Direction = options.Direction,
            Metric = options.Metric,
            Identities = options.Identities,
            Split = options.Split,
            Seed = options.Seed,
            Calibration = fit with { Prior = options.Prior ?? fit.TrialPrior },
            IsPriorGiven = options.Prior is not null,
            TrialCount = trials.Scores.Length,
            TargetCount = trials.IsTarget.LongCount(target => target),
            People = trials.People,
            Before = ProbabilityLosses.Compute(trials.Scores, trials.IsTarget, trials.Weights),
            After = ProbabilityLosses.Compute(logOdds, trials.IsTarget, trials.Weights),
            IsHeldOut = isHeldOut,
            Reliability = ReliabilityIntervals.Table(trials, [.. logOdds.Select(Logistic.Probability)], options.Seed, cancellationToken),
        };
    }

    // Each trial's log-odds by a fit to the trials without identities of the probe's fold, on either side.
    private static double[] HeldOut(CalibrationTrials trials, long seed)
    {
        int[] order = [.. Enumerable.Range(0, trials.People.Length)];
        SeededRandom.For(seed, "calibration folds").Shuffle(order.AsSpan());
        var folds = new int[order.Length];
        for (int i = 0; i < order.Length; i++)
        {
            folds[order[i]] = i % Folds;
        }

        var logOdds = new double[trials.Scores.Length];
        for (int fold = 0; fold < Folds; fold++)
        {
            int[] fitted =
            [
                .. Enumerable.Range(0, logOdds.Length).Where(i => folds[trials.Asking[i]] != fold && folds[trials.Others[i]] != fold),
            ];
            ScoreCalibration fit = ScoreCalibration.Fit(
                [.. fitted.Select(i => trials.Scores[i])],
                [.. fitted.Select(i => trials.IsTarget[i])],
                [.. fitted.Select(i => trials.Weights[i])]);
            for (int i = 0; i < logOdds.Length; i++)
            {
                if (folds[trials.Asking[i]] == fold)
                {
                    // At the prior of all trials, whatever the share of targets among those fitted.
                    logOdds[i] = (fit with { Prior = 0.5 }).LogOdds(trials.Scores[i]);
                }
            }
        }

        return logOdds;
    }
}

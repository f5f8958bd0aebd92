namespace CrossModalVae.Metrics;

/// <summary>
/// Platt scaling by Newton's method (Lin, Lin, Weng, "A note on Platt's probabilistic outputs for support vector machines", 2007).
/// </summary>
internal static class PlattFit
{
    private const int MaxIterations = 100;

    private const double Ridge = 1e-12; // added to the Hessian's diagonal by Lin, Lin, Weng

    // Below this predicted share of the loss a line search cannot measure progress, while Newton's method converges quadratically: three
    // more steps leave only rounding.
    private const double ConvergedShare = 1e-10;
    private const int LastSteps = 3;

    /// <summary>Without weights every trial weighs 1; they count trials as they are, and weigh their terms of the loss.</summary>
    public static ScoreCalibration Run(ReadOnlySpan<double> scores, ReadOnlySpan<bool> isTarget, double[]? weights = null)
    {
        int targets = Check(scores, isTarget);
        int others = scores.Length - targets;
        (double centre, double spread) = Centre(scores);
        var x = new double[scores.Length];
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = (scores[i] - centre) / spread;
        }

        weights ??= [.. Enumerable.Repeat(1.0, scores.Length)];
        var loss = new Loss(x, isTarget.ToArray(), weights, (targets + 1.0) / (targets + 2.0), 1.0 / (others + 2.0));
        (double a, double b) = Minimise(loss, 0, Math.Log((targets + 1.0) / (others + 1.0)));
        double prior = Share(isTarget, weights);
        return new ScoreCalibration { Slope = a / spread, Intercept = b - (a * centre / spread), TrialPrior = prior, Prior = prior };
    }

    private static double Share(ReadOnlySpan<bool> isTarget, double[] weights)
    {
        double targets = 0, all = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            targets += isTarget[i] ? weights[i] : 0;
            all += weights[i];
        }

        return targets / all;
    }

    private static (double A, double B) Minimise(Loss loss, double a, double b)
    {
        double value = loss.At(a, b);
        int lastSteps = 0;
        for (int iteration = 0; iteration < MaxIterations; iteration++)
        {
            // Gradient g and Hessian H of the loss in (a, b); step = -H^-1 g.
            (double ga, double gb, double haa, double hab, double hbb) = loss.Derivatives(a, b);
            haa += Ridge;
            hbb += Ridge;
            double determinant = (haa * hbb) - (hab * hab);
            double da = -((hbb * ga) - (hab * gb)) / determinant;
            double db = -((haa * gb) - (hab * ga)) / determinant;
            double slope = (ga * da) + (gb * db);
            if (-slope <= ConvergedShare * value)
            {
                (a, b) = (a + da, b + db);
                if (++lastSteps == LastSteps)
                {
                    return (a, b);
                }

                continue;
            }

            // Halve the step until the loss falls by a share of the slope's prediction (Armijo).
            double step = 1;
            double next = loss.At(a + da, b + db);
            while (next > value + (1e-4 * step * slope) && step > 1e-10)
            {
                step /= 2;
                next = loss.At(a + (step * da), b + (step * db));
            }

            (a, b, value) = (a + (step * da), b + (step * db), next);
        }

        throw UserError.Mark(new InvalidOperationException($"The calibration did not converge within {MaxIterations} iterations."));
    }

    private static int Check(ReadOnlySpan<double> scores, ReadOnlySpan<bool> isTarget)
    {
        TrialCheck.RequireSameLength(scores.Length, nameof(scores), isTarget.Length, nameof(isTarget));
        int targets = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            if (!double.IsFinite(scores[i]))
            {
                throw UserError.Mark(new ArgumentException(
                    FormattableString.Invariant($"'scores' has {scores[i]} at trial {i}; must be finite."),
                    nameof(scores)));
            }

            targets += isTarget[i] ? 1 : 0;
        }

        return targets == 0 || targets == scores.Length
            ? throw UserError.Mark(new ArgumentException(
                $"{targets} of {scores.Length} trials are targets; both classes must be there.", nameof(isTarget)))
            : targets;
    }

    private static (double Centre, double Spread) Centre(ReadOnlySpan<double> scores)
    {
        double first = scores[0], sum = 0, squares = 0;
        foreach (double score in scores)
        {
            sum += score - first;
        }

        double centre = first + (sum / scores.Length);
        foreach (double score in scores)
        {
            squares += (score - centre) * (score - centre);
        }

        double spread = Math.Sqrt(squares / scores.Length);
        return spread > 0 && double.IsFinite(spread) && scores.ContainsAnyExcept(first)
            ? (centre, spread)
            : throw UserError.Mark(new ArgumentException(
                FormattableString.Invariant($"All {scores.Length} scores are {first}; ")
                    + "they must differ, or there is nothing to tell people apart by.",
                nameof(scores)));
    }

    /// <summary>The cross-entropy of p = logistic(a x + b) against Platt's targets, summed over trials.</summary>
    private sealed class Loss(double[] x, bool[] isTarget, double[] weights, double high, double low)
    {
        public double At(double a, double b)
        {
            double sum = 0;
            for (int i = 0; i < x.Length; i++)
            {
                double f = (a * x[i]) + b;
                sum += weights[i] * (Logistic.Softplus(f) - ((isTarget[i] ? high : low) * f));
            }

            return sum;
        }

        public (double Ga, double Gb, double Haa, double Hab, double Hbb) Derivatives(double a, double b)
        {
            double ga = 0, gb = 0, haa = 0, hab = 0, hbb = 0;
            for (int i = 0; i < x.Length; i++)
            {
                double f = (a * x[i]) + b;
                double p = Logistic.Probability(f);
                double d = weights[i] * (p - (isTarget[i] ? high : low));
                double weight = weights[i] * p * Logistic.Probability(-f);
                ga += d * x[i];
                gb += d;
                haa += weight * x[i] * x[i];
                hab += weight * x[i];
                hbb += weight;
            }

            return (ga, gb, haa, hab, hbb);
        }
    }
}

/// <summary>The logistic function, its inverse and softplus, accurate at both ends.</summary>
internal static class Logistic
{
    /// <summary>1 / (1 + exp(-x)).</summary>
    public static double Probability(double logOdds)
    {
        double e = Math.Exp(-Math.Abs(logOdds));
        return logOdds >= 0 ? 1 / (1 + e) : e / (1 + e);
    }

    /// <summary>ln(p / (1 - p)).</summary>
    public static double LogOdds(double probability) => Math.Log(probability / (1 - probability));

    /// <summary>ln(1 + exp(x)).</summary>
    public static double Softplus(double x)
    {
        double e = Math.Exp(-Math.Abs(x));

        // ln(1 + e) for e below 1: the series' first terms where adding e to 1 would lose it.
        double tail = e < 1e-5 ? e - (e * e / 2) + (e * e * e / 3) : Math.Log(1 + e);
        return Math.Max(x, 0) + tail;
    }
}

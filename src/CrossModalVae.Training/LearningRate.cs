namespace CrossModalVae.Training;

/// <summary>The learning rate of every step, a function of the step alone.</summary>
internal static class LearningRate
{
    // PyTorch's OneCycleLR: where the cycle starts, and where it ends from there.
    private const double OneCycleStart = 1.0 / 25.0;
    private const double OneCycleEnd = OneCycleStart / 1e4;

    /// <summary>
    /// Of zero-based step t of T, with W = warm-up share x T. Constant and cosine: lr (t + 1) / W up to W; then lr, or lr (f + (1 - f) (1 +
    /// cos(pi (t - W) / (T - W))) / 2) (Loshchilov, Hutter 2017, equation 5, without restarts). One cycle (Smith, Topin 2018) as PyTorch's
    /// OneCycleLR anneals it: by cosines from lr / 25 to lr at step W - 1 and to lr / 250,000 at step T - 1.
    /// </summary>
    public static double At(TrainingOptions options, long step, long steps)
    {
        (double rate, double t, double warm) = (options.LearningRate, step, options.WarmUpShare * steps);
        if (options.Schedule == LearningRateSchedule.OneCycle)
        {
            double top = warm - 1.0;
            return rate * (t <= top ? Cosine(OneCycleStart, 1.0, t / top) : Cosine(1.0, OneCycleEnd, (t - top) / (steps - 1.0 - top)));
        }

        warm = Math.Round(warm);
        return t < warm ? rate * (t + 1.0) / warm
            : options.Schedule == LearningRateSchedule.Cosine ? rate * Cosine(1.0, options.FinalRateShare, (t - warm) / (steps - warm))
            : rate;
    }

    private static double Cosine(double from, double to, double share) => to + ((from - to) / 2.0 * (1.0 + Math.Cos(Math.PI * share)));
}

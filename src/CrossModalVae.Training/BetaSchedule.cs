namespace CrossModalVae.Training;

/// <summary>
/// The weight of the KL term over training: it grows linearly from 0, so that the encoders learn something
/// before the prior pulls (Sonderby et al. 2016).
/// </summary>
public static class BetaSchedule
{
    /// <summary>beta of an epoch, Beta * min(1, (epoch - 1) / BetaWarmUpEpochs); Beta at once without warm-up.</summary>
    /// <param name="options">The objective.</param>
    /// <param name="epoch">One-based.</param>
    public static double At(ObjectiveOptions options, int epoch)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(epoch, 1);
        return options.BetaWarmUpEpochs == 0 ? options.Beta : options.Beta * Math.Min(1.0, (epoch - 1.0) / options.BetaWarmUpEpochs);
    }
}

namespace CrossModalVae.Augmentation;

/// <summary>
/// Augmentation that is drawn anew each time a training step shows a clip to a tower, on the features as the network takes them. It needs
/// no recordings and no memory, and comes on top of stored views. Strengths are in the features' standard deviations over the training
/// split. Encoders without a tower are not affected.
/// </summary>
public sealed record FreshAugmentationOptions
{
    /// <summary>Augmentation of a voice's frames.</summary>
    public FreshVoiceOptions Voice { get; init; } = new();

    /// <summary>Augmentation of a face's picture.</summary>
    public FreshFaceOptions Face { get; init; } = new();

    /// <summary>Reports every fault of these options at once.</summary>
    /// <exception cref="ArgumentException">A value lies outside its range; the message lists all that do.</exception>
    public void Validate()
    {
        var faults = new OptionFaults();
        faults.Add(Voice.Faults());
        faults.Add(Face.Faults());
        faults.ThrowIfAny();
    }
}

/// <summary>
/// Augmentation of a voice's frames, in this order: gain, spectral tilt, a smooth equaliser, noise in a band, masks of time and frequency
/// (SpecAugment, Park et al. 2019, without warping). What a strength of 0 or no masks turn off is left out.
/// </summary>
public sealed record FreshVoiceOptions
{
    /// <summary>Probability that an example is disturbed at all, 0 to 1. Default 0.9.</summary>
    public double Probability { get; init; } = 0.9;

    /// <summary>Standard deviation of a shift of all bins, 0 to 10. Default 0.2.</summary>
    public double Gain { get; init; } = 0.2;

    /// <summary>Standard deviation of a slope over the bins, measured at the first and last, 0 to 10. Default 0.3.</summary>
    public double Tilt { get; init; } = 0.3;

    /// <summary>Standard deviation of the equaliser's curve, piecewise linear through random points, 0 to 10. Default 0.3.</summary>
    public double Equaliser { get; init; } = 0.3;

    /// <summary>Points of the equaliser's curve, 2 to 64. Default 7.</summary>
    public int EqualiserPoints { get; init; } = 7;

    /// <summary>Largest standard deviation of noise added to a random band of a third of the bins, 0 to 10. Default 0.4.</summary>
    public double BandNoise { get; init; } = 0.4;

    /// <summary>Masks of consecutive frames, 0 to 20. Default 2.</summary>
    public int TimeMasks { get; init; } = 2;

    /// <summary>The widest mask of time, as a share of the frames, 0 to 1. Default 0.15.</summary>
    public double TimeMaskShare { get; init; } = 0.15;

    /// <summary>Masks of neighbouring bins, 0 to 20. Default 2.</summary>
    public int FrequencyMasks { get; init; } = 2;

    /// <summary>The widest mask of frequency, as a share of the bins, 0 to 1. Default 0.15.</summary>
    public double FrequencyMaskShare { get; init; } = 0.15;

    /// <summary>Reports every fault of these options at once.</summary>
    /// <exception cref="ArgumentException">A value lies outside its range; the message lists all that do.</exception>
    public void Validate() => OptionFaults.Throw(Faults());

    /// <summary>The faults of these options, a sentence each; empty where they are valid.</summary>
    internal IReadOnlyList<string> Faults()
    {
        var faults = new OptionFaults();
        faults.Probability(Probability);
        faults.Within(Gain, 0, 10);
        faults.Within(Tilt, 0, 10);
        faults.Within(Equaliser, 0, 10);
        faults.Within(EqualiserPoints, 2, 64);
        faults.Within(BandNoise, 0, 10);
        faults.Within(TimeMasks, 0, 20);
        faults.Probability(TimeMaskShare);
        faults.Within(FrequencyMasks, 0, 20);
        faults.Probability(FrequencyMaskShare);
        return faults.All;
    }
}

/// <summary>
/// Augmentation of a picture, in this order: flip, rotation with scale and shift (bilinear, edges extended), contrast, colour, blur,
/// cut-out.
/// </summary>
public sealed record FreshFaceOptions
{
    /// <summary>Probability of a mirrored picture, 0 to 1. Default 0.5.</summary>
    public double FlipProbability { get; init; } = 0.5;

    /// <summary>Largest rotation either way, in degrees, 0 to 180. Default 10.</summary>
    public double RotationDegrees { get; init; } = 10;

    /// <summary>Largest relative change of size either way, 0 to 0.5. Default 0.12.</summary>
    public double Scale { get; init; } = 0.12;

    /// <summary>Largest shift either way as a share of width and height, 0 to 0.5. Default 0.06.</summary>
    public double Shift { get; init; } = 0.06;

    /// <summary>Largest relative change of contrast either way, 0 to 0.9. Default 0.3.</summary>
    public double Contrast { get; init; } = 0.3;

    /// <summary>Standard deviation of a shift of each plane, half of it common to all planes, 0 to 10. Default 0.25.</summary>
    public double Colour { get; init; } = 0.25;

    /// <summary>Probability that all planes become their mean, 0 to 1. Default 0.1.</summary>
    public double GreyProbability { get; init; } = 0.1;

    /// <summary>Probability of a blur (binomial, 3 x 3, one to three times), 0 to 1. Default 0.2.</summary>
    public double BlurProbability { get; init; } = 0.2;

    /// <summary>Probability of a cut-out, a square of zeros, the corpus's mean (DeVries, Taylor 2017), 0 to 1. Default 0.3.</summary>
    public double CutOutProbability { get; init; } = 0.3;

    /// <summary>Largest side of the square as a share of the shorter side, 0 to 1. Default 0.35.</summary>
    public double CutOutShare { get; init; } = 0.35;

    /// <summary>Reports every fault of these options at once.</summary>
    /// <exception cref="ArgumentException">A value lies outside its range; the message lists all that do.</exception>
    public void Validate() => OptionFaults.Throw(Faults());

    /// <summary>The faults of these options, a sentence each; empty where they are valid.</summary>
    internal IReadOnlyList<string> Faults()
    {
        var faults = new OptionFaults();
        faults.Probability(FlipProbability);
        faults.Within(RotationDegrees, 0, 180);
        faults.Within(Scale, 0, 0.5);
        faults.Within(Shift, 0, 0.5);
        faults.Within(Contrast, 0, 0.9);
        faults.Within(Colour, 0, 10);
        faults.Probability(GreyProbability);
        faults.Probability(BlurProbability);
        faults.Probability(CutOutProbability);
        faults.Probability(CutOutShare);
        return faults.All;
    }
}

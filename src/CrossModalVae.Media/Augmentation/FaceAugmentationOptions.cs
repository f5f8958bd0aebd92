namespace CrossModalVae.Augmentation;

/// <summary>
/// Augmentation of training faces, on the decoded picture before it is resized, in this order: crop, flip, brightness, contrast, blur,
/// cut-out. All frames of a clip's view are augmented alike, because they are averaged. Default: every other view mirrored.
/// </summary>
public sealed record FaceAugmentationOptions
{
    /// <summary>Probability of a horizontal flip, 0 to 1. Default 0.5.</summary>
    public double FlipProbability { get; init; } = 0.5;

    /// <summary>Probability of a crop, 0 to 1. Default 0.</summary>
    public double CropProbability { get; init; }

    /// <summary>The smallest crop, as a share of width and height, 0.1 to 1; the largest is the whole picture. Default 0.85.</summary>
    public double CropShareMin { get; init; } = 0.85;

    /// <summary>Probability of a change of brightness, 0 to 1. Default 0.</summary>
    public double BrightnessProbability { get; init; }

    /// <summary>Largest change of brightness, up or down, as a share of full scale, 0 to 1. Default 0.15.</summary>
    public double Brightness { get; init; } = 0.15;

    /// <summary>Probability of a change of contrast, 0 to 1. Default 0.</summary>
    public double ContrastProbability { get; init; }

    /// <summary>Least factor on the distance from the picture's mean grey, 0.1 to 10. Default 0.7.</summary>
    public double ContrastMin { get; init; } = 0.7;

    /// <summary>Largest factor on the distance from the picture's mean grey. Default 1.4.</summary>
    public double ContrastMax { get; init; } = 1.4;

    /// <summary>Probability of a Gaussian blur, 0 to 1. Default 0.</summary>
    public double BlurProbability { get; init; }

    /// <summary>Least standard deviation of the blur as a share of the shorter side, 0 to 0.1. Default 0.005 (1 pixel of 200).</summary>
    public double BlurMin { get; init; } = 0.005;

    /// <summary>Largest standard deviation of the blur as a share of the shorter side. Default 0.02.</summary>
    public double BlurMax { get; init; } = 0.02;

    /// <summary>Probability of a cut-out, a square of the picture's mean colour (DeVries, Taylor 2017), 0 to 1. Default 0.</summary>
    public double CutOutProbability { get; init; }

    /// <summary>Smallest area of the square as a share of the picture, 0 to 0.9. Default 0.02.</summary>
    public double CutOutAreaMin { get; init; } = 0.02;

    /// <summary>Largest area of the square as a share of the picture; the square lies within the picture. Default 0.15.</summary>
    public double CutOutAreaMax { get; init; } = 0.15;

    /// <summary>The faults of these options, a sentence each; empty where they are valid.</summary>
    internal IReadOnlyList<string> Faults()
    {
        var faults = new OptionFaults();
        faults.Probability(FlipProbability);
        faults.Probability(CropProbability);
        faults.Within(CropShareMin, 0.1, 1);
        faults.Probability(BrightnessProbability);
        faults.Within(Brightness, 0, 1);
        faults.Probability(ContrastProbability);
        faults.Range(ContrastMin, ContrastMax, 0.1, 10);
        faults.Probability(BlurProbability);
        faults.Range(BlurMin, BlurMax, 0, 0.1);
        faults.Probability(CutOutProbability);
        faults.Range(CutOutAreaMin, CutOutAreaMax, 0, 0.9);
        return faults.All;
    }

    /// <summary>Refuses invalid options, naming every fault.</summary>
    /// <exception cref="ArgumentException">A value lies outside its range; the message lists all that do.</exception>
    public void Validate() => OptionFaults.Throw(Faults());
}

namespace CrossModalVae.Augmentation;

/// <summary>
/// What happens to the face frames of one view of one clip, for pictures of any size: a function of seed, clip and
/// view, each effect from a stream of its own.
/// </summary>
public sealed record FaceDraw
{
    /// <summary>Share of width and of height that a crop leaves; 1 for no crop.</summary>
    public double CropShare { get; init; } = 1;

    /// <summary>Where the crop lies across, 0 (left edge) to below 1 (right edge).</summary>
    public double CropAcross { get; init; }

    /// <summary>Where the crop lies down, 0 (top) to below 1 (bottom).</summary>
    public double CropDown { get; init; }

    /// <summary>Whether left and right change places.</summary>
    public bool Flips { get; init; }

    /// <summary>Shift of all levels as a share of full scale; 0 for none.</summary>
    public double Brightness { get; init; }

    /// <summary>Factor on the distance from the picture's mean grey; 1 for none.</summary>
    public double Contrast { get; init; } = 1;

    /// <summary>The blur's standard deviation as a share of the shorter side; 0 for none.</summary>
    public double Blur { get; init; }

    /// <summary>The cut-out's area as a share of the picture; 0 for none.</summary>
    public double CutOutArea { get; init; }

    /// <summary>Where the cut-out lies across, as <see cref="CropAcross"/>.</summary>
    public double CutOutAcross { get; init; }

    /// <summary>Where the cut-out lies down.</summary>
    public double CutOutDown { get; init; }

    /// <summary>Whether the pictures stay as they are.</summary>
    public bool KeepsFace => CropShare == 1 && !Flips && Brightness == 0 && Contrast == 1 && Blur == 0 && CutOutArea == 0;

    /// <summary>Draws.</summary>
    /// <param name="options">What may happen.</param>
    /// <param name="seed">The augmentation's seed.</param>
    /// <param name="clipKey">The clip's key.</param>
    /// <param name="view">The view, from 1.</param>
    public static FaceDraw For(FaceAugmentationOptions options, long seed, string clipKey, int view)
    {
        ArgumentNullException.ThrowIfNull(options);
        var draw = new FaceDraw();
        if (Happens("crop", options.CropProbability) is SeededRandom crop)
        {
            draw = draw with
            {
                CropShare = crop.NextDouble(options.CropShareMin, 1),
                CropAcross = crop.NextDouble(),
                CropDown = crop.NextDouble(),
            };
        }

        draw = draw with { Flips = Happens("flip", options.FlipProbability) is not null };
        if (Happens("brightness", options.BrightnessProbability) is SeededRandom brightness)
        {
            draw = draw with { Brightness = brightness.NextDouble(-options.Brightness, options.Brightness) };
        }

        if (Happens("contrast", options.ContrastProbability) is SeededRandom contrast)
        {
            draw = draw with { Contrast = contrast.NextDouble(options.ContrastMin, options.ContrastMax) };
        }

        if (Happens("blur", options.BlurProbability) is SeededRandom blur)
        {
            draw = draw with { Blur = blur.NextDouble(options.BlurMin, options.BlurMax) };
        }

        if (Happens("cut-out", options.CutOutProbability) is SeededRandom cutOut)
        {
            draw = draw with
            {
                CutOutArea = cutOut.NextDouble(options.CutOutAreaMin, options.CutOutAreaMax),
                CutOutAcross = cutOut.NextDouble(),
                CutOutDown = cutOut.NextDouble(),
            };
        }

        return draw;

        SeededRandom? Happens(string effect, double probability)
        {
            SeededRandom random = SeededRandom.For(seed, $"augmentation/face/{view}/{clipKey}/{effect}");
            return random.NextDouble() < probability ? random : null;
        }
    }
}

namespace CrossModalVae.Augmentation;

/// <summary>The random augmentation of one clip's faces in one view, for pictures of any size; each effect has its own random
/// stream.</summary>
internal sealed record FaceDraw
{
    /// <summary>Share of width and of height that a crop leaves; 1 for no crop.</summary>
    public double CropShare { get; init; } = 1;

    /// <summary>Horizontal position of the crop, 0 (left) to below 1 (right).</summary>
    public double CropX { get; init; }

    /// <summary>Vertical position of the crop, 0 (top) to below 1 (bottom).</summary>
    public double CropY { get; init; }

    /// <summary>Whether the picture is flipped horizontally.</summary>
    public bool Flips { get; init; }

    /// <summary>Shift of all levels as a share of full scale; 0 for none.</summary>
    public double Brightness { get; init; }

    /// <summary>Factor on the distance from the picture's mean grey; 1 for none.</summary>
    public double Contrast { get; init; } = 1;

    /// <summary>The blur's standard deviation as a share of the shorter side; 0 for none.</summary>
    public double Blur { get; init; }

    /// <summary>The cut-out's area as a share of the picture; 0 for none.</summary>
    public double CutOutArea { get; init; }

    /// <summary>Horizontal position of the cut-out, as <see cref="CropX"/>.</summary>
    public double CutOutX { get; init; }

    /// <summary>Vertical position of the cut-out.</summary>
    public double CutOutY { get; init; }

    /// <summary>Whether nothing is changed.</summary>
    public bool KeepsFace => CropShare == 1 && !Flips && Brightness == 0 && Contrast == 1 && Blur == 0 && CutOutArea == 0;

    /// <summary>Draws for a view, counted from 1, of the clip with a key.</summary>
    public static FaceDraw For(FaceAugmentationOptions options, long seed, string clipKey, int view)
    {
        ArgumentNullException.ThrowIfNull(options);
        var draw = new FaceDraw();
        if (Happens("crop", options.CropProbability) is SeededRandom crop)
        {
            draw = draw with
            {
                CropShare = crop.NextDouble(options.CropShareMin, 1),
                CropX = crop.NextDouble(),
                CropY = crop.NextDouble(),
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
                CutOutX = cutOut.NextDouble(),
                CutOutY = cutOut.NextDouble(),
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

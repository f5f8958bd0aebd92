namespace CrossModalVae.Faces;

/// <summary>
/// The way back from a <see cref="FaceFrontEnd"/>'s features, as a decoder makes them, to a picture: 255 times the features, rounded and
/// clipped to 0 to 255. Immutable and thread-safe.
/// </summary>
public sealed class FaceInverse
{
    // Brightness and contrast of a usual photograph, for features whose own are unknown.
    private const double UsualMean = 0.5;
    private const double UsualDeviation = 0.22;

    private const double LargestLevel = 255;

    private readonly FaceOptions _options;

    /// <summary>Checks the options.</summary>
    /// <param name="options">The recipe's face section.</param>
    /// <exception cref="ArgumentException">The options are faulty; the message names every fault.</exception>
    public FaceInverse(FaceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
    }

    /// <summary>Why features have no picture, a sentence; null where they have one.</summary>
    public string? Obstacle => _options.Encoder is null
        ? null
        : "the recipe's face features are vectors of a pretrained encoder, from which no picture can be drawn.";

    /// <summary>What is not in the features, a sentence; null where all is.</summary>
    public string? Note => _options.Normalisation == FaceNormalisation.Clip
        ? "the recipe normalises each face by its own mean and deviation: brightness and contrast are drawn as a usual photograph's."
        : null;

    /// <summary>The picture that features stand for: one picture of a clip whose pictures are separate.</summary>
    /// <param name="features">[height, width] for grey, [3, height, width] for RGB; in [0, 1], or of mean 0 and standard deviation
    /// 1 where the recipe normalises over the clip.</param>
    /// <exception cref="InvalidOperationException">There is none; see <see cref="Obstacle"/>.</exception>
    /// <exception cref="ArgumentException">The features are of another length.</exception>
    public FaceImage ToImage(ReadOnlySpan<float> features)
    {
        if (Obstacle is string obstacle)
        {
            throw UserError.Mark(new InvalidOperationException(char.ToUpperInvariant(obstacle[0]) + obstacle[1..]));
        }

        (int planes, int plane) = (_options.Colour == FaceColour.Grey ? 1 : 3, _options.Width * _options.Height);
        if (features.Length != planes * plane)
        {
            throw new ArgumentException($"There are {features.Length} features; must be {planes * plane}.", nameof(features));
        }

        bool isNormalised = _options.Normalisation == FaceNormalisation.Clip;
        var pixels = new byte[3 * plane];
        for (int i = 0; i < pixels.Length; i++)
        {
            double value = features[(planes == 1 ? 0 : i % 3 * plane) + (i / 3)];
            value = isNormalised ? UsualMean + (UsualDeviation * value) : value;
            pixels[i] = (byte)Math.Clamp(Math.Round(LargestLevel * value), 0, LargestLevel);
        }

        return FaceImage.Of(pixels, _options.Width, _options.Height);
    }
}

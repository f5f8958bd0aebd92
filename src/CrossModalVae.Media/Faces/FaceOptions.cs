using System.Text.Json.Serialization;

namespace CrossModalVae.Faces;

/// <summary>Colour channels of a face tensor.</summary>
public enum FaceColour
{
    /// <summary>One luma channel, ITU-R BT.601 weights.</summary>
    Grey,

    /// <summary>Red, green, blue planes in this order.</summary>
    Rgb,
}

/// <summary>How the frames of a clip become one row of features.</summary>
public enum FramePooling
{
    /// <summary>The mean over the frames (the report).</summary>
    Mean,

    /// <summary>The first frame only.</summary>
    First,

    /// <summary>The mean over <see cref="FaceOptions.FrameCount"/> frames at even distances in time, all of them where there are no more:
    /// frame floor((i + 1/2) n / N) for i below N. Without chance, so that training and serving take the same ones.</summary>
    Sampled,
}

/// <summary>How JPEG frames are decoded.</summary>
public enum FaceDecoding
{
    /// <summary>At full size, then resized: within 2 levels of 255 of Pillow.</summary>
    Exact,

    /// <summary>At 1/2, 1/4 or 1/8 in the cosine domain, the smallest that is not below the wanted size, then resized; grey from luma
    /// alone. Several times faster; <see cref="FaceFrontEnd"/> states the difference.</summary>
    Fast,
}

/// <summary>
/// Where face features are normalised. Only <see cref="Corpus"/> makes training standardise them;
/// the others reach the networks as they are.
/// </summary>
public enum FaceNormalisation
{
    /// <summary>Each feature over the clips of the training split.</summary>
    Corpus,

    /// <summary>
    /// All features of a clip by their own mean and deviation, which takes brightness and contrast away; they go into the model so.
    /// </summary>
    Clip,

    /// <summary>Not at all: [0, 1] goes into the model.</summary>
    None,
}

/// <summary>The face front end of a recipe: jpg frames to features. Defaults are the report's.</summary>
public sealed record FaceOptions
{
    // JsonPropertyOrder: the option came after the first version and is written only where it is not at its default; new ones have it too.

    /// <summary>The largest <see cref="Width"/> and <see cref="Height"/>.</summary>
    public const int LargestSide = 4096;

    /// <summary>The largest <see cref="FrameCount"/>.</summary>
    public const int LargestFrameCount = 4096;

    /// <summary>Width after resizing, in pixels, 1 to <see cref="LargestSide"/>. Default 23.</summary>
    public int Width { get; init; } = 23;

    /// <summary>Height after resizing, in pixels, 1 to <see cref="LargestSide"/>. Default 23.</summary>
    public int Height { get; init; } = 23;

    /// <summary>Grey or RGB. Default grey.</summary>
    public FaceColour Colour { get; init; } = FaceColour.Grey;

    /// <summary>How the frames of a clip are combined. Default their mean.</summary>
    public FramePooling Frames { get; init; } = FramePooling.Mean;

    /// <summary>
    /// How many frames <see cref="FramePooling.Sampled"/> takes, 1 to <see cref="LargestFrameCount"/>.
    /// Default 8; without effect on the others.
    /// </summary>
    [JsonPropertyOrder(1)]
    public int FrameCount { get; init; } = 8;

    /// <summary>How JPEG frames are decoded. Default exactly.</summary>
    [JsonPropertyOrder(1)]
    public FaceDecoding Decoding { get; init; } = FaceDecoding.Exact;

    /// <summary>Where features are normalised. Default over the corpus.</summary>
    [JsonPropertyOrder(1)]
    public FaceNormalisation Normalisation { get; init; } = FaceNormalisation.Corpus;

    /// <summary>Everything that is wrong with these options, a sentence each; empty where they are right.</summary>
    public IReadOnlyList<string> Faults()
    {
        var faults = new OptionFaults();
        faults.Within(Width, 1, LargestSide);
        faults.Within(Height, 1, LargestSide);
        faults.Member(Colour);
        faults.Member(Frames);
        faults.Within(FrameCount, 1, LargestFrameCount);
        faults.Member(Decoding);
        faults.Member(Normalisation);
        return faults.All;
    }

    /// <summary>Refuses options that cannot work, naming every fault.</summary>
    /// <exception cref="ArgumentException">A value lies outside its range; the message lists all that do.</exception>
    public void Validate() => OptionFaults.Throw(Faults());
}

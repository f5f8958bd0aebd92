using System.Text.Json.Serialization;
using CrossModalVae.Encoders;

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

    /// <summary>The mean over N = <see cref="FaceOptions.FrameCount"/> evenly spaced frames, or all n where there are no more: frame
    /// floor((i + 1/2) n / N) for i below N. Not random, so that training and serving use the same frames.</summary>
    Sampled,

    /// <summary>The frames that <see cref="Sampled"/> takes, side by side and not combined: a face tower sees one of them at a time. A clip
    /// of fewer frames repeats some.</summary>
    Separate,
}

/// <summary>How JPEG frames are decoded.</summary>
public enum FaceDecoding
{
    /// <summary>At full size, then resized: within 2 levels of 255 of Pillow.</summary>
    Exact,

    /// <summary>At 1/2, 1/4 or 1/8 in the cosine domain, the smallest that is at least the wanted size, then resized; grey from luma alone.
    /// Several times faster; <see cref="FaceFrontEnd"/> states the difference.</summary>
    Fast,
}

/// <summary>Where face features are normalised. Training standardises them only under <see cref="Corpus"/>.</summary>
public enum FaceNormalisation
{
    /// <summary>Each feature over the clips of the training split.</summary>
    Corpus,

    /// <summary>A clip's features by their own mean and standard deviation, which removes brightness and contrast.</summary>
    Clip,

    /// <summary>No normalisation: features in [0, 1].</summary>
    None,
}

/// <summary>The face front end of a recipe: jpg frames to features. Defaults are the report's.</summary>
public sealed record FaceOptions
{
    // JsonPropertyOrder marks options added after the first version: they are written only where they differ from the default.

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
    /// Frames that <see cref="FramePooling.Sampled"/> and <see cref="FramePooling.Separate"/> use, 1 to <see cref="LargestFrameCount"/>.
    /// Default 8.
    /// </summary>
    [JsonPropertyOrder(1)]
    public int FrameCount { get; init; } = 8;

    /// <summary>How JPEG frames are decoded. Default exactly.</summary>
    [JsonPropertyOrder(1)]
    public FaceDecoding Decoding { get; init; } = FaceDecoding.Exact;

    /// <summary>Where features are normalised. Default over the corpus.</summary>
    [JsonPropertyOrder(1)]
    public FaceNormalisation Normalisation { get; init; } = FaceNormalisation.Corpus;

    /// <summary>Where there is no box: the side of the square in the middle of the frame that is seen, as a share of the frame's shorter
    /// side, 0.1 to 1; 1 (and a <see cref="BoxMargin"/> of 0) for the whole frame, square or not. An encoder has its own. Default
    /// 1.</summary>
    [JsonPropertyOrder(1)]
    public double CenterShare { get; init; } = 1;

    /// <summary>Where a manifest has boxes: how much longer the side of the square that is seen is than the box's longer side, -0.5 to 4;
    /// 0 (and a <see cref="CenterShare"/> of 1) for the box itself, square or not. What lies outside of the picture is black. An encoder
    /// has its own. Default 0.</summary>
    [JsonPropertyOrder(1)]
    public double BoxMargin { get; init; }

    /// <summary>A pretrained network that turns each frame into a vector, the mean of which is the clip's features; then Width, Height and
    /// Colour are the encoder's, and Normalisation (Corpus or None) is that of the vectors. Default null: none.</summary>
    [JsonPropertyOrder(1)]
    public FaceEncoderOptions? Encoder { get; init; }

    /// <summary>The square crop of a frame; null for the box or the whole frame.</summary>
    internal FaceSquare? Square => Encoder is not null ? new(Encoder.CenterShare, Encoder.BoxMargin)
        : CenterShare < 1 || BoxMargin != 0 ? new(CenterShare, BoxMargin)
        : null;

    /// <summary>Pictures in a clip's features.</summary>
    internal int PictureCount => Frames == FramePooling.Separate ? FrameCount : 1;

    /// <summary>Refuses invalid options, naming every fault.</summary>
    /// <exception cref="ArgumentException">A value lies outside its range; the message lists all that do.</exception>
    public void Validate()
    {
        var faults = new OptionFaults();
        faults.Within(Width, 1, LargestSide);
        faults.Within(Height, 1, LargestSide);
        faults.Member(Colour);
        faults.Member(Frames);
        faults.Within(FrameCount, 1, LargestFrameCount);
        faults.Member(Decoding);
        faults.Member(Normalisation);
        faults.Within(CenterShare, 0.1, 1);
        faults.Within(BoxMargin, -0.5, 4);
        if (Encoder is not null)
        {
            CheckEncoder(faults, Encoder);
        }

        faults.ThrowIfAny();
    }

    private void CheckEncoder(OptionFaults faults, FaceEncoderOptions encoder)
    {
        try
        {
            encoder.Validate();
        }
        catch (ArgumentException e) when (UserError.IsMarked(e))
        {
            faults.Add($"Section 'encoder': {e.Message}");
        }

        int usual = new FaceOptions().Width;
        if (encoder.Size > 0 && ((Width != usual && Width != encoder.Size) || (Height != usual && Height != encoder.Size)))
        {
            faults.Add(
                $"'Width' is {Width} and 'Height' {Height}, and there is an encoder of {encoder.Size} x {encoder.Size} pixels; "
                + "leave both out.");
        }

        if (Frames == FramePooling.Separate)
        {
            faults.Add("'Frames' is Separate and there is an encoder, whose vectors are averaged; must be Mean, First or Sampled.");
        }

        if (CenterShare < 1 || BoxMargin != 0)
        {
            faults.Add("'CenterShare' or 'BoxMargin' is given and there is an encoder, which has its own; give them in its section.");
        }

        if (Normalisation == FaceNormalisation.Clip)
        {
            faults.Add("'Normalisation' is Clip and there is an encoder, whose vectors it would be of; must be Corpus or None.");
        }
    }
}

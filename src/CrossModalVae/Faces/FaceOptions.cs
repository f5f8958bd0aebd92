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
}

/// <summary>The face front end of a recipe: jpg frames to features. Defaults are the report's.</summary>
public sealed record FaceOptions
{
    /// <summary>Width after resizing, in pixels. Default 23.</summary>
    public int Width { get; init; } = 23;

    /// <summary>Height after resizing, in pixels. Default 23.</summary>
    public int Height { get; init; } = 23;

    /// <summary>Grey or RGB. Default grey.</summary>
    public FaceColour Colour { get; init; } = FaceColour.Grey;

    /// <summary>How the frames of a clip are combined. Default their mean.</summary>
    public FramePooling Frames { get; init; } = FramePooling.Mean;
}

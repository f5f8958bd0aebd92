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
    /// <summary>The largest <see cref="Width"/> and <see cref="Height"/>.</summary>
    public const int LargestSide = 4096;

    /// <summary>Width after resizing, in pixels, 1 to <see cref="LargestSide"/>. Default 23.</summary>
    public int Width { get; init; } = 23;

    /// <summary>Height after resizing, in pixels, 1 to <see cref="LargestSide"/>. Default 23.</summary>
    public int Height { get; init; } = 23;

    /// <summary>Grey or RGB. Default grey.</summary>
    public FaceColour Colour { get; init; } = FaceColour.Grey;

    /// <summary>How the frames of a clip are combined. Default their mean.</summary>
    public FramePooling Frames { get; init; } = FramePooling.Mean;

    /// <summary>Everything that is wrong with these options, a sentence each; empty where they are right.</summary>
    public IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        CheckSide(faults, nameof(Width), Width);
        CheckSide(faults, nameof(Height), Height);
        if (!Enum.IsDefined(Colour))
        {
            faults.Add($"'{nameof(Colour)}' is {Colour}; must be Grey or Rgb.");
        }

        if (!Enum.IsDefined(Frames))
        {
            faults.Add($"'{nameof(Frames)}' is {Frames}; must be Mean or First.");
        }

        return faults;
    }

    /// <summary>Refuses options that cannot work, naming every fault.</summary>
    /// <exception cref="ArgumentException">A value lies outside its range; the message lists all that do.</exception>
    public void Validate()
    {
        IReadOnlyList<string> faults = Faults();
        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", faults));
        }
    }

    private static void CheckSide(List<string> faults, string name, int value)
    {
        if (value is < 1 or > LargestSide)
        {
            faults.Add($"'{name}' is {value}; must be 1 to {LargestSide}.");
        }
    }
}

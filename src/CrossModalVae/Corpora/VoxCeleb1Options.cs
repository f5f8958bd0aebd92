namespace CrossModalVae.Corpora;

/// <summary>The folders and lists of a copy of VoxCeleb1, and its splits.</summary>
public sealed record VoxCeleb1Options
{
    /// <summary>The folder that holds <see cref="VoiceFolder"/> and <see cref="FaceFolder"/>.</summary>
    public required string Root { get; init; }

    /// <summary>The folder of the voices, id/video/number.wav, within the root. Default wav.</summary>
    public string VoiceFolder { get; init; } = "wav";

    /// <summary>The folder of the faces, Name/1.6/video/frame.jpg, within the root. Default unzippedFaces.</summary>
    public string FaceFolder { get; init; } = "unzippedFaces";

    /// <summary>The list of people, separated by tabs or commas; null is vox1_meta.csv in the root. Default null.</summary>
    public string? MetaFile { get; init; }

    /// <summary>
    /// An identity split ("Name 1") or iden_split.txt ("1 id/video/number.wav"); null uses the set in the list of people. Default null.
    /// </summary>
    public string? SplitFile { get; init; }

    /// <summary>How identities are assigned to splits where the lists do not define them.</summary>
    public IdentitySplitOptions Split { get; init; } = new();

    /// <summary>The most frames of a clip, at least 1. Default 8.</summary>
    public int FacesPerClip { get; init; } = 8;

    /// <summary>Reports every fault of these options at once.</summary>
    /// <exception cref="ArgumentException">A value is missing or out of its range.</exception>
    public void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(Root);
        ArgumentException.ThrowIfNullOrEmpty(VoiceFolder);
        ArgumentException.ThrowIfNullOrEmpty(FaceFolder);
        var faults = new OptionFaults();
        faults.AtLeast(FacesPerClip, 1);
        faults.ThrowIfAny();
        Split.Validate();
    }
}

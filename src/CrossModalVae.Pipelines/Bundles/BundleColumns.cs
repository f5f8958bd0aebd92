namespace CrossModalVae.Pipelines;

/// <summary>
/// The input columns of a bundle's pipelines. The columns they add are named like the graphs'
/// tensors: voice_features, voice_mean, and so on.
/// </summary>
public sealed record BundleColumns
{
    /// <summary>The wav paths' column, String; an empty path is a missing voice. Default "voice_path".</summary>
    public string VoicePath { get; init; } = "voice_path";

    /// <summary>
    /// Where a clip starts in its wav file, in seconds, Single or Double; null where every clip starts with its file. Default null.
    /// </summary>
    public string? StartSeconds { get; init; }

    /// <summary>
    /// How long a clip lasts, in seconds, Single or Double, NaN to the end; null where every clip ends with its file. Default null.
    /// </summary>
    public string? DurationSeconds { get; init; }

    /// <summary>The face frames' column, String or Vector of String; no path is a missing face. Default "face_paths".</summary>
    public string FacePaths { get; init; } = "face_paths";

    /// <summary>Where the face is in each frame, Vector of Single, four numbers a frame (<see cref="FaceTensorEstimator"/>); null where all
    /// frames are taken whole. Default null.</summary>
    public string? FaceBoxes { get; init; }

    /// <summary>What relative paths are relative to; null for the current folder. Default null.</summary>
    public string? Folder { get; init; }
}

namespace CrossModalVae.Pipelines;

/// <summary>
/// The input columns of a model's pipelines; the type of a column decides what is read from it. The columns they add are those of
/// <see cref="ModelColumns"/>.
/// </summary>
public sealed record PipelineColumns
{
    /// <summary>
    /// The voices' column: paths of sound files, String; content of wav files, Vector of Byte; or samples, Vector of Single, with a rate.
    /// An empty value is a missing voice. Default "Voice".
    /// </summary>
    public string Voice { get; init; } = "Voice";

    /// <summary>
    /// Where a clip starts in its sound, in seconds, Single, Double or Int32; null where every clip starts with it. Default null.
    /// </summary>
    public string? StartSeconds { get; init; }

    /// <summary>
    /// How long a clip lasts, in seconds, Single, Double or Int32, NaN to the end; null where every clip ends with its sound. Default null.
    /// </summary>
    public string? DurationSeconds { get; init; }

    /// <summary>The rate of all samples, where the voices are samples; null where they are not, or a column has it. Default null.</summary>
    public int? SampleRateHz { get; init; }

    /// <summary>The column of each row's sample rate, Int32, Single or Double; null where all have one rate. Default null.</summary>
    public string? SampleRate { get; init; }

    /// <summary>
    /// The faces' column: one path, String; the paths of a clip's frames, Vector of String; one file's content, Vector of Byte; or one
    /// picture, MLImage. An empty value is a missing face. Default "Faces".
    /// </summary>
    public string Faces { get; init; } = "Faces";

    /// <summary>Where the face is in each frame, Vector of Single, four numbers a frame (<see cref="FaceTensorEstimator"/>); null where all
    /// frames are taken whole. Default null.</summary>
    public string? FaceBoxes { get; init; }

    /// <summary>What relative paths are relative to; null for the current folder. Default null.</summary>
    public string? Folder { get; init; }
}

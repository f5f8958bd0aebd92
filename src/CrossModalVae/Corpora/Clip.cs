using CrossModalVae.Faces;

namespace CrossModalVae.Corpora;

/// <summary>One line of a manifest: somebody speaking, heard and seen. A missing modality is legal; it is never a zero.</summary>
public sealed record Clip
{
    /// <summary>Whose clip this is; equal identities are the same person.</summary>
    public required string Identity { get; init; }

    /// <summary>The clip's name, unique within its identity.</summary>
    public required string Name { get; init; }

    /// <summary>The wav file, relative to the manifest's folder with forward slashes; null where the clip has no voice.</summary>
    public string? Voice { get; init; }

    /// <summary>The face frames, relative to the manifest's folder with forward slashes; empty where the clip has no face.</summary>
    public IReadOnlyList<string> Faces { get; init; } = [];

    /// <summary>
    /// Where the face is in each frame, null for the whole of it; empty where all frames are taken
    /// whole, else as many as <see cref="Faces"/>.
    /// </summary>
    public IReadOnlyList<FaceBox?> FaceBoxes { get; init; } = [];

    /// <summary>"m", "f" or null where unknown.</summary>
    public string? Gender { get; init; }

    /// <summary>The nationality as the corpus spells it, or null.</summary>
    public string? Nationality { get; init; }

    /// <summary>The age in years, or null.</summary>
    public double? Age { get; init; }

    /// <summary>The split the clip belongs to.</summary>
    public required CorpusSplit Split { get; init; }

    /// <summary>Where the clip starts in its wav file, in seconds, at least 0.</summary>
    public double StartSeconds { get; init; }

    /// <summary>How long the clip lasts in its wav file, in seconds, above 0; null to the end of the file.</summary>
    public double? DurationSeconds { get; init; }

    /// <summary>The key of the clip in its corpus: identity and name.</summary>
    public string Key => $"{Identity}/{Name}";
}

using CrossModalVae.Faces;

namespace CrossModalVae.Corpora;

/// <summary>One line of a manifest: a recording of an identity, with voice, face frames or both.</summary>
public sealed record Clip
{
    /// <summary>The identity (person) of the clip.</summary>
    public required string Identity { get; init; }

    /// <summary>The clip's name, unique within its identity.</summary>
    public required string Name { get; init; }

    /// <summary>The wav file, relative to the manifest's folder with forward slashes; null where the clip has no voice.</summary>
    public string? Voice { get; init; }

    /// <summary>The face frames, relative to the manifest's folder with forward slashes; empty where the clip has no face.</summary>
    public IReadOnlyList<string> Faces { get; init; } = [];

    /// <summary>
    /// The face's box in each frame, null for the whole frame; empty where all frames are used whole, else as many as <see cref="Faces"/>.
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

    /// <summary>Start of the clip in its wav file, in seconds, at least 0.</summary>
    public double StartSeconds { get; init; }

    /// <summary>Duration of the clip in its wav file, in seconds, above 0; null to the end of the file.</summary>
    public double? DurationSeconds { get; init; }

    /// <summary>The key of the clip in its corpus: identity and name.</summary>
    public string Key => $"{Identity}/{Name}";
}

/// <summary>A clip by its identity and name.</summary>
/// <param name="Identity">The identity of the clip.</param>
/// <param name="Clip">The clip's name within its identity.</param>
public readonly record struct ClipKey(string Identity, string Clip);

/// <summary>The split of a clip. An identity is in one split; a guard refuses a manifest in which one is in two.</summary>
public enum CorpusSplit
{
    /// <summary>Weights and statistics are fitted to it.</summary>
    Train,

    /// <summary>Epochs and settings are chosen on it.</summary>
    Validation,

    /// <summary>Only for reporting scores.</summary>
    Test,
}

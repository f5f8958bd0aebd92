using CrossModalVae.Corpora;

namespace CrossModalVae.Evaluation.Trials;

/// <summary>One line of a trial list. Trials of one kind and stratum are scored together.</summary>
public abstract record Trial
{
    /// <summary>The list it belongs to, as in GNA; null is all.</summary>
    public string? Stratum { get; init; }
}

/// <summary>A voice and a face; a target where their identities are equal.</summary>
/// <param name="Voice">The voice.</param>
/// <param name="Face">The face.</param>
public sealed record VerificationTrial(ClipKey Voice, ClipKey Face) : Trial
{
    /// <summary>Whether voice and face are of one identity.</summary>
    public bool IsTarget => Voice.Identity == Face.Identity;
}

/// <summary>A probe and N candidates, one of which is of the probe's identity.</summary>
/// <param name="Direction">The probe's modality and the candidates'.</param>
/// <param name="Probe">The probe.</param>
/// <param name="Positive">The right answer, of the probe's identity.</param>
/// <param name="Negatives">N - 1 wrong answers of other identities, at least one.</param>
public sealed record MatchingTrial(RetrievalDirection Direction, ClipKey Probe, ClipKey Positive, IReadOnlyList<ClipKey> Negatives) : Trial;

/// <summary>One item of a gallery: it is ranked for every item of the other modality, and is a probe to all of those.</summary>
/// <param name="Modality">Voice or face.</param>
/// <param name="Clip">The item.</param>
public sealed record RetrievalItem(Modality Modality, ClipKey Clip) : Trial;

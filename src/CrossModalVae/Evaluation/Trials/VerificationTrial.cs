using CrossModalVae.Corpora;

namespace CrossModalVae.Evaluation.Trials;

/// <summary>Are this voice and this face the same person's? It is where their identities are equal.</summary>
/// <param name="Voice">The voice.</param>
/// <param name="Face">The face.</param>
public sealed record VerificationTrial(ClipKey Voice, ClipKey Face) : Trial
{
    /// <summary>Whether voice and face are the same person's.</summary>
    public bool IsTarget => Voice.Identity == Face.Identity;
}

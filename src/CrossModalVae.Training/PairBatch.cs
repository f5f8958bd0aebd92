using static TorchSharp.torch;

namespace CrossModalVae.Training;

/// <summary>
/// A mini-batch in standardised units. The first C rows of both tensors are the complete pairs; rows after them have no partner. A missing
/// modality is an absent row, never a zero.
/// </summary>
/// <param name="Voice">[Bv, Fv], or null where nobody is heard.</param>
/// <param name="Face">[Bf, Ff], or null where nobody is seen.</param>
/// <param name="Identities">The C complete pairs' people.</param>
internal sealed record PairBatch(Tensor? Voice, Tensor? Face, IReadOnlyList<int> Identities)
{
    public long CompleteCount => Identities.Count;

    public long VoiceCount => Voice is null ? 0 : Voice.shape[0];

    public long FaceCount => Face is null ? 0 : Face.shape[0];
}

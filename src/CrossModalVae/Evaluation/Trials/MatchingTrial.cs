using CrossModalVae.Corpora;

namespace CrossModalVae.Evaluation.Trials;

/// <summary>Which of N candidates is the probe's person? One is.</summary>
/// <param name="Direction">The probe's modality and the candidates'.</param>
/// <param name="Probe">What asks.</param>
/// <param name="Positive">The right answer, of the probe's identity.</param>
/// <param name="Negatives">N - 1 wrong answers of other identities, at least one.</param>
public sealed record MatchingTrial(RetrievalDirection Direction, ClipKey Probe, ClipKey Positive, IReadOnlyList<ClipKey> Negatives) : Trial;

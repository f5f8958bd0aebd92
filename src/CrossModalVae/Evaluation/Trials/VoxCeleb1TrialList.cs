namespace CrossModalVae.Evaluation.Trials;

/// <summary>One published list.</summary>
/// <param name="FilePath">The file.</param>
/// <param name="Kind">What its trials ask.</param>
/// <param name="Stratum">What they are called among ours, as in GNA-unseen-unheard, GN or 20k.</param>
/// <param name="Direction">Which modality asks; null for verification and retrieval.</param>
/// <param name="Modality">Retrieval: what the list's items are; null elsewhere.</param>
/// <param name="TrialCount">Its rows.</param>
public sealed record VoxCeleb1TrialList(
    string FilePath, TrialKind Kind, string Stratum, RetrievalDirection? Direction, Modality? Modality, int TrialCount);

using CrossModalVae.Corpora;

namespace CrossModalVae.Evaluation.Trials;

/// <summary>One item of a gallery: it is searched by every item of the other modality, and asks among all of those itself.</summary>
/// <param name="Modality">Voice or face.</param>
/// <param name="Clip">The item.</param>
public sealed record RetrievalItem(Modality Modality, ClipKey Clip) : Trial;

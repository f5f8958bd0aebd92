namespace CrossModalVae.Evaluation;

/// <summary>Scores the whole gallery for one probe; called from several threads at once.</summary>
/// <param name="probe">Zero-based index of the probe.</param>
/// <param name="scores">One score for every item of the gallery, higher is nearer; must all be filled, none with NaN.</param>
public delegate void GalleryScorer(int probe, Span<float> scores);

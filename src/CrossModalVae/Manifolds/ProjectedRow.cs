namespace CrossModalVae.Manifolds;

/// <summary>One row of a projection.</summary>
/// <param name="Identity">Whose clip it is.</param>
/// <param name="Clip">The clip's name within its identity.</param>
/// <param name="Modality">What it was computed from.</param>
/// <param name="X">Its place in the plane.</param>
/// <param name="Y">Its place in the plane.</param>
public sealed record ProjectedRow(string Identity, string Clip, Modality Modality, double X, double Y);

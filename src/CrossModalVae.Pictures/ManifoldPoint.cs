namespace CrossModalVae.Pictures;

/// <summary>One point of a manifold: where a projection put a clip.</summary>
/// <param name="X">Any finite number.</param>
/// <param name="Y">Any finite number.</param>
/// <param name="Identity">Whose clip it is, or another class that has a colour of its own.</param>
/// <param name="Modality">What it was computed from.</param>
public readonly record struct ManifoldPoint(double X, double Y, string Identity, Modality Modality);

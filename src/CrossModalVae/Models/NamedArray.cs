namespace CrossModalVae.Models;

/// <summary>A named array of floats with its shape.</summary>
/// <param name="Shape">Sizes per axis, row-major.</param>
/// <param name="Values">As many numbers as the shape says.</param>
public sealed record NamedArray(IReadOnlyList<long> Shape, float[] Values);

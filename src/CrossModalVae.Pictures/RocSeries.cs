using CrossModalVae.Metrics;

namespace CrossModalVae.Pictures;

/// <summary>One system's or one direction's verification trials, for <see cref="RocPicture"/> and <see cref="DetPicture"/>.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Curve">Its error rates at every threshold.</param>
public sealed record RocSeries(string Name, RocCurve Curve);

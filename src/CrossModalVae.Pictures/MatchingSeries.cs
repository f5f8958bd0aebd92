namespace CrossModalVae.Pictures;

/// <summary>One system's or one direction's 1:N matching, for <see cref="MatchingPicture"/>.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Points">Its points, N ascending, at least one.</param>
public sealed record MatchingSeries(string Name, IReadOnlyList<MatchingPoint> Points);

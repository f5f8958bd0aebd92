namespace CrossModalVae.Pictures;

/// <summary>One ranking of a <see cref="RankingSheet"/>.</summary>
/// <param name="Probe">What asked.</param>
/// <param name="Matches">The answers, nearest first, at least one.</param>
public sealed record RankingSheetRow(RankingSheetProbe Probe, IReadOnlyList<RankingSheetMatch> Matches);

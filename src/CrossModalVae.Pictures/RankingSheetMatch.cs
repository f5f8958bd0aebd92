namespace CrossModalVae.Pictures;

/// <summary>One of the answers, on a <see cref="RankingSheet"/>.</summary>
/// <param name="Rank">One-based.</param>
/// <param name="Identity">Whose clip it is.</param>
/// <param name="Score">Higher is nearer.</param>
/// <param name="FaceFile">A JPEG or PNG of the face: the answer itself, or for a voice what its person looks like;
/// null where there is none.</param>
public sealed record RankingSheetMatch(int Rank, string Identity, double Score, string? FaceFile);

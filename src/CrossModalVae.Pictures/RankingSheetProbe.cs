namespace CrossModalVae.Pictures;

/// <summary>What asked, on a <see cref="RankingSheet"/>.</summary>
/// <param name="Identity">Whose clip it is.</param>
/// <param name="Modality">Voice or face.</param>
/// <param name="FaceFile">A JPEG or PNG of the face: the probe itself, or beside a voice what its person looks like;
/// null where there is none.</param>
public sealed record RankingSheetProbe(string Identity, Modality Modality, string? FaceFile);

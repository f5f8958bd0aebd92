using CrossModalVae.Pictures;

namespace CrossModalVae.Cli.Workflows;

/// <summary>The contact sheet of rankings, as SVG and PNG; its photographs are the middle frames of the clips.</summary>
internal static class RankingPictures
{
    internal static void Write(
        Manifest manifest,
        RetrievalDirection direction,
        IReadOnlyList<(ClipKey Query, IReadOnlyList<RankedMatch> Matches)> rankings,
        int galleryCount,
        string folder,
        string prefix = "")
    {
        Dictionary<(string, string), Clip> clips = manifest.Clips.ToDictionary(clip => (clip.Identity, clip.Name));
        bool voiceAsks = direction == RetrievalDirection.VoiceToFace;
        RankingSheetRow[] rows =
        [
            .. rankings.Select(ranking => new RankingSheetRow(
                new RankingSheetProbe(
                    ranking.Query.Identity, voiceAsks ? Modality.Voice : Modality.Face, Face(ranking.Query.Identity, ranking.Query.Clip)),
                [
                    .. ranking.Matches.Select(
                        match => new RankingSheetMatch(match.Rank, match.Identity, match.Score, Face(match.Identity, match.Clip))),
                ])),
        ];
        string of = rankings.Any(ranking => ranking.Matches.Any(match => match.ClipCount is not null)) ? "people among" : "of";
        string title = string.Create(
            CultureInfo.InvariantCulture,
            $"{(voiceAsks ? "Voice → face" : "Face → voice")}: the nearest {rows.Max(row => row.Matches.Count)} {of} {galleryCount} clips");
        RankingSheet.Draw(rows, new PictureOptions { Title = title }).SaveBoth(folder, prefix + "ranking");

        string? Face(string identity, string name)
        {
            if (!clips.TryGetValue((identity, name), out Clip? clip))
            {
                throw new InvalidDataException(
                    $"{manifest.FilePath}: has no clip '{identity}/{name}'; expected every clip of the embeddings.");
            }

            IReadOnlyList<string> faces = manifest.FacePaths(clip);
            return faces.Count == 0 ? null : faces[faces.Count / 2];
        }
    }
}

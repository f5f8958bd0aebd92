using CrossModalVae.Cli.Terminal;
using CrossModalVae.Pictures;

namespace CrossModalVae.Cli.Workflows;

/// <summary>Contact sheets of rankings.</summary>
internal static class RankingPictures
{
    /// <summary>Rankings below each other; the photographs are the middle frames of the clips.</summary>
    internal static Picture Draw(
        Manifest manifest, RetrievalDirection direction, IReadOnlyList<SheetRanking> rankings, string about)
    {
        var faces = new ClipFaces(manifest);
        (Modality modality, string arrow) = direction == RetrievalDirection.VoiceToFace
            ? (Modality.Voice, "Voice → face")
            : (Modality.Face, "Face → voice");
        RankingSheetRow[] rows =
        [
            .. rankings.Select(ranking => new RankingSheetRow(
                new RankingSheetProbe(ranking.Query.Identity, modality, faces.Middle(ranking.Query.Identity, ranking.Query.Clip)),
                [
                    .. ranking.Matches.Select(
                        match => new RankingSheetMatch(match.Rank, match.Identity, match.Score, faces.Middle(match.Identity, match.Clip))),
                ])
            {
                Heading = (ranking.Label.Length > 0 ? $"{ranking.Label}: " : "") + RankingTables.Describe(ranking.Place),
            }),
        ];
        bool byIdentity = rankings.Any(ranking => ranking.Matches.Any(match => match.ClipCount is not null));
        string title = $"{arrow}: the nearest {rows.Max(row => row.Matches.Count)} of "
            + Counted.Of(rankings[0].Place.RankedCount, byIdentity ? "person" : "clip");
        return RankingSheet.Draw(rows, new PictureOptions { Title = title, Subtitle = about });
    }

    /// <summary>
    /// Three queries and what is nearest to them in the other modality: those for which the right person stands best, in the middle, and
    /// worst; of queries as good as each other, the first. Null where no query's person is among the ranked.
    /// </summary>
    internal static Picture? Extremes(
        EmbeddingSet embeddings,
        RetrievalDirection direction,
        RankingOptions options,
        Manifest manifest,
        string data,
        CancellationToken cancellationToken)
    {
        (Modality asking, Modality asked) = direction == RetrievalDirection.VoiceToFace
            ? (Modality.Voice, Modality.Face)
            : (Modality.Face, Modality.Voice);
        EmbeddingSet gallery = embeddings.Where(row => row.Modality == asked);
        int[] queries = [.. Enumerable.Range(0, embeddings.Count).Where(i => embeddings.Rows[i].Modality == asking)];
        if (gallery.Count == 0)
        {
            return null;
        }

        RankingPlace[] places = EmbeddingSteps.Places(embeddings, queries, gallery, options, cancellationToken);
        int[] order = [.. Enumerable.Range(0, queries.Length).Where(i => places[i].Rank is not null).OrderBy(i => places[i].Rank)];
        if (order.Length == 0)
        {
            return null;
        }

        (string Label, int Index)[] shown = [("Best", order[0]), ("Median", order[order.Length / 2]), ("Worst", order[^1])];
        return Draw(
            manifest,
            direction,
            [
                .. shown.DistinctBy(row => row.Index).Select(row => new SheetRanking(
                    new ClipKey(embeddings.Rows[queries[row.Index]].Identity, embeddings.Rows[queries[row.Index]].Clip),
                    EmbeddingSteps.Rank(embeddings, queries[row.Index], gallery, options),
                    places[row.Index],
                    $"{row.Label} of {order.Length} {EnumText.Of(asking)}s")),
            ],
            ResultPictures.About(data, ResultPictures.Describe(gallery), EnumText.Of(options.Metric)));
    }
}

/// <summary>
/// One ranking of a contact sheet: the query, its matches, where the person asked for stands, and what the row is called.
/// </summary>
internal sealed record SheetRanking(ClipKey Query, IReadOnlyList<RankedMatch> Matches, RankingPlace Place, string Label = "");

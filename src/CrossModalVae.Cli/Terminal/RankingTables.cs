using Spectre.Console;

namespace CrossModalVae.Cli.Terminal;

/// <summary>Prints a ranking: who asked, what took part, and a line a match.</summary>
internal static class RankingTables
{
    internal static void Print(TextWriter writer, Ranking ranking)
    {
        RankingProbe query = ranking.Query;
        string asking = query.Clip is string clip
            ? $"query {query.Identity}/{clip}"
            : $"query {query.Identity}, {query.ClipCount} clips by {EnumText.Of(query.Combination!.Value)}";
        string filter = ranking.Filter.IsEmpty ? "" : $" ({ranking.Filter.Describe()})";
        writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{EnumText.Of(ranking.Direction)}, {asking}, {EnumText.Of(ranking.Metric)}, among {ranking.GalleryCount} clips{filter}"));
        bool byIdentity = ranking.Identities is not null;
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumn(new TableColumn("rank").RightAligned());
        table.AddColumn("identity");
        table.AddColumn(byIdentity ? "nearest clip" : "clip");
        if (byIdentity)
        {
            table.AddColumn(new TableColumn("clips").RightAligned());
        }

        table.AddColumn(new TableColumn(Heading(ranking.Identities)).RightAligned());
        if (ranking.Calibration is not null)
        {
            table.AddColumn(new TableColumn("same person").RightAligned());
        }

        table.AddColumn("");
        foreach (RankedMatch match in ranking.Matches)
        {
            var cells = new List<string>
            {
                match.Rank.ToString(CultureInfo.InvariantCulture), Markup.Escape(match.Identity), Markup.Escape(match.Clip),
            };
            if (byIdentity)
            {
                cells.Add(match.ClipCount?.ToString(CultureInfo.InvariantCulture) ?? "");
            }

            cells.Add(match.Score.ToString("0.0000", CultureInfo.InvariantCulture));
            if (ranking.Calibration is not null)
            {
                cells.Add(match.Probability?.ToString("0.0%", CultureInfo.InvariantCulture) ?? "");
            }

            cells.Add(match.Identity == query.Identity ? "the same person" : "");
            table.AddRow([.. cells]);
        }

        Tables.Write(writer, table);
        if (ranking.Calibration is { } calibration)
        {
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"same person: calibrated, where {calibration.Prior:0.####%} of the pairs compared are of one person"));
        }
    }

    private static string Heading(IdentityAggregation? identities) => identities switch
    {
        { Score: IdentityScore.Mean } => "mean score",
        { Score: IdentityScore.TopM } => string.Create(CultureInfo.InvariantCulture, $"mean of top {identities.TopCount}"),
        { } => "best score",
        null => "score",
    };
}

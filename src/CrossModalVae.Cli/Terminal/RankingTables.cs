using Spectre.Console;

namespace CrossModalVae.Cli.Terminal;

/// <summary>Prints a ranking: the query, what took part, and a line a match.</summary>
internal static class RankingTables
{
    private const double SamePrior = 1e-9;

    internal static void Print(TextWriter writer, Ranking ranking)
    {
        RankingProbe query = ranking.Query;
        string probe = query.Clip is string clip
            ? $"query {query.Identity}/{clip}"
            : $"query {query.Identity}, {Counted.Of(query.ClipCount, "clip")} by {EnumText.Of(query.Combination!.Value)}";
        string filter = ranking.Filter.IsEmpty ? "" : $" ({ranking.Filter.Describe()})";
        writer.WriteLine(
            $"{EnumText.Of(ranking.Direction)}, {probe}, {EnumText.Of(ranking.Metric)}, "
            + $"among {Counted.Of(ranking.GalleryCount, "clip")}{filter}");

        bool byIdentity = ranking.Identities is not null;
        var table = new Table().Border(TableBorder.Simple);
        AddColumn("rank", number: true);
        AddColumn("identity");
        AddColumn(byIdentity ? "nearest clip" : "clip");
        AddColumn("clips", number: true, byIdentity);
        AddColumn(Heading(ranking.Identities), number: true);
        AddColumn(
            Invariant($"same person (prior {ranking.Calibration?.Prior:0.##%})"), number: true, ranking.Calibration is not null);
        AddColumn("");
        foreach (RankedMatch match in ranking.Matches)
        {
            var cells = new List<string> { Tables.Number(match.Rank), match.Identity, match.Clip };
            if (byIdentity)
            {
                cells.Add(match.ClipCount?.ToString(CultureInfo.InvariantCulture) ?? "");
            }

            cells.Add(match.Score.ToString("0.0000", CultureInfo.InvariantCulture));
            if (ranking.Calibration is not null)
            {
                cells.Add(match.Probability is double probability ? Tables.Percent(probability) : "");
            }

            cells.Add(match.Identity == query.Identity ? "the same person" : "");
            table.Row(cells);
        }

        Tables.Write(writer, table);
        if (ranking.Place is RankingPlace place)
        {
            string where = Describe(place);
            writer.WriteLine($"{query.Identity}: {where}");
        }

        if (ranking.Calibration is { } calibration)
        {
            bool fromCount = ranking.Place is RankingPlace { IdentityCount: > 1 } among
                && Math.Abs((calibration.Prior * among.IdentityCount) - 1) < SamePrior;
            string prior = fromCount
                ? Invariant($"{calibration.Prior:0.##%}, one of the {ranking.Place!.IdentityCount} people ranked; --prior sets another")
                : Invariant($"{calibration.Prior:0.####%}");
            writer.WriteLine($"same person: the calibrated probability at a prior of {prior}");
        }

        void AddColumn(string name, bool number = false, bool shown = true)
        {
            if (shown)
            {
                table.AddColumn(new TableColumn(Tables.Heading(name)) { Alignment = number ? Justify.Right : null });
            }
        }
    }

    /// <summary>Where the person asked for stands, and where by chance.</summary>
    internal static string Describe(RankingPlace place)
    {
        bool people = place.RankedCount == place.IdentityCount && place.OwnCount <= 1;
        string ranked = Counted.Of(place.RankedCount, people ? "person" : "clip");
        string best = place.OwnCount > 1 ? $", the best of their {place.OwnCount}" : "";
        return place.Rank is int rank
            ? Invariant($"the right person stands at rank {rank} of {ranked}{best}; by chance about {place.ChanceRank:0}")
            : $"the right person is not among the {ranked} ranked";
    }

    private static string Heading(IdentityAggregation? identities) => identities switch
    {
        { Score: IdentityScore.ShrunkenMean } => "shrunken mean",
        { Score: IdentityScore.Mean } => "mean score",
        { Score: IdentityScore.TopM } => $"mean of top {identities.TopCount}",
        { } => "best score",
        null => "score",
    };
}

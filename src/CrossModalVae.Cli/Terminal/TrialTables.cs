using CrossModalVae.Evaluation;
using CrossModalVae.Evaluation.Trials;
using Spectre.Console;

namespace CrossModalVae.Cli.Terminal;

/// <summary>Prints scores of listed trials: a line a figure, each with its chance level and the number of trials.</summary>
internal static class TrialTables
{
    internal static void Print(TextWriter writer, TrialReport report)
    {
        writer.WriteLine($"{report.TrialCount} trials scored by {EnumText.Of(report.Metric)}");
        if (report.MissingCount > 0)
        {
            writer.WriteLine(
                $"{report.MissingCount} more trials name clips that the embeddings lack and were left out: "
                + "these scores do not compare with others' on the whole list.");
        }

        var table = new Table().Border(TableBorder.Simple);
        table.AddColumn("trials");
        table.AddColumn("figure");
        bool compared = report.Lists.Any(scores => scores.Differences.Count > 0);
        (string Name, bool Shown)[] columns =
        [
            ("score", true),
            ("chance", true),
            ("minus against", compared),
            ("count", !compared),
            ("missing", report.MissingCount > 0),
            ("people", !compared),
            ("splits", HasMet(report)),
        ];
        foreach ((string column, _) in columns.Where(column => column.Shown))
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (TrialListScores scores in report.Lists)
        {
            foreach (EvaluationMetric figure in Expected(scores))
            {
                MetricValue? value = scores.Metrics.GetValueOrDefault(figure);
                string[] cells =
                [
                    PopulationTables.Text(value?.Value, value?.Interval),
                    EvaluationTables.Text(value?.Chance),
                    scores.Differences.TryGetValue(figure, out MetricDifference? minus) ? PopulationTables.Signed(minus) : "-",
                    (value?.Count ?? 0).ToString(CultureInfo.InvariantCulture),
                    scores.MissingCount.ToString(CultureInfo.InvariantCulture),
                    scores.IdentityCount.ToString(CultureInfo.InvariantCulture),
                    string.Join(' ', scores.Splits.Select(EnumText.Of)),
                ];
                string asked = figure == EvaluationMetric.ListedMatching ? $"1 of {scores.CandidateCount}" : PopulationTables.Name(figure);
                string[] shown = [Name(scores), asked, .. cells.Where((_, i) => columns[i].Shown)];
                table.AddRow([.. shown.Select(Markup.Escape)]);
            }
        }

        Tables.Write(writer, table);
        foreach (string warning in report.Warnings)
        {
            writer.WriteLine($"warning: {warning}");
        }

        if (HasMet(report))
        {
            writer.WriteLine("Scores on people of another split than test are of people whom training may have seen.");
        }
    }

    private static string Name(TrialListScores scores)
    {
        string direction = scores.Direction is RetrievalDirection asks ? $", {EnumText.Of(asks)}" : "";
        return $"{EnumText.Of(scores.Kind)} {scores.Stratum ?? "all"}{direction}";
    }

    private static bool HasMet(TrialReport report) => report.Lists.Any(scores => scores.Splits.Any(split => split != CorpusSplit.Test));

    // A line for every figure of the kind, also where nothing was left to score.
    private static IEnumerable<EvaluationMetric> Expected(TrialListScores scores) => scores.Kind switch
    {
        TrialKind.Verification =>
            [
                EvaluationMetric.Auc,
                EvaluationMetric.EqualErrorRate,
                EvaluationMetric.DetectionCostAt1Percent,
                EvaluationMetric.DetectionCostAt5Percent,
            ],
        TrialKind.Matching => [EvaluationMetric.ListedMatching],
        _ => EvaluationMetrics.All.Where(figure => figure >= EvaluationMetric.MeanReciprocalRank),
    };
}

using CrossModalVae.Evaluation;
using CrossModalVae.Evaluation.Trials;
using Spectre.Console;

namespace CrossModalVae.Cli.Terminal;

/// <summary>Prints scores of listed trials: a line a metric, each with its chance level and the number of trials.</summary>
internal static class TrialTables
{
    internal static void Print(TextWriter writer, TrialReport report)
    {
        writer.WriteLine($"{Counted.Of(report.TrialCount, "trial")} scored by {EnumText.Of(report.Metric)}");
        if (report.MissingCount > 0)
        {
            writer.WriteLine(
                $"{report.MissingCount} more trials name clips that the embeddings lack and were left out: "
                + "these scores do not compare with others' on the whole list.");
        }

        bool compared = report.Lists.Any(scores => scores.Differences.Count > 0);
        bool seen = report.Lists.Any(scores => scores.Splits.Any(split => split != CorpusSplit.Test));
        (string Name, bool Shown)[] columns =
        [
            ("score", true),
            ("chance", true),
            ("minus against", compared),
            ("count", !compared),
            ("missing", report.MissingCount > 0),
            ("identities", !compared),
            ("splits", seen),
        ];
        Table table = Tables.Start(["trials", "metric"], columns.Where(column => column.Shown).Select(column => column.Name));
        foreach (TrialListScores scores in report.Lists)
        {
            foreach (EvaluationMetric metric in Expected(scores))
            {
                MetricValue? value = scores.Metrics.GetValueOrDefault(metric);
                string[] cells =
                [
                    PopulationTables.Text(value?.Value, value?.Interval),
                    Tables.Metric(value?.Chance),
                    scores.Differences.TryGetValue(metric, out MetricDifference? minus) ? PopulationTables.Signed(minus) : "-",
                    Tables.Number(value?.Count ?? 0),
                    Tables.Number(scores.MissingCount),
                    Tables.Number(scores.IdentityCount),
                    string.Join(' ', scores.Splits.Select(EnumText.Of)),
                ];
                string name = metric == EvaluationMetric.ListedMatching ? $"1 of {scores.CandidateCount}" : PopulationTables.Name(metric);
                table.Row([Name(scores), name, .. cells.Where((_, i) => columns[i].Shown)]);
            }
        }

        Tables.Write(writer, table);
        foreach (string warning in report.Warnings)
        {
            writer.WriteLine($"warning: {warning}");
        }

        if (seen)
        {
            writer.WriteLine("Scores on another split than test are of identities that training may have seen.");
        }
    }

    private static string Name(TrialListScores scores)
    {
        string direction = scores.Direction is RetrievalDirection way ? $", {EnumText.Of(way)}" : "";
        return $"{EnumText.Of(scores.Kind)} {scores.Stratum ?? "all"}{direction}";
    }

    // A line for every metric of the kind, also where no trial was left to score.
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
        _ => EvaluationMetrics.All.Where(metric => metric >= EvaluationMetric.MeanReciprocalRank),
    };
}

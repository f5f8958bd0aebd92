using System.Globalization;
using CrossModalVae.Corpora;
using CrossModalVae.Evaluation;
using CrossModalVae.Evaluation.Trials;
using CrossModalVae.Files;
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
            writer.WriteLine($"{report.MissingCount} more trials name clips that the embeddings lack and were left out: these scores do not compare with others' on the whole list.");
        }

        var table = new Table().Border(TableBorder.Simple);
        table.AddColumn("trials");
        table.AddColumn("figure");
        foreach (string column in new[] { "score", "chance", "trials", "missing", "people" })
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        table.AddColumn("splits");
        foreach (TrialListScores scores in report.Lists)
        {
            string name = Name(scores);
            foreach ((string figure, MetricValue? value) in Figures(scores))
            {
                table.AddRow(
                    Markup.Escape(name),
                    figure,
                    EvaluationTables.Text(value?.Value),
                    EvaluationTables.Text(value?.Chance),
                    (value?.Count ?? 0).ToString(CultureInfo.InvariantCulture),
                    scores.MissingCount.ToString(CultureInfo.InvariantCulture),
                    scores.IdentityCount.ToString(CultureInfo.InvariantCulture),
                    string.Join(' ', scores.Splits.Select(EnumText.Of)));
            }
        }

        Tables.Write(writer, table);
        if (report.Lists.Any(scores => scores.Splits.Any(split => split != CorpusSplit.Test)))
        {
            writer.WriteLine("Scores on people of another split than test are of people whom training may have seen.");
        }
    }

    private static string Name(TrialListScores scores)
    {
        string direction = scores.Direction is RetrievalDirection asks ? $", {EnumText.Of(asks)}" : "";
        return $"{EnumText.Of(scores.Kind)} {scores.Stratum ?? "all"}{direction}";
    }

    private static IEnumerable<(string Name, MetricValue? Value)> Figures(TrialListScores scores) => scores.Kind switch
    {
        TrialKind.Verification => [("AUC", scores.Auc), ("EER (lower is better)", scores.EqualErrorRate)],
        TrialKind.Matching => [($"1 of {scores.CandidateCount}", scores.MatchingAccuracy)],
        _ =>
        [
            ("MRR", scores.Retrieval?.MeanReciprocalRank),
            ("R@1", scores.Retrieval?.RecallAt1),
            ("R@5", scores.Retrieval?.RecallAt5),
            ("R@10", scores.Retrieval?.RecallAt10),
            ("mAP", scores.Retrieval?.MeanAveragePrecision),
        ],
    };
}

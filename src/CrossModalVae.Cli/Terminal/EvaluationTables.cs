using System.Globalization;
using CrossModalVae.Evaluation;
using Spectre.Console;

namespace CrossModalVae.Cli.Terminal;

/// <summary>Prints an evaluation: a line a figure, both directions, each with its chance level.</summary>
internal static class EvaluationTables
{
    internal static void Print(TextWriter writer, EvaluationReport report)
    {
        writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{report.IdentityCount} identities, {report.ClipCount} clips, trials drawn with seed {report.Seed}"));
        bool hasCeiling = report.VoiceToFaceCeiling is not null;
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumn("");
        foreach (string direction in new[] { "voice to face", "face to voice" })
        {
            table.AddColumn(new TableColumn(direction).RightAligned());
            table.AddColumn(new TableColumn("chance").RightAligned());
            if (hasCeiling)
            {
                table.AddColumn(new TableColumn("ceiling").RightAligned());
            }
        }

        Add("verification AUC", scores => scores.Auc);
        Add("verification EER (lower is better)", scores => scores.EqualErrorRate);
        Add("matching 1 of 2", scores => scores.MatchingOf2Accuracy);
        Add("matching 1 of 10", scores => scores.MatchingOf10Accuracy);
        Add("retrieval MRR", scores => scores.MeanReciprocalRank);
        Add("retrieval R@1", scores => scores.RecallAt1);
        Add("retrieval R@5", scores => scores.RecallAt5);
        Add("retrieval R@10", scores => scores.RecallAt10);
        Add("retrieval mAP", scores => scores.MeanAveragePrecision);
        Tables.Write(writer, table);
        PrintClustering(writer, report);
        PrintNearest(writer, report);

        void Add(string name, Func<DirectionScores, MetricValue?> figure)
        {
            var cells = new List<string> { name };
            foreach ((DirectionScores own, DirectionScores? ceiling) in new[]
            {
                (report.VoiceToFace, report.VoiceToFaceCeiling), (report.FaceToVoice, report.FaceToVoiceCeiling),
            })
            {
                cells.Add(Text(figure(own)?.Value));
                cells.Add(Text(figure(own)?.Chance));
                if (ceiling is not null)
                {
                    cells.Add(Text(figure(ceiling)?.Value));
                }
            }

            table.AddRow([.. cells]);
        }
    }

    internal static string Text(double? value) => value is double number ? number.ToString("0.000", CultureInfo.InvariantCulture) : "-";

    private static void PrintClustering(TextWriter writer, EvaluationReport report)
    {
        if (report.Clustering.Count == 0)
        {
            return;
        }

        ClusteringTables.Print(writer, report.Clustering);
    }

    private static void PrintNearest(TextWriter writer, EvaluationReport report)
    {
        if (report.Nearest.Count == 0)
        {
            return;
        }

        writer.WriteLine("Nearest identities of the other modality (the report's Figure 4)");
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumn("query");
        table.AddColumn("identity");
        table.AddColumn(new TableColumn("own rank").RightAligned());
        table.AddColumn("nearest identities");
        foreach (NearestIdentities nearest in report.Nearest)
        {
            table.AddRow(
                nearest.Direction == RetrievalDirection.VoiceToFace ? "voice" : "face",
                Markup.Escape(nearest.Probe.Identity),
                nearest.OwnRank?.ToString(CultureInfo.InvariantCulture) ?? "-",
                Markup.Escape(string.Join(", ", nearest.Matches.Select(match => match.Identity))));
        }

        Tables.Write(writer, table);
    }
}

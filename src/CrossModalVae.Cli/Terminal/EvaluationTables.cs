using CrossModalVae.Evaluation;
using Spectre.Console;

namespace CrossModalVae.Cli.Terminal;

/// <summary>Prints an evaluation: the people of every split by themselves, then clusters and nearest people of the first.</summary>
internal static class EvaluationTables
{
    internal static void Print(TextWriter writer, EvaluationReport report)
    {
        foreach (PopulationScores population in report.Populations)
        {
            PopulationTables.Print(writer, population, report.Options);
        }

        PrintClustering(writer, report);
        PrintNearest(writer, report);
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

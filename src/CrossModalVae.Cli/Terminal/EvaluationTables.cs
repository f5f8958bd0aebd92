using CrossModalVae.Evaluation;
using Spectre.Console;

namespace CrossModalVae.Cli.Terminal;

/// <summary>Prints an evaluation: the identities of every split by themselves, then clusters and nearest identities of the first.</summary>
internal static class EvaluationTables
{
    /// <summary>The report's summary, a line a sentence.</summary>
    internal static void PrintSummary(TextWriter writer, EvaluationReport report)
    {
        foreach (string line in report.Summary)
        {
            writer.WriteLine(line);
        }
    }

    internal static void Print(TextWriter writer, EvaluationReport report)
    {
        foreach (PopulationScores population in report.Populations)
        {
            PopulationTables.Print(writer, population, report.Options);
        }

        if (report.Clustering.Count > 0)
        {
            ClusteringTables.Print(writer, report.Clustering);
        }

        if (report.Nearest.Count > 0)
        {
            PrintNearest(writer, report.Nearest);
        }
    }

    private static void PrintNearest(TextWriter writer, IReadOnlyList<NearestIdentities> nearest)
    {
        writer.WriteLine("Nearest identities of the other modality (the report's Figure 4)");
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumns("query", "identity");
        table.AddColumn(new TableColumn("own rank").RightAligned());
        table.AddColumn("nearest identities");
        foreach (NearestIdentities row in nearest)
        {
            table.Row(
                row.Direction == RetrievalDirection.VoiceToFace ? "voice" : "face",
                row.Probe.Identity,
                row.OwnRank?.ToString(CultureInfo.InvariantCulture) ?? "-",
                string.Join(", ", row.Matches.Select(match => match.Identity)));
        }

        Tables.Write(writer, table);
    }
}

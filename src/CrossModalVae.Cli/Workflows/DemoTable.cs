using CrossModalVae.Cli.Terminal;
using CrossModalVae.Evaluation;
using Spectre.Console;

namespace CrossModalVae.Cli.Workflows;

/// <summary>Prints the demo's closing table.</summary>
internal static class DemoTable
{
    internal static void Print(TextWriter writer, DemoSummary summary, string folder)
    {
        DirectionScores model = summary.Model.VoiceToFace;
        writer.WriteLine();
        writer.WriteLine($"{model.IdentityCount} synthetic identities never seen in training, {model.ProbeCount} clips");
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumn("");
        foreach (string column in new[] { "AUC voice to face", "AUC face to voice", "MRR voice to face", "MRR face to voice" })
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        table.AddRow(Cells("chance", figure => figure.Chance, summary.Model));
        table.AddRow(Cells("linear baseline (CCA)", figure => figure.Value, summary.Linear));
        table.AddRow(Cells("the report's recipe", figure => figure.Value, summary.Report));
        table.AddRow(Cells("the demo recipe", figure => figure.Value, summary.Model));
        table.AddRow(Cells("ceiling (ideal matcher)", figure => figure.Value, summary.Ceiling));
        Tables.Write(writer, table);
        foreach (string line in summary.RealClips)
        {
            writer.WriteLine(line);
        }

        writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{summary.Seconds:0} s; files in {folder}, metrics in {Path.Combine(folder, DemoSummary.FileName)}, "
            + $"curves and rankings to look at in {Path.Combine(folder, Demo.PictureFolder)}"));
    }

    private static string[] Cells(string name, Func<MetricValue, double> pick, DemoRow row) =>
    [
        name,
        EvaluationTables.Text(pick(row.VoiceToFace.Auc)),
        EvaluationTables.Text(pick(row.FaceToVoice.Auc)),
        EvaluationTables.Text(pick(row.VoiceToFace.MeanReciprocalRank)),
        EvaluationTables.Text(pick(row.FaceToVoice.MeanReciprocalRank)),
    ];
}

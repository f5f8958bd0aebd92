using CrossModalVae.Cli.Terminal;
using CrossModalVae.Evaluation;
using Spectre.Console;

namespace CrossModalVae.Cli.Workflows;

/// <summary>Prints the demo's closing table.</summary>
internal static class DemoTable
{
    // As of the validation people in training.
    private const int FewPeople = 50;

    internal static void Print(TextWriter writer, DemoSummary summary, string folder)
    {
        DirectionScores model = summary.Model.VoiceToFace;
        writer.WriteLine();
        writer.WriteLine($"{model.IdentityCount} synthetic identities never seen in training, {model.ProbeCount} clips");
        Table table = Tables.Start([""], "AUC voice to face", "AUC face to voice", "MRR voice to face", "MRR face to voice");
        AddRow("chance", metric => metric.Chance, summary.Model);
        AddRow("linear baseline (CCA)", metric => metric.Value, summary.Linear);
        AddRow("the report's recipe", metric => metric.Value, summary.Report);
        AddRow("the demo recipe", metric => metric.Value, summary.Model);
        AddRow("ceiling (ideal matcher)", metric => metric.Value, summary.Ceiling);
        Tables.Write(writer, table);
        if (model.IdentityCount < FewPeople)
        {
            writer.WriteLine(
                $"note: {model.IdentityCount} people are too few to tell these rows apart; "
                + $"'{CommandLine.ProgramName} demo' without options has 160, and trains for as long as it takes.");
        }

        foreach (string line in ClusterFindings.Of(summary.Clusters, summary.HierarchicalClusters))
        {
            writer.WriteLine(line);
        }

        foreach (string line in summary.RealClips)
        {
            writer.WriteLine(line);
        }

        writer.WriteLine(
            Invariant($"{summary.Seconds:0} s; files in {folder}, metrics in {Path.Combine(folder, DemoSummary.FileName)}, ")
            + $"pictures in {Path.Combine(folder, Demo.PictureFolder)}");
        writer.WriteLine($"all of it on one page: {Path.Combine(folder, Demo.ReportFile)}");

        void AddRow(string name, Func<MetricValue, double> pick, DemoRow row) => table.Row([
            name,
            .. new[]
            {
                row.VoiceToFace.Auc, row.FaceToVoice.Auc, row.VoiceToFace.MeanReciprocalRank, row.FaceToVoice.MeanReciprocalRank,
            }.Select(value => Tables.Metric(pick(value))),
        ]);
    }
}

using CrossModalVae.Sweeps;
using Spectre.Console;

namespace CrossModalVae.Cli.Terminal;

/// <summary>Prints a sweep: the trials, those that were trained furthest first, of these the best first.</summary>
internal static class SweepTables
{
    private static readonly string[] ErrorColumn = ["standard error"];

    internal static void Print(TextWriter writer, SweepResults results)
    {
        string[] paths = [.. results.Lines[0].Trial.Options.Select(option => option.Path)];
        string[] names = [.. paths.Select(path => path[(path.LastIndexOf('.') + 1)..])];
        IEnumerable<string> options = names.Distinct().Count() == names.Length ? names : paths;
        bool hasErrors = results.Lines.Any(line => line.Last?.StandardError is not null);
        Table table = Tables.Start(
            [],
            [
                "trial", .. options, "epochs", "score", .. hasErrors ? ErrorColumn : [], "AUC", "by identity", "same gender", "",
            ]);
        foreach (SweepLine line in results.Sorted)
        {
            SweepScore? last = line.Fault is null ? line.Last : null;
            table.Row(
            [
                Tables.Number(line.Trial.Number),
                .. line.Trial.Values.Select(SweepTrial.Shown),
                last is null ? "-" : Tables.Number(last.Epochs),
                Tables.Metric(last?.Score),
                .. hasErrors ? new[] { Tables.Metric(last?.StandardError) } : [],
                Tables.Metric(last?.Auc),
                Tables.Metric(last?.IdentityAuc),
                Tables.Metric(last?.SameGenderAuc),
                line.Fault is not null ? "failed" : last is { IsCollapsed: true } ? "collapsed" : line == results.Best ? "best" : "",
            ]);
        }

        Tables.Write(writer, table);
        foreach (SweepLine line in results.Lines.Where(line => line.Fault is not null))
        {
            writer.WriteLine($"trial {line.Trial.Number} failed: {line.Fault}");
        }

        writer.WriteLine(results.Best is SweepLine best
            ? Invariant($"best: trial {best.Trial.Number}, {best.Trial.Text}; score {best.Last!.Score:0.000}, the AUC by identity ")
                + "smoothed over epochs, on people who also chose it"
            : "no trial has a score");
    }
}

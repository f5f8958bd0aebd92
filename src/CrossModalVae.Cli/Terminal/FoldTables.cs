using CrossModalVae.Training.Folds;
using Spectre.Console;

namespace CrossModalVae.Cli.Terminal;

/// <summary>Prints a cross-validation: a line for each fold, then mean and standard deviation, then the people of all folds.</summary>
internal static class FoldTables
{
    internal static void Print(TextWriter writer, FoldSummary summary)
    {
        Table table = Tables.Start(["fold"], "people", "clips", "kept epoch", "AUC", "by identity", "same gender");
        foreach (FoldLine fold in summary.Folds)
        {
            table.Row(
                fold.Run,
                Tables.Number(fold.Identities),
                Tables.Number(fold.Clips),
                Tables.Number(fold.BestEpoch),
                Tables.Metric(fold.Auc),
                Tables.Metric(fold.IdentityAuc),
                Tables.Metric(fold.SameGenderAuc));
        }

        FoldFigure?[] figures = [summary.Auc, summary.IdentityAuc, summary.SameGenderAuc];
        table.Row(["mean", "", "", "", .. figures.Select(figure => Tables.Metric(figure?.Mean))]);
        table.Row(["standard deviation", "", "", "", .. figures.Select(figure => Tables.Metric(figure?.StandardDeviation))]);
        Tables.Write(writer, table);
        Print("by identity", summary.Pooled);
        Print("by identity, same gender", summary.PooledSameGender);

        void Print(string name, PooledFigure? figure)
        {
            if (figure is not null)
            {
                string interval = figure is { Low: double low, High: double high } ? Invariant($" [{low:0.000}, {high:0.000}]") : "";
                writer.WriteLine(Invariant($"AUC {name} over {Counted.Of(figure.People, "person")}: {figure.Mean:0.000}{interval}"));
            }
        }
    }
}

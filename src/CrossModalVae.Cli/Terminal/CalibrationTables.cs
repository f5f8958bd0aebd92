using CrossModalVae.Calibration;
using CrossModalVae.Metrics;
using Spectre.Console;

namespace CrossModalVae.Cli.Terminal;

/// <summary>Prints a calibration: the fit, its losses before and after, and its reliability table.</summary>
internal static class CalibrationTables
{
    internal static void Print(TextWriter writer, CalibrationReport report)
    {
        ScoreCalibration fit = report.Calibration;
        string test = report.IsHeldOut ? "on held-out identities" : "on the trials of the fit itself";
        char sign = fit.Intercept < 0 ? '-' : '+';
        writer.WriteLine(
            $"{EnumText.Of(report.Direction)}, {EnumText.Of(report.Metric)}: "
            + Invariant($"log-odds = {fit.Slope:0.####} x score {sign} {Math.Abs(fit.Intercept):0.####}, fitted to ")
            + $"{Counted.Of(report.TrialCount, "different pair")} ({report.TargetCount} of the same person) "
            + $"of {Counted.Of(report.People.Count, "identity")} "
            + $"of the {EnumText.Of(report.Split)} split; "
            + (report.IsPriorGiven
                ? Invariant($"prior {fit.Prior:0.####}")
                : "no prior given: 'cmvae rank' takes one over the people it ranks"));
        Table losses = Tables.Start(["lower is better"], "Brier", "ECE", "log-loss");
        Add("always one half", new ProbabilityLosses(0.25, 0, Math.Log(2)));
        Add("score as log-odds", report.Before);
        Add($"calibrated, {test}", report.After);
        Tables.Write(writer, losses);

        Table table = Tables.Start([], "predicted", "observed", "95 % over identities", "pairs", "");
        foreach (ReliabilityBin bin in report.Reliability)
        {
            string interval = bin is { Low: double low, High: double high } ? $"{Tables.Percent(low)} - {Tables.Percent(high)}" : "-";
            table.Row(
                Tables.Percent(bin.Predicted),
                Tables.Percent(bin.Observed),
                interval,
                Tables.Number(bin.Count),
                bin.Count < ReliabilityTable.FewTrials ? "few" : "");
        }

        Tables.Write(writer, table);

        void Add(string name, ProbabilityLosses own) => losses.Row(
            name,
            Invariant($"{own.BrierLoss:0.0000}"),
            Invariant($"{own.ExpectedCalibrationError:0.0000}"),
            Invariant($"{own.LogLoss:0.0000}"));
    }

    internal static void Warn(TextWriter writer, CalibrationReport report)
    {
        if (report.Split == CorpusSplit.Train)
        {
            writer.WriteLine(
                "warning: fitted to the train split: scores of identities seen in training are better than "
                + "those of others, so probabilities will be too confident.");
        }

        if (!report.IsHeldOut)
        {
            writer.WriteLine(
                $"warning: fewer than {Calibrator.FewPeople} identities: none could be held out, and the losses say little.");
        }

        if (report.Calibration.Slope <= 0)
        {
            writer.WriteLine(
                "warning: higher scores do not mean the same person here (the slope is not above 0); probabilities fall as scores rise.");
        }
    }
}

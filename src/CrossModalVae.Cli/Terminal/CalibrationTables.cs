using CrossModalVae.Calibration;
using CrossModalVae.Metrics;
using Spectre.Console;

namespace CrossModalVae.Cli.Terminal;

/// <summary>Prints a calibration: the fit, its losses before and after, and how often its probabilities came true.</summary>
internal static class CalibrationTables
{
    internal static void Print(TextWriter writer, CalibrationReport report)
    {
        ScoreCalibration fit = report.Calibration;
        string judged = report.IsHeldOut ? "people judged by fits to others" : "judged on the trials of the fit itself";
        writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{EnumText.Of(report.Direction)}, {EnumText.Of(report.Metric)}: log-odds = {fit.Slope:0.####} x score "
            + $"{(fit.Intercept < 0 ? '-' : '+')} {Math.Abs(fit.Intercept):0.####}, fitted to {report.TrialCount} trials of "
            + $"{report.People.Count} people of the {EnumText.Of(report.Split)} split; prior {fit.Prior:0.####}"));
        var losses = new Table().Border(TableBorder.Simple);
        losses.AddColumn("lower is better");
        foreach (string column in new[] { "Brier", "ECE", "log-loss" })
        {
            losses.AddColumn(new TableColumn(column).RightAligned());
        }

        Add("always one half", new ProbabilityLosses(0.25, 0, Math.Log(2)));
        Add("score as log-odds", report.Before);
        Add($"calibrated, {judged}", report.After);
        Tables.Write(writer, losses);

        var table = new Table().Border(TableBorder.Simple);
        foreach (string column in new[] { "predicted", "came true", "95 % over people", "trials" })
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (ReliabilityBin bin in report.Reliability)
        {
            table.AddRow(
                Share(bin.Predicted),
                Share(bin.Observed),
                bin is { Low: double low, High: double high } ? $"{Share(low)} - {Share(high)}" : "-",
                bin.Count.ToString(CultureInfo.InvariantCulture));
        }

        Tables.Write(writer, table);

        void Add(string name, ProbabilityLosses own) =>
            losses.AddRow(name, Text(own.BrierLoss), Text(own.ExpectedCalibrationError), Text(own.LogLoss));
    }

    internal static void Warn(TextWriter writer, CalibrationReport report)
    {
        if (report.Split == CorpusSplit.Train)
        {
            writer.WriteLine(
                "cmvae: fitted to the train split: of people seen in training scores are better than "
                + "of others, so probabilities will be too sure.");
        }

        if (!report.IsHeldOut)
        {
            writer.WriteLine($"cmvae: fewer than {Calibrator.FewPeople} people: nobody could be held out, and the figures say little.");
        }

        if (report.Calibration.Slope <= 0)
        {
            writer.WriteLine(
                "cmvae: higher scores do not mean the same person here (a is not above 0); probabilities fall where scores rise.");
        }
    }

    private static string Share(double value) => value.ToString("0.0%", CultureInfo.InvariantCulture);

    private static string Text(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}

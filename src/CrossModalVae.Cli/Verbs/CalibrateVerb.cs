using CrossModalVae.Calibration;
using CrossModalVae.Pictures;

namespace CrossModalVae.Cli.Verbs;

/// <summary><c>cmvae calibrate</c>: from scores to the probability that two clips are the same person.</summary>
internal static class CalibrateVerb
{
    internal static Command Create()
    {
        Option<string> embeddings = Options.Embeddings();
        Option<string> output = Options.Out("The calibration to write (JSON).", "FILE");
        Option<CorpusSplit?> split = Options.Choice<CorpusSplit>(
            "--split", "Whose trials it is fitted to. Default validation; test is refused without --allow-test.");
        Option<bool> allowTest = new("--allow-test") { Description = "Fit to the test split: nobody is going to be evaluated on it." };
        Option<RetrievalDirection?> direction = Options.Choice<RetrievalDirection>(
            "--direction", "Which modality asks. Default voice-to-face.");
        Option<RankingMetric?> metric = Options.Choice<RankingMetric>("--metric", "What nearness means. Default cosine.");
        RankVerb.Scoring scoring = new();
        Option<double?> prior = RankVerb.Prior("How probable a match is, where it is used, before anything is compared. Default 0.5.");
        Option<int> trials = Options.Count(
            "--trials-per-identity", "Target trials drawn for every identity, and as many of others.", 100, 1);
        Option<long> seed = Options.Seed("Seed of the drawn trials. Default 1.");
        Option<string?> pictures = Options.Pictures("the reliability curve");
        Option<bool> json = Options.Json();

        var command = new Command(
            "calibrate", "Fit the probability that two clips are the same person to trials, and say how often it comes true.")
            {
                embeddings, output, split, allowTest, direction, metric, prior, trials, seed, pictures, json,
            };
        scoring.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(split) == CorpusSplit.Test && !result.GetValue(allowTest))
            {
                result.AddError(
                    "--split is test: probabilities fitted to people who are then evaluated flatter themselves; "
                    + "use validation, or say --allow-test where nobody is evaluated.");
            }
        });
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () =>
            {
                var options = new CalibrationOptions
                {
                    Direction = parsed.GetValue(direction) ?? RetrievalDirection.VoiceToFace,
                    Metric = parsed.GetValue(metric) ?? RankingMetric.Cosine,
                    Identities = scoring.Read(parsed),
                    Split = parsed.GetValue(split) ?? CorpusSplit.Validation,
                    AllowTest = parsed.GetValue(allowTest),
                    Prior = parsed.GetValue(prior) ?? 0.5,
                    Seed = parsed.GetValue(seed),
                    TrialsPerIdentity = parsed.GetValue(trials),
                };
                CalibrationReport report = Calibrator.Fit(EmbeddingFile.Read(parsed.GetValue(embeddings)!), options, cancellationToken);
                CalibrationFile.Write(parsed.GetValue(output)!, report);
                if (parsed.GetValue(pictures) is string folder)
                {
                    ReliabilityPicture.Draw(report.Reliability).SaveBoth(folder, "reliability");
                }

                Terminal.CalibrationTables.Warn(parsed.InvocationConfiguration.Error, report);
                TextWriter writer = parsed.InvocationConfiguration.Output;
                if (parsed.GetValue(json))
                {
                    writer.Write(CalibrationFile.Text(report));
                }
                else
                {
                    Terminal.CalibrationTables.Print(writer, report);
                }

                return CommandLine.Done;
            },
            CancellationToken.None));
        return command;
    }
}

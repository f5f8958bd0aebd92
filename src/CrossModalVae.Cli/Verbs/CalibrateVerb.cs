using CrossModalVae.Calibration;
using CrossModalVae.Cli.Terminal;
using CrossModalVae.Cli.Workflows;

namespace CrossModalVae.Cli.Verbs;

/// <summary><c>cmvae calibrate</c>: from scores to the probability that two clips are of the same person.</summary>
internal static class CalibrateVerb
{
    internal static Command Create()
    {
        Option<string> embeddings = Options.Embeddings();
        Output output = Options.Out("The calibration to write (JSON).", "FILE");
        Choice<CorpusSplit> split = new(
            "--split", "The split of the trials; test is refused without --allow-test.", CorpusSplit.Validation);
        Option<bool> allowTest = new("--allow-test") { Description = "Fit to the test split: nothing is going to be evaluated on it." };
        Choice<RetrievalDirection> direction = Options.Direction();
        Choice<RankingMetric> metric = Options.Metric();
        RankVerb.Scoring scoring = new();
        Option<double?> prior = Options.Prior(
            "The prior probability of a match where the calibration is used. "
            + "Default: 'cmvae rank' takes one over the people it ranks.");
        Option<int> trials = Options.Count(
            "--trials-per-identity",
            "The most pairs of the same person for every identity, and of different people; drawn where there are more.",
            100,
            1,
            Options.MostDraws);
        Option<long> seed = Options.Seed("Seed of the drawn pairs.");
        Output pictures = Options.Pictures("the reliability curve", "reliability");
        Option<bool> json = Options.Json();

        var command = new Verb(
            "calibrate",
            "Fit a map from scores to the probability that two clips are of the same person, and measure how often it is right.",
            (
                "on the validation people, for 'cmvae rank --calibration'",
                "cmvae calibrate --embeddings embeddings/first --out calibration.json"),
            (
                "for rankings of people instead of clips, with the reliability curve",
                "cmvae calibrate --embeddings embeddings/first --out people.json --by identity --pictures pictures"))
            {
                embeddings, output, split, allowTest, direction, metric, prior, trials, seed, pictures, json,
            };
        scoring.AddTo(command);
        command.RefuseIf(
            result => result.GetValue(split) == CorpusSplit.Test && !result.GetValue(allowTest),
            "--split is test: probabilities fitted to the identities that are then evaluated are too optimistic; "
            + "use validation, or --allow-test where nothing is evaluated.");
        return command.Runs((parsed, cancellationToken) =>
        {
            var options = new CalibrationOptions
            {
                Direction = direction.ValueOrDefault(parsed),
                Metric = metric.ValueOrDefault(parsed),
                Identities = scoring.Read(parsed),
                Split = split.ValueOrDefault(parsed),
                AllowTest = parsed.GetValue(allowTest),
                Prior = parsed.GetValue(prior),
                Seed = parsed.GetValue(seed),
                TrialsPerIdentity = parsed.GetValue(trials),
            };
            parsed.Say("fitting to trials");
            CalibrationReport report = Calibrator.Fit(EmbeddingFile.Read(parsed.GetValue(embeddings)!), options, cancellationToken);
            CalibrationFile.Write(parsed.GetValue(output)!, report);
            if (parsed.GetValue(pictures) is string folder)
            {
                ResultPictures.Reliability(report, ResultPictures.NameOf(parsed.GetValue(embeddings)!)).SaveBoth(folder, "reliability");
            }

            CalibrationTables.Warn(parsed.InvocationConfiguration.Error, report);
            parsed.Print(json, () => CalibrationFile.Text(report), writer => CalibrationTables.Print(writer, report));
        });
    }
}

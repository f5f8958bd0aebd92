using CrossModalVae.Models;

namespace CrossModalVae.Cli.Verbs;

/// <summary><c>cmvae ensemble</c>: several runs as one model folder.</summary>
internal static class EnsembleVerb
{
    internal static Command Create()
    {
        Option<string[]> runs = new("--runs")
        {
            Description = "The run folders, two or more, trained with the same front ends; recipes and seeds may differ.",
            Required = true,
            HelpName = "RUN",
            AllowMultipleArgumentsPerToken = true,
        };
        var weights = new CheckedText("--weights", text => Weights(text) is null
            ? $"--weights is '{text}'; must be numbers above 0 with commas between them, one for each run."
            : null)
        {
            Description = "What each run's cosine counts for, in the order of --runs. Default: the same for all.",
            HelpName = "W,W,...",
        };
        Output output = new("--out", "The model folder: voice and face encoders of all members, card.", "MODEL", ExportVerb.Files)
        {
            Required = true,
            IsOwnFolder = true,
        };
        Option<string> data = ExportVerb.Data();
        Option<string?> licence = ExportVerb.Licence();
        var encoders = new EncoderOptions();
        Option<bool> fused = ExportVerb.Fused();
        var precision = new PrecisionChoice();
        Option<bool> json = Options.Json();

        var command = new Verb(
            "ensemble",
            "Write several runs as one model: the members' embeddings side by side at unit length, so that cosines are the means of "
            + "theirs.",
            ("three seeds of a recipe", "cmvae ensemble --runs runs/seed-1 runs/seed-2 runs/seed-3 --out models/ensemble"),
            (
                "unequal recipes by weight",
                "cmvae ensemble --runs runs/contrast runs/linear --weights 0.75,0.25 --out models/ensemble"),
            (
                "of a quarter of the size",
                "cmvae ensemble --runs runs/seed-1 runs/seed-2 --out models/int8 --precision int8 --manifest corpus/manifest.jsonl"))
            {
                runs, weights, output, data, licence, encoders.Voice, encoders.Face, fused, precision.Kind, precision.Manifest,
                precision.Root, precision.Features, json,
            };
        precision.AddRules(command);
        command.RefuseIf(
            result => result.GetValue(weights) is string text && Weights(text)?.Length != result.GetValue(runs)?.Length,
            "--weights must be as many as --runs.");
        return command.Runs((parsed, cancellationToken) =>
        {
            string model = parsed.GetValue(output)!;
            string[] folders = parsed.GetValue(runs)!;
            double[] given = parsed.GetValue(weights) is string text ? Weights(text)! : [.. folders.Select(_ => 1.0)];
            parsed.Say("comparing the graphs with the trainer");
            ModelCard card = Workflows.Export.RunEnsemble(
                folders,
                given,
                model,
                parsed.GetValue(data)!,
                parsed.GetValue(licence),
                recipe => encoders.Open(parsed, recipe, folder: null),
                parsed.GetValue(fused),
                precision.Read(parsed, cancellationToken),
                cancellationToken);
            double error = card.Parity.Measured.Max(m => m.LargestError);
            parsed.Print(json, () => File.ReadAllText(Path.Combine(model, ModelCard.FileName)), writer =>
            {
                string what = card.Precision is null ? "members" : "members, in float32";
                writer.WriteLine(Invariant(
                    $"{model}: {folders.Length} {what}, at most {error:0.0e+0} from the trainer (limit {OnnxContract.Tolerance:0.0e+0})"));
                PrecisionChoice.Print(writer, model, card);
            });
        });
    }

    // Null where one is no number above 0.
    private static double[]? Weights(string text)
    {
        var weights = new List<double>();
        foreach (string part in text.Split(','))
        {
            if (!double.TryParse(part, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double weight)
                || !(weight > 0 && double.IsFinite(weight)))
            {
                return null;
            }

            weights.Add(weight);
        }

        return [.. weights];
    }
}

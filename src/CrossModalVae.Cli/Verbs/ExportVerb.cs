using CrossModalVae.Models;

namespace CrossModalVae.Cli.Verbs;

/// <summary><c>cmvae export</c>: a run's model as ONNX graphs.</summary>
internal static class ExportVerb
{
    internal static Command Create()
    {
        Option<string> run = new("--run") { Description = "The run folder that 'cmvae train' wrote.", Required = true, HelpName = "RUN" };
        Option<string> output = Options.Out("The model folder: voice encoder, face encoder, decoder, card.", "MODEL");
        Option<string> data = new("--data")
        {
            Description = "What the model was trained on, in words, for the card.",
            DefaultValueFactory = _ => "not stated",
            HelpName = "TEXT",
        };
        Option<string?> licence = new("--licence") { Description = "The training data's licence, for the card.", HelpName = "TEXT" };
        Option<bool> json = Options.Json();

        var command = new Command(
            "export", "Export a run's encoders and decoder to ONNX; refuses where ONNX Runtime disagrees with the trainer.")
            {
                run, output, data, licence, json,
            };
        return command.Runs((parsed, cancellationToken) =>
        {
            string model = parsed.GetValue(output)!;
            ModelCard card = Workflows.Export.Run(
                parsed.GetValue(run)!, model, parsed.GetValue(data)!, parsed.GetValue(licence), scores: null, cancellationToken);
            double error = card.Parity.Measured.Max(m => m.LargestError);
            parsed.Print(json, () => File.ReadAllText(Path.Combine(model, ModelCard.FileName)), writer => writer.WriteLine(Invariant(
                $"{model}: {card.Files.Count} graphs, at most {error:0.0e+0} from the trainer (limit {OnnxContract.Tolerance:0.0e+0})")));
        });
    }
}

using CrossModalVae.Models;

namespace CrossModalVae.Cli.Verbs;

/// <summary><c>cmvae export</c>: a run's model as ONNX graphs.</summary>
internal static class ExportVerb
{
    /// <summary>The files of a model folder.</summary>
    internal static string[] Files { get; } =
    [
        ModelCard.FileName, OnnxContract.VoiceEncoderFile, OnnxContract.FaceEncoderFile, OnnxContract.DecoderFile,
        OnnxContract.VoiceFrontEndFile, OnnxContract.FaceFrontEndFile, OnnxContract.VoiceFusedFile, OnnxContract.FaceFusedFile,
    ];

    internal static Option<string> Data() => new("--data")
    {
        Description = "What the model was trained on, in words, for the card.",
        DefaultValueFactory = _ => "not stated",
        HelpName = "TEXT",
    };

    internal static Option<string?> Licence() =>
        new("--licence") { Description = "The training data's licence, for the card.", HelpName = "TEXT" };

    internal static Option<bool> Fused() => new("--fused")
    {
        Description = "Write voice-fused.onnx and face-fused.onnx too: from samples and from pixels to embeddings, front end included.",
    };

    internal static Command Create()
    {
        Option<string> run = new("--run") { Description = "The run folder that 'cmvae train' wrote.", Required = true, HelpName = "RUN" };
        Output output = new(
            "--out", "The model folder: voice encoder, face encoder, decoder, card, copies of pretrained encoders.", "MODEL", Files)
        {
            Required = true,
            IsOwnFolder = true,
        };
        Option<string> data = Data();
        Option<string?> licence = Licence();
        var encoders = new EncoderOptions();
        Option<bool> fused = Fused();
        var precision = new PrecisionChoice();
        Option<bool> json = Options.Json();

        var command = new Verb(
            "export",
            "Write a run's encoders and decoder as ONNX graphs, with a model card; refused where ONNX Runtime disagrees with the trainer.",
            (
                "with what the card says about the data",
                "cmvae export --run runs/first --out models/first --data \"our interviews of 2024\" --licence \"internal use\""),
            (
                "with graphs that take samples and pixels, for plain ApplyOnnxModel, Python and JavaScript",
                "cmvae export --run runs/first --out models/first --fused"),
            (
                "with encoders of a quarter of the size; refused where they are worse by more than 0.3 points of AUC",
                "cmvae export --run runs/first --out models/first-int8 --precision int8 --manifest corpus/manifest.jsonl"))
            {
                run, output, data, licence, encoders.Voice, encoders.Face, fused, precision.Kind, precision.Manifest, precision.Root,
                precision.Features, json,
            };
        precision.AddRules(command);
        return command.Runs((parsed, cancellationToken) =>
        {
            string model = parsed.GetValue(output)!;
            parsed.Say("comparing the graphs with the trainer");
            ModelCard card = Workflows.Export.Run(
                parsed.GetValue(run)!, model, parsed.GetValue(data)!, parsed.GetValue(licence), scores: null, cancellationToken,
                recipe => encoders.Open(parsed, recipe, folder: null), parsed.GetValue(fused), precision.Read(parsed, cancellationToken));
            CollapseWarning.Write(parsed, model, card.Collapse);
            double error = card.Parity.Measured.Max(m => m.LargestError);
            parsed.Print(json, () => File.ReadAllText(Path.Combine(model, ModelCard.FileName)), writer =>
            {
                string what = card.Precision is null ? "graphs" : "graphs, in float32";
                writer.WriteLine(Invariant(
                    $"{model}: {card.Files.Count} {what} at most {error:0.0e+0} from the trainer (limit {OnnxContract.Tolerance:0.0e+0})"));
                PrecisionChoice.Print(writer, model, card);
            });
        });
    }
}

using CrossModalVae.Cli.Workflows;
using CrossModalVae.Models;
using CrossModalVae.Onnx.Precision;

namespace CrossModalVae.Cli.Verbs;

/// <summary>The precision of exported encoders, the corpus that its loss is measured on, and what is printed of it.</summary>
internal sealed class PrecisionChoice
{
    internal Choice<ModelPrecision> Kind { get; } = new(
        "--precision",
        "The numbers of the encoders: float16 for GPUs, int8 for CPUs. What they cost is measured on the corpus's validation clips.",
        ModelPrecision.Float32);

    internal Option<string?> Manifest { get; } = Options.File(
        "--manifest", "The corpus that the model was trained on (JSON Lines), for --precision float16 and int8.");

    internal Option<string?> Root { get; } = Options.Root();

    internal Option<string?> Features { get; } = Options.Features();

    internal void AddRules(Command command)
    {
        command.RefuseIf(
            result => result.GetValue(Kind) is ModelPrecision.Float16 or ModelPrecision.Int8 && result.GetValue(Manifest) is null,
            "--precision float16 and int8 need --manifest, the corpus whose validation clips tell what they cost.");
        command.RefuseIf(
            result => result.GetValue(Kind) is null or ModelPrecision.Float32
                && (result.GetValue(Manifest) ?? result.GetValue(Root) ?? result.GetValue(Features)) is not null,
            "--manifest, --root and --features go with --precision float16 and int8 only.");
    }

    /// <summary>What gets the clips of a run's recipe; null for float32.</summary>
    internal Func<Recipe, FrozenEncoders, PrecisionOptions>? Read(ParseResult parsed, CancellationToken cancellationToken)
    {
        ModelPrecision kind = Kind.ValueOrDefault(parsed);
        if (kind == ModelPrecision.Float32)
        {
            return null;
        }

        Manifest corpus = ManifestReader.Read(parsed.GetValue(Manifest)!, parsed.GetValue(Root));
        return (recipe, encoders) => CorpusFeatures.ForPrecision(
            corpus, recipe, kind, parsed.GetValue(Features), encoders, parsed.InvocationConfiguration.Error, cancellationToken);
    }

    /// <summary>The loss, and the size of each encoder.</summary>
    internal static void Print(TextWriter writer, string folder, ModelCard card)
    {
        if (card.Precision is not ModelCardPrecision cost)
        {
            return;
        }

        string[] files =
        [
            OnnxContract.VoiceEncoderFile, OnnxContract.FaceEncoderFile, OnnxContract.VoiceFusedFile, OnnxContract.FaceFusedFile,
        ];
        string[] sizes = [.. files.Where(file => card.Files.Any(own => own.File == file)).Select(file =>
            Invariant($"{file} {new FileInfo(Path.Combine(folder, file)).Length / 1e6:0.00} MB"))];
        writer.WriteLine(
            Invariant($"{EnumText.Of(cost.Kind)}: AUC voice to face {100 * cost.Float32Auc:0.00} % -> {100 * cost.Auc:0.00} %, a loss of ")
            + Invariant($"{100 * (cost.Float32Auc - cost.Auc):0.00;-0.00;0.00} points (limit {100 * cost.LossLimit:0.00}) ")
            + $"on {cost.Voices} voices x {cost.Faces} faces; {string.Join(", ", sizes)}");
    }
}

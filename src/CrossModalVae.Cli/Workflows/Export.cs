using CrossModalVae.Models;
using CrossModalVae.Onnx;
using CrossModalVae.Pipelines.Encoders;
using CrossModalVae.Training;

namespace CrossModalVae.Cli.Workflows;

/// <summary>Exports a finished run; without scores the card has the validation AUC alone.</summary>
internal static class Export
{
    internal static ModelCard Run(
        string runFolder,
        string modelFolder,
        string data,
        string? licence,
        IReadOnlyDictionary<string, double>? scores,
        CancellationToken cancellationToken,
        Func<Recipe, RecipeEncoders>? open = null)
    {
        using TrainedModel model = TrainedModel.Load(runFolder);
        using RecipeEncoders encoders = open?.Invoke(model.Recipe) ?? RecipeEncoders.Open(model.Recipe);
        RunSummary summary = RunSummary.Read(new RunFolder(runFolder).MetricsPath);
        var metrics = new Dictionary<string, double>(scores ?? new Dictionary<string, double>());
        if (summary.ValidationAuc is double auc)
        {
            metrics["validation.auc"] = auc;
        }

        if (summary.ValidationAucInterval is (double low, double high))
        {
            metrics["validation.auc.low"] = low;
            metrics["validation.auc.high"] = high;
        }

        if (summary.ValidationIdentities is int identities)
        {
            metrics["validation.identities"] = identities;
        }

        return OnnxExporter.Export(
            modelFolder,
            model.ToWeights(),
            model,
            new OnnxExportOptions
            {
                Recipe = model.Recipe,
                FrontEnds = [.. FrontEnd(Modality.Voice, encoders.Voice), .. FrontEnd(Modality.Face, encoders.Face)],
                Data = new ModelCardData(data, summary.TrainingIdentities, summary.TrainingClips, licence)
                {
                    Skipped = summary.Skipped.Count > 0 ? summary.Skipped : null,
                },
                Metrics = metrics,
                Collapse = summary.Collapse,
                Notes = summary.Notes,
            },
            cancellationToken);
    }

    private static IEnumerable<FrontEndGraph> FrontEnd(Modality modality, EncoderFile? file) => file is null
        ? []
        : [new FrontEndGraph(modality, file.Path, Tensors(file.Inputs), Tensors(file.Outputs))];

    private static ModelCardTensor[] Tensors(IEnumerable<EncoderTensor> tensors) =>
        [.. tensors.Select(tensor => new ModelCardTensor(tensor.Name, tensor.Shape))];
}

using CrossModalVae.Models;
using CrossModalVae.Onnx;
using CrossModalVae.Onnx.Precision;
using CrossModalVae.Scoring.Encoders;
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
        Func<Recipe, RecipeEncoders>? open = null,
        bool fused = false,
        Func<Recipe, FrozenEncoders, PrecisionOptions>? precision = null)
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
                Fused = fused,
                Precision = precision?.Invoke(model.Recipe, encoders.Encoders),
                Encoders = encoders.Encoders,
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

    /// <summary>Exports an ensemble of finished runs; the card has each member's validation AUC.</summary>
    internal static ModelCard RunEnsemble(
        string[] runFolders,
        double[] weights,
        string modelFolder,
        string data,
        string? licence,
        Func<Recipe, RecipeEncoders> open,
        bool fused,
        Func<Recipe, FrozenEncoders, PrecisionOptions>? precision,
        CancellationToken cancellationToken)
    {
        var models = new List<TrainedModel>();
        try
        {
            foreach (string folder in runFolders)
            {
                models.Add(TrainedModel.Load(folder));
            }

            using RecipeEncoders encoders = open(models[0].Recipe);
            RunSummary[] summaries = [.. runFolders.Select(folder => RunSummary.Read(new RunFolder(folder).MetricsPath))];
            return OnnxExporter.Export(
                modelFolder,
                [.. models.Zip(weights, (model, weight) => new EnsembleMember(model.Recipe, model.ToWeights(), model, weight))],
                new OnnxExportOptions
                {
                    Recipe = models[0].Recipe,
                    Fused = fused,
                    Precision = precision?.Invoke(models[0].Recipe, encoders.Encoders),
                    Encoders = encoders.Encoders,
                    FrontEnds = [.. FrontEnd(Modality.Voice, encoders.Voice), .. FrontEnd(Modality.Face, encoders.Face)],
                    Data = new ModelCardData(
                        data, summaries.Max(run => run.TrainingIdentities), summaries.Max(run => run.TrainingClips), licence),
                    Metrics = summaries.Index().Where(run => run.Item.ValidationAuc is not null)
                        .ToDictionary(run => $"member_{run.Index + 1}.validation.auc", run => run.Item.ValidationAuc!.Value),
                    Notes = [.. summaries.SelectMany(run => run.Notes).Distinct()],
                },
                cancellationToken);
        }
        finally
        {
            models.ForEach(model => model.Dispose());
        }
    }

    private static IEnumerable<FrontEndGraph> FrontEnd(Modality modality, EncoderFile? file) => file is null
        ? []
        : [new FrontEndGraph(modality, file.Path, Tensors(file.Inputs), Tensors(file.Outputs))];

    private static ModelCardTensor[] Tensors(IEnumerable<EncoderTensor> tensors) =>
        [.. tensors.Select(tensor => new ModelCardTensor(tensor.Name, tensor.Shape))];
}

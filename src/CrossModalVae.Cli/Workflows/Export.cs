using CrossModalVae.Models;
using CrossModalVae.Onnx;
using CrossModalVae.Training;

namespace CrossModalVae.Cli.Workflows;

/// <summary>Exports a finished run.</summary>
internal static class Export
{
    /// <summary>For a model that has not been scored beyond its own validation.</summary>
    internal static IReadOnlyDictionary<string, double> NoScores { get; } = new Dictionary<string, double>();

    internal static ModelCard Run(
        string runFolder,
        string modelFolder,
        string data,
        string? licence,
        IReadOnlyDictionary<string, double> scores,
        CancellationToken cancellationToken)
    {
        using TrainedModel model = TrainedModel.Load(runFolder);
        RunSummary summary = RunSummary.Read(new RunFolder(runFolder).MetricsPath);
        var metrics = new Dictionary<string, double>(scores);
        if (summary.ValidationAuc is double auc)
        {
            metrics["validation.auc"] = auc;
        }

        return OnnxExporter.Export(
            modelFolder,
            model.ToWeights(),
            model,
            new OnnxExportOptions
            {
                Recipe = model.Recipe,
                Data = new ModelCardData(data, summary.TrainingIdentities, summary.TrainingClips, licence),
                Metrics = metrics,
            },
            cancellationToken);
    }
}

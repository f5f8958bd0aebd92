using System.Text.Json;

namespace CrossModalVae.Pipelines.Saving;

/// <summary>The kinds of steps in a bundle, and what loads each.</summary>
internal static class BundleSteps
{
    /// <summary>A step that ML.NET saves itself.</summary>
    public const string Stock = "ml.net";

    private static readonly Dictionary<string, Func<BundleStep, BundleReader, CrossModalTransformer>> Loaders = new(StringComparer.Ordinal)
    {
        [VoiceSpectrogramTransformer.Kind] = VoiceSpectrogramTransformer.Load,
        [FaceTensorTransformer.Kind] = FaceTensorTransformer.Load,
        [OnnxBatchScoringTransformer.Kind] = OnnxBatchScoringTransformer.Load,
        [JointEmbeddingTransformer.Kind] = JointEmbeddingTransformer.Load,
        [GalleryRankingTransformer.Kind] = GalleryRankingTransformer.Load,
        [DbscanTransformer.Kind] = DbscanTransformer.Load,
        [HdbscanTransformer.Kind] = HdbscanTransformer.Load,
        [TSneTransformer.Kind] = TSneTransformer.Load,
    };

    public static CrossModalTransformer Load(BundleStep step, BundleReader reader) => Loaders.TryGetValue(step.Kind, out var load)
        ? load(step, reader)
        : throw new JsonException($"the step '{step.Kind}' is unknown; known are {string.Join(", ", Loaders.Keys.Append(Stock))}");
}

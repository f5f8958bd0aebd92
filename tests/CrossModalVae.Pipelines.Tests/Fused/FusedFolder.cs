using CrossModalVae.Audio;
using CrossModalVae.Corpora;
using CrossModalVae.Faces;
using CrossModalVae.Features;
using CrossModalVae.Models;
using CrossModalVae.Onnx;
using CrossModalVae.Onnx.Fused;
using CrossModalVae.Recipes;
using CrossModalVae.Scoring.Encoders;
using Microsoft.ML.OnnxRuntime;

namespace CrossModalVae.Pipelines.Tests.Fused;

/// <summary>Fused graphs of untrained models whose statistics are those of the real clips.</summary>
internal static class FusedFolder
{
    /// <summary>A recipe as used: statistics over a third of the real clips.</summary>
    public static Recipe Measured(Recipe recipe, FrozenEncoders encoders)
    {
        Manifest manifest = ManifestReader.Read(TestFiles.GridManifest);
        Clip[] clips = [.. manifest.Clips.Where((_, i) => i % 3 == 0)];
        var voice = new VoiceFrontEnd(recipe.Voice, encoder: encoders.Voice);
        var face = new FaceFrontEnd(recipe.Face, encoders.Face);
        return recipe with
        {
            Statistics = new RecipeStatistics(
                Statistics([.. clips.Select(clip => voice.Extract(manifest.VoicePath(clip)!))]),
                Statistics([.. clips.Select(clip => face.Extract([manifest.FacePaths(clip)[0]]))])),
        };
    }

    /// <summary>The graphs of a recipe as used.</summary>
    public static FusedGraphs Graphs(Recipe recipe, params FrontEndGraph[] frontEnds)
    {
        MultimodalVaeWeights weights = ModelFolders.Weights(recipe);
        return FusedGraphs.Build(
            recipe,
            frontEnds,
            weights,
            (graph, modality, x, mean, logVariance) =>
                OnnxGraphs.Posterior(graph, modality == Modality.Voice ? weights.Voice : weights.Face, x, mean, logVariance),
            RecipeHash.Compute(recipe),
            WeightsHash.Compute(weights));
    }

    /// <summary>An opened encoder as the exporter is told of it.</summary>
    public static FrontEndGraph Of(Modality modality, EncoderFile file) => new(modality, file.Path, [], []);

    private static FeatureStatistics Statistics(float[][] rows)
    {
        float[] mean = [.. Enumerable.Range(0, rows[0].Length).Select(i => rows.Average(row => row[i]))];
        float[] deviation =
        [
            .. mean.Select((own, i) => (float)Math.Max(1e-3, Math.Sqrt(rows.Average(row => (row[i] - own) * (row[i] - own))))),
        ];
        return new FeatureStatistics(mean, deviation, rows.Length);
    }
}

/// <summary>A recipe's encoders as exported, beside which fused graphs are run.</summary>
internal sealed class ExportedReference(Recipe recipe) : IMultimodalVaeReference
{
    private readonly OnnxGraphs _graphs = OnnxGraphs.Build(ModelFolders.Weights(recipe), RecipeHash.Compute(recipe));

    public (float[] Mean, float[] LogVariance) Encode(Modality modality, float[] features, int batchSize)
    {
        using var session = new InferenceSession(modality == Modality.Voice ? _graphs.VoiceEncoder : _graphs.FaceEncoder);
        using OrtValue x = OrtValue.CreateTensorValueFromMemory(features, [batchSize, features.Length / batchSize]);
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> found = session.Run(
            options, session.InputNames, [x], [OnnxContract.Mean(modality), OnnxContract.LogVariance(modality)]);
        return (found[0].GetTensorDataAsSpan<float>().ToArray(), found[1].GetTensorDataAsSpan<float>().ToArray());
    }

    public (float[] Face, float[] Voice) Decode(float[] latent, int batchSize) => throw new NotSupportedException();
}

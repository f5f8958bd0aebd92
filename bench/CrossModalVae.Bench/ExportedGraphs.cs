using CrossModalVae.Audio;
using CrossModalVae.Faces;
using CrossModalVae.Models;
using CrossModalVae.Onnx;
using CrossModalVae.Recipes;
using CrossModalVae.Training;

namespace CrossModalVae.Bench;

/// <summary>A recipe's graphs as they are exported, with random weights, which cost the same as trained ones.</summary>
internal sealed record ExportedGraphs(EncoderInput Voice, EncoderInput Face, MultimodalVaeWeights Weights, OnnxGraphs Graphs)
{
    public static ExportedGraphs Of(Recipe recipe)
    {
        var voice = EncoderInput.Of(recipe, Modality.Voice, new VoiceFrontEnd(recipe.Voice).FeatureCount);
        var face = EncoderInput.Of(recipe, Modality.Face, new FaceFrontEnd(recipe.Face).FeatureCount);
        using var model = new MultimodalVae(recipe.Model, voice, face, seed: 1, recipe.Objective);
        MultimodalVaeWeights weights = model.ToWeights(new RecipeStatistics(
            FeatureStatistics.Identity(voice.StatisticsCount, 1), FeatureStatistics.Identity(face.StatisticsCount, 1)));
        return new ExportedGraphs(voice, face, weights, OnnxGraphs.Build(weights, new string('0', 64)));
    }

    public EncoderInput Input(Modality modality) => modality == Modality.Voice ? Voice : Face;
}

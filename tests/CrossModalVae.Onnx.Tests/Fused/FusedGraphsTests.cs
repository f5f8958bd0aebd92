using CrossModalVae.Audio;
using CrossModalVae.Faces;
using CrossModalVae.Features;
using CrossModalVae.Models;
using CrossModalVae.Numerics;
using CrossModalVae.Onnx.Fused;
using CrossModalVae.Onnx.Tests.Oracles;
using CrossModalVae.Recipes;
using Microsoft.ML.OnnxRuntime;

namespace CrossModalVae.Onnx.Tests.Fused;

/// <summary>Graphs from samples and pixels to embeddings against the front ends and a plain forward pass.</summary>
public sealed class FusedGraphsTests
{
    private static readonly Dictionary<string, VoiceOptions> Voices = new()
    {
        ["report"] = VoicePresets.Report,
        ["voxceleb-scipy"] = VoicePresets.VoxCelebScipy,
        ["vgg-matlab"] = VoicePresets.VggMatlab with
        {
            Pooling = TimePooling.None,
            Normalisation = FeatureNormalisation.ClipOverTimeUnbiased,
            DurationSeconds = 0.3,
        },
        ["kaldi-fbank"] = VoicePresets.KaldiFbank with { Pooling = TimePooling.MeanAndDeviation },
        ["log-mel-64"] = VoicePresets.LogMel64 with { Pooling = TimePooling.MeanAndDeviation, DurationSeconds = 6 },
        ["clip-over-time"] = VoicePresets.LogMel80 with
        {
            Pooling = TimePooling.None,
            Normalisation = FeatureNormalisation.ClipOverTime,
            DurationSeconds = 0.4,
            Crop = VoiceCrop.Center,
        },
        ["odd"] = new()
        {
            SampleRateHz = 11_025,
            DurationSeconds = 1.2345,
            WindowSeconds = 0.0211,
            HopSeconds = 0.0313,
            Crop = VoiceCrop.Center,
            ShortClips = ShortClipPolicy.Refuse,
            PreEmphasisStage = PreEmphasisStage.Frame,
            PreEmphasisEdge = PreEmphasisEdge.Reflect,
            Window = VoiceWindow.HannSymmetric,
            Dither = 0.01,
            Compression = SpectrumCompression.Log,
        },
        ["bare"] = new() { RemoveDc = false, Dither = 0, PreEmphasis = 0, TwoSided = false, Compression = SpectrumCompression.Log },
    };

    private static readonly Dictionary<string, FaceOptions> Faces = new()
    {
        ["report"] = new(),
        ["clip"] = new() { Width = 32, Height = 20, Colour = FaceColour.Rgb, Normalisation = FaceNormalisation.Clip },
        ["square"] = new() { Width = 24, Height = 24, Colour = FaceColour.Rgb, CenterShare = 0.77 },
        ["margin"] = new() { BoxMargin = 0.5 },
        ["separate"] = new() { Frames = FramePooling.Separate, FrameCount = 3, Width = 9, Height = 9 },
    };

    public static TheoryData<string> VoiceNames => [.. Voices.Keys];

    public static TheoryData<string> FaceNames => [.. Faces.Keys];

    [Theory]
    [MemberData(nameof(VoiceNames))]
    public void Voice_AnyOptionsAndLength_AgreesWithFrontEndAndEncoder(string name) => RequireParity(Voices[name], new FaceOptions(), 0);

    [Theory]
    [MemberData(nameof(FaceNames))]
    public void Face_AnyOptionsAndSize_AgreesWithFrontEndAndEncoder(string name) =>
        RequireParity(new VoiceOptions { DurationSeconds = 0.2 }, Faces[name], 1);

    private static void RequireParity(VoiceOptions voice, FaceOptions face, int which)
    {
        (Recipe recipe, MultimodalVaeWeights weights, FusedGraphs graphs) = Make(voice, face);
        foreach (int batchSize in FusedParity.BatchSizes)
        {
            ModelCardMeasurement measured = FusedParity
                .Measure(graphs, recipe, FrozenEncoders.None, new PlainModel(weights), batchSize, seed: 3).ElementAt(which);

            Assert.True(measured.LargestError < OnnxContract.Tolerance, $"{measured.LargestError:0.0e+0}");
        }
    }

    private static (Recipe Recipe, MultimodalVaeWeights Weights, FusedGraphs Graphs) Make(VoiceOptions voice, FaceOptions face)
    {
        var recipe = new Recipe { Name = "test", Voice = voice, Face = face, Model = new ModelOptions { LatentDimension = 5 } };
        MultimodalVaeWeights weights = RandomModel.Make(
            seed: 1, voice: new VoiceFrontEnd(voice).FeatureCount, face: new FaceFrontEnd(face).FeatureCount);
        return (recipe, weights, FusedGraphs.Build(recipe, [], weights, Posterior, new string('0', 64), WeightsHash.Compute(weights)));

        void Posterior(OnnxGraphBuilder graph, Modality modality, string x, string mean, string logVariance) =>
            OnnxGraphs.Posterior(graph, modality == Modality.Voice ? weights.Voice : weights.Face, x, mean, logVariance);
    }
}

using CrossModalVae.Audio;
using CrossModalVae.Encoders;
using CrossModalVae.Faces;
using CrossModalVae.Models;
using CrossModalVae.Onnx;
using CrossModalVae.Onnx.Fused;
using CrossModalVae.Onnx.Protos;
using CrossModalVae.Recipes;
using CrossModalVae.Scoring.Encoders;
using CrossModalVae.Scoring.Tests.Encoders;
using Google.Protobuf;

namespace CrossModalVae.Pipelines.Tests.Fused;

/// <summary>Pretrained encoders as part of fused graphs, against the front ends that run them beside.</summary>
public sealed class FusedEncoderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ColourOrder.Rgb, false, false, VectorNormalisation.None)]
    [InlineData(ColourOrder.Bgr, true, true, VectorNormalisation.UnitLength)]
    public void Face_AnyLayout_AgreesWithTheFrontEnd(ColourOrder order, bool channelsLast, bool mirror, VectorNormalisation vector) =>
        RequireParity(
            ModelFolders.Recipe() with
            {
                Face = new FaceOptions
                {
                    Encoder = new FaceEncoderOptions
                    {
                        Path = Corners(channelsLast),
                        Size = 8,
                        ColourOrder = order,
                        Mean = [127.5, 120, 110],
                        Deviation = [127.5, 100, 90],
                        Mirror = mirror,
                        Vector = vector,
                        CenterShare = 0.8,
                    },
                },
            },
            which: 1);

    [Theory]
    [InlineData(false, FrameNormalisation.None)]
    [InlineData(false, FrameNormalisation.Mean)]
    [InlineData(true, FrameNormalisation.MeanAndDeviation)]
    public void Voice_Frames_AgreesWithTheFrontEnd(bool binsFirst, FrameNormalisation frames) => RequireParity(
        Voice(
            VoicePresets.LogMel64 with { DurationSeconds = 1, Pooling = TimePooling.None },
            new VoiceEncoderOptions
            {
                Path = Loudest(binsFirst),
                Takes = VoiceEncoderInput.Frames,
                Layout = binsFirst ? FrameLayout.BinsFirst : FrameLayout.FramesFirst,
                Frames = frames,
                Vector = VectorNormalisation.UnitLength,
            }),
        which: 0);

    [Theory]
    [InlineData("loudest")]
    [InlineData("lengths")]
    public void Voice_SamplesWithALength_AgreesWithTheFrontEnd(string output) => RequireParity(
        Voice(
            new VoiceOptions { DurationSeconds = 1, SignalScale = 1, Pooling = TimePooling.None },
            new VoiceEncoderOptions
            {
                Path = TinyEncoders.Samples(_folder["samples.onnx"]),
                Takes = VoiceEncoderInput.Samples,
                LengthInput = "wav_lens",
                Output = output,
                Vector = VectorNormalisation.None,
            }),
        which: 0);

    [Fact]
    public void Voice_FramesCounted_AgreesWithTheFrontEnd() => RequireParity(
        Voice(
            VoicePresets.LogMel80 with { DurationSeconds = 1, Pooling = TimePooling.None },
            new VoiceEncoderOptions
            {
                Path = TinyEncoders.Counted(_folder["counted.onnx"]),
                Preset = VoiceEncoderPreset.Titanet,
                Vector = VectorNormalisation.None,
            }),
        which: 0);

    [Theory]
    [InlineData(11, false, "has operator set 11; must be 15 to 17 (onnx.version_converter makes it)")]
    [InlineData(17, true, "takes 1 at a time; its first axis must be free")]
    public void Read_GraphThatCannotBeAPart_IsRefused(int opset, bool fixedBatch, string expected)
    {
        Model model = Model.Parser.ParseFrom(File.ReadAllBytes(Corners(channelsLast: false)));
        model.OpsetImport[0].Version = opset;
        model.Graph.Input[0].Type.TensorType.Shape.Dim[0] = fixedBatch ? new Dimension { DimValue = 1 } : new() { DimParam = "batch" };
        string path = _folder.Write("other.onnx", model.ToByteArray());

        var e = Assert.Throws<InvalidDataException>(() => PretrainedGraph.Read(path, "face.encoder", "picture"));

        Assert.Equal($"{path}: {expected}, to be part of a fused graph ('face.encoder'). Export without --fused.", e.Message);
    }

    private static void RequireParity(Recipe recipe, int which)
    {
        using RecipeEncoders opened = RecipeEncoders.Open(recipe);
        Recipe used = FusedFolder.Measured(opened.Recipe, opened.Encoders);
        FrontEndGraph[] files = which == 0
            ? [FusedFolder.Of(Modality.Voice, opened.Voice!)]
            : [FusedFolder.Of(Modality.Face, opened.Face!)];
        FusedGraphs graphs = FusedFolder.Graphs(used, files);
        foreach (int batchSize in FusedParity.BatchSizes)
        {
            ModelCardMeasurement measured = FusedParity
                .Measure(graphs, used, opened.Encoders, new ExportedReference(used).Encode, batchSize, seed: 3).ElementAt(which);

            Assert.InRange(measured.LargestError, 0, OnnxContract.Tolerance);
        }
    }

    private static Recipe Voice(VoiceOptions voice, VoiceEncoderOptions encoder) =>
        ModelFolders.Recipe() with { Voice = voice with { Encoder = encoder } };

    // Unlike a mean over the picture: mirrored and turned channels give other vectors.
    private string Corners(bool channelsLast)
    {
        var graph = new OnnxGraphBuilder("corners");
        graph.Input("picture", channelsLast ? [8, 8, 3] : [3, 8, 8], "a picture");
        graph.Node(
            "Slice",
            "corner",
            [
                "picture", graph.Integers("from", [0, 0]), graph.Integers("to", [5, 3]),
                graph.Integers("axes", channelsLast ? [1, 2] : [2, 3]),
            ]);
        graph.Node("ReduceMean", "colour", ["corner"], ("axes", channelsLast ? new long[] { 1, 2 } : [2, 3]), ("keepdims", 0));
        graph.Output("colour", 3, "the mean colour of its upper left part");
        return _folder.Write("corners.onnx", graph.Build("A tiny encoder.", new Dictionary<string, string>()));
    }

    // Unlike a mean over time, which normalised frames have not.
    private string Loudest(bool binsFirst)
    {
        var graph = new OnnxGraphBuilder("loudest");
        graph.Input("feats", binsFirst ? [64, null] : [null, 64], "frames");
        graph.Node("ReduceMax", "embs", ["feats"], ("axes", new long[] { binsFirst ? 2 : 1 }), ("keepdims", 0));
        graph.Output("embs", 64, "the largest of each bin");
        return _folder.Write("loudest.onnx", graph.Build("A tiny encoder.", new Dictionary<string, string>()));
    }
}

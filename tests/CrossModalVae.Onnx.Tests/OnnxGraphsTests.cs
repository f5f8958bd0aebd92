using System.Diagnostics;
using CrossModalVae.Models;
using CrossModalVae.Onnx.Tests.Oracles;
using CrossModalVae.Recipes;
using Microsoft.ML.OnnxRuntime;

namespace CrossModalVae.Onnx.Tests;

public class OnnxGraphsTests
{
    private const string RecipeHash = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    [Theory]
    [InlineData(1, Activation.Relu)]
    [InlineData(7, Activation.Relu)]
    [InlineData(64, Activation.Relu)]
    [InlineData(7, Activation.Tanh)]
    [InlineData(1, Activation.Relu, 3)]
    [InlineData(7, Activation.Tanh, 3)]
    [InlineData(64, Activation.Relu, 1)]
    public void Build_AnyBatch_AgreesWithPlainForwardPass(int batchSize, Activation activation, int privateDimension = 0)
    {
        MultimodalVaeWeights weights = RandomModel.Make(seed: 1, activation: activation, privateDimension: privateDimension);
        OnnxGraphs graphs = OnnxGraphs.Build(weights, RecipeHash);

        IReadOnlyList<ModelCardMeasurement> measured = OnnxParity.Measure(graphs, weights, new PlainModel(weights), batchSize, seed: 2);

        Assert.Equal(["voice-encoder.onnx", "face-encoder.onnx", "decoder.onnx"], measured.Select(m => m.File));
        Assert.All(measured, m => Assert.InRange(m.LargestError, 0, OnnxContract.Tolerance));
    }

    [Fact]
    public void Measure_TrainerDisagrees_ReportsByHowMuch()
    {
        MultimodalVaeWeights weights = RandomModel.Make(seed: 1);
        OnnxGraphs graphs = OnnxGraphs.Build(weights, RecipeHash);

        IReadOnlyList<ModelCardMeasurement> measured =
            OnnxParity.Measure(graphs, weights, new PlainModel(weights, disturbance: 0.5), 7, seed: 2);

        Assert.All(measured.Take(2), m => Assert.InRange(m.LargestError, 0.1, 0.5 + OnnxContract.Tolerance));
        Assert.InRange(measured[2].LargestError, 0, OnnxContract.Tolerance);
    }

    [Fact]
    public void Build_Twice_SameBytes()
    {
        OnnxGraphs first = OnnxGraphs.Build(RandomModel.Make(seed: 3), RecipeHash);
        OnnxGraphs second = OnnxGraphs.Build(RandomModel.Make(seed: 3), RecipeHash);

        Assert.Equal(first.VoiceEncoder, second.VoiceEncoder);
        Assert.Equal(first.FaceEncoder, second.FaceEncoder);
        Assert.Equal(first.Decoder, second.Decoder);
    }

    [Fact]
    public void Build_Encoder_CarriesMetadataAndDynamicBatch()
    {
        MultimodalVaeWeights weights = RandomModel.Make(seed: 4);

        using var session = new InferenceSession(OnnxGraphs.Build(weights, RecipeHash).VoiceEncoder);

        Assert.Equal([-1, 12], session.InputMetadata["voice_features"].Dimensions);
        Assert.Equal([-1, 5], session.OutputMetadata["voice_mean"].Dimensions);
        Assert.Equal([-1, 5], session.OutputMetadata["voice_log_variance"].Dimensions);
        Assert.Equal(OnnxContract.Producer, session.ModelMetadata.ProducerName);
        Dictionary<string, string> metadata = session.ModelMetadata.CustomMetadataMap;
        Assert.Equal("crossmodalvae/onnx/1", metadata[OnnxContract.SchemaKey]);
        Assert.Equal("voice-encoder", metadata[OnnxContract.RoleKey]);
        Assert.Equal(RecipeHash, metadata[OnnxContract.RecipeHashKey]);
        Assert.Equal(WeightsHash.Compute(weights), metadata[OnnxContract.WeightsHashKey]);
        Assert.Equal("0.0001", metadata[OnnxContract.ToleranceKey]);
    }

    [Fact]
    public void WeightsHash_OneWeightDiffers_OtherHash()
    {
        MultimodalVaeWeights weights = RandomModel.Make(seed: 5);
        string before = WeightsHash.Compute(weights);

        weights.Face.Mean.Bias[0] += 1;

        Assert.NotEqual(before, WeightsHash.Compute(weights));
    }

    [Fact]
    public void Build_PrivateParts_EncodersGiveTheSharedOneAndTheVoicesDecoderCounts()
    {
        MultimodalVaeWeights weights = RandomModel.Make(seed: 5, privateDimension: 3);
        OnnxGraphs graphs = OnnxGraphs.Build(weights, RecipeHash);
        string before = WeightsHash.Compute(weights);

        using var encoder = new InferenceSession(graphs.VoiceEncoder);
        using var decoder = new InferenceSession(graphs.Decoder);
        weights.Decoder!.VoiceLayers![0].Bias[0] += 1;

        Assert.Equal([-1, 5], encoder.OutputMetadata["voice_mean"].Dimensions);
        Assert.Equal([-1, 5 + 3 + 3], decoder.InputMetadata["latent"].Dimensions);
        Assert.Equal([-1, 12], decoder.OutputMetadata["voice_reconstruction"].Dimensions);
        Assert.NotEqual(before, WeightsHash.Compute(weights));
    }

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(3)]
    public void Build_Graphs_PassDebiansOnnxChecker(int privateDimension)
    {
        const string Python = "/usr/bin/python3"; // Debian's own interpreter, which its python3-onnx belongs to
        Tool.Require(File.Exists(Python) && RunPython(Python, "import onnx").ExitCode == 0, "Python with onnx");
        OnnxGraphs graphs = OnnxGraphs.Build(RandomModel.Make(seed: 6, privateDimension: privateDimension), RecipeHash);
        using var folder = new TemporaryFolder();
        folder.Write("voice.onnx", graphs.VoiceEncoder);
        folder.Write("face.onnx", graphs.FaceEncoder);
        folder.Write("decoder.onnx", graphs.Decoder!);

        (int exitCode, string error) = RunPython(
            Python,
            "import onnx\nfor n in ('voice', 'face', 'decoder'):\n"
            + $"    onnx.checker.check_model(onnx.load(r'{folder.Root}/' + n + '.onnx'), full_check=True)");

        Assert.True(exitCode == 0, error);
    }

    private static (int ExitCode, string Error) RunPython(string python, string script)
    {
        using Process process = Process.Start(new ProcessStartInfo(python, ["-c", script]) { RedirectStandardError = true })!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error);
    }
}

using CrossModalVae.Features;
using CrossModalVae.Models;
using CrossModalVae.Numerics;
using CrossModalVae.Onnx.Precision;
using CrossModalVae.Onnx.Protos;
using CrossModalVae.Onnx.Tests.Oracles;
using CrossModalVae.Recipes;
using ElementType = CrossModalVae.Onnx.Protos.Tensor.Types.ElementType;

namespace CrossModalVae.Onnx.Tests.Precision;

public sealed class PrecisionTests : IDisposable
{
    private const int VoiceLength = 40;
    private const int FaceLength = 30;

    // Of a unit's size: 11 bits of a number, and 1/63 of a weight, over some dozens of them.
    private const double Float16Tolerance = 5e-3;
    private const double Int8Tolerance = 0.1;

    private readonly TemporaryFolder _folder = new();
    private readonly MultimodalVaeWeights _weights = RandomModel.Make(seed: 1, VoiceLength, FaceLength);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ModelPrecision.Float16, Float16Tolerance)]
    [InlineData(ModelPrecision.Int8, Int8Tolerance)]
    public void Export_LessPrecision_EncodersAgreeWithinItsRoundingAndTheCardSaysWhatItCosts(ModelPrecision kind, double tolerance)
    {
        ModelCard card = Export(kind);

        ModelCardPrecision cost = card.Precision!;
        Assert.Equal((kind, 1.0, 30, 30), (cost.Kind, cost.LossLimit, cost.Voices, cost.Faces));
        Assert.InRange(cost.Float32Auc, 0.0, 1.0);
        Assert.Equal(kind == ModelPrecision.Int8 ? 60 : null, cost.CalibrationClips);
        Assert.Equal(cost, ModelCardReader.Read(_folder["model"]).Precision);
        ModelCardReader.CheckFiles(_folder["model"], card);
        Assert.NotEqual(WeightsHash.Compute(_weights), card.WeightsHash);
        OnnxGraphs written = new(Read(OnnxContract.VoiceEncoderFile), Read(OnnxContract.FaceEncoderFile), Read(OnnxContract.DecoderFile));
        IReadOnlyList<ModelCardMeasurement> errors = OnnxParity.Measure(written, _weights, new PlainModel(_weights), 64, seed: 2);
        Assert.All(errors.Take(2), error => Assert.InRange(error.LargestError, 1e-6, tolerance));
        Assert.InRange(errors[2].LargestError, 0, OnnxContract.Tolerance); // the decoder is float32
        ModelCardExample example = OnnxParity.Example(_weights, written, seed: 1);
        Assert.Equal(example.VoiceMean, card.Example!.VoiceMean);
    }

    [Fact]
    public void Export_Float16_MultipliesInHalfPrecisionOnly()
    {
        Export(ModelPrecision.Float16);

        Graph graph = Model.Parser.ParseFrom(Read(OnnxContract.VoiceEncoderFile)).Graph;
        Dictionary<string, ElementType> types = graph.Initializer.ToDictionary(tensor => tensor.Name, tensor => tensor.DataType);
        Assert.All(graph.Node.Where(node => node.OpType == "Gemm"), node => Assert.Equal(ElementType.Float16, types[node.Input[1]]));
        Assert.All(graph.Node.Where(node => node.OpType is "Sub" or "Div"), node => Assert.Equal(ElementType.Float, types[node.Input[1]]));
        Assert.Equal(3, graph.Node.Count(node => node.OpType == "Cast")); // in, and out to mean and log-variance
    }

    [Fact]
    public void Export_Int8_WeightsKeepToSevenBitsWithAScaleAChannel()
    {
        Export(ModelPrecision.Int8);

        Graph graph = Model.Parser.ParseFrom(Read(OnnxContract.FaceEncoderFile)).Graph;
        Tensor[] weights = [.. graph.Initializer.Where(tensor => tensor.DataType == ElementType.Int8 && tensor.Dims.Count == 2)];
        Assert.Equal(4, weights.Length); // two hidden layers and two heads
        Assert.All(weights, weight =>
        {
            sbyte[] values = [.. weight.RawData.Span.ToArray().Select(value => (sbyte)value)];
            Assert.Equal(63, values.Max(Math.Abs));
            string scale = weight.Name.Replace("_bytes", "_scale", StringComparison.Ordinal);
            Assert.Equal(weight.Dims[0], graph.Initializer.Single(tensor => tensor.Name == scale).Dims.Single());
        });
    }

    [SkippableTheory]
    [InlineData(ModelPrecision.Float16)]
    [InlineData(ModelPrecision.Int8)]
    public void Export_LessPrecision_PassesOnnxChecker(ModelPrecision kind)
    {
        Tool.Require(Python.Has("onnx"), "Python with onnx");
        Export(kind);

        foreach (string file in (string[])[OnnxContract.VoiceEncoderFile, OnnxContract.FaceEncoderFile])
        {
            Python.Run("import onnx, sys; onnx.checker.check_model(onnx.load(sys.argv[1]), full_check=True)", _folder["model", file]);
        }
    }

    [Fact]
    public void Export_Twice_SameBytes()
    {
        Export(ModelPrecision.Int8);
        byte[] first = Read(OnnxContract.VoiceEncoderFile);

        Export(ModelPrecision.Int8);

        Assert.Equal(first, Read(OnnxContract.VoiceEncoderFile));
    }

    // Voices and faces of one latent space, against those of another model: what was learnt is lost.
    [Fact]
    public void Measure_LossBeyondTheLimit_IsRefusedWithTheNumber()
    {
        MultimodalVaeWeights twins = RandomModel.Make(seed: 1, VoiceLength, VoiceLength);
        twins = twins with { Face = twins.Voice with { Modality = Modality.Face } };
        FeatureTable people = RandomClips.Make(10, VoiceLength, VoiceLength, alike: true);
        OnnxGraphs before = OnnxGraphs.Build(twins, RecipeHash), after = before with
        {
            FaceEncoder = OnnxGraphs.Build(RandomModel.Make(seed: 9, VoiceLength, VoiceLength), RecipeHash).FaceEncoder,
        };
        var options = new PrecisionOptions { Kind = ModelPrecision.Float16, Validation = people };

        var e = Assert.Throws<InvalidOperationException>(() => PrecisionLoss.Measure(before, after, twins, options, 1, default));

        Assert.True(UserError.IsMarked(e));
        Assert.Matches(
            @"^float16 costs \d\d\.\d\d points of AUC, voice to face, on the validation clips \(\d+\.\d\d % to \d\d\.\d\d %\); "
            + @"must be at most 0\.30\. Nothing was written\.$",
            e.Message);
        Assert.Equal(0.0, LossOf(before, before), 1e-12);

        double LossOf(OnnxGraphs one, OnnxGraphs other)
        {
            ModelCardPrecision cost = PrecisionLoss.Measure(one, other, twins, options, 1, default);
            return cost.Float32Auc - cost.Auc;
        }
    }

    [Fact]
    public void Export_OnePersonToValidateOn_IsRefused()
    {
        var e = Assert.Throws<InvalidDataException>(() => Export(ModelPrecision.Float16, RandomClips.Make(1, VoiceLength, FaceLength)));

        Assert.StartsWith(
            "The validation clips (3 with a voice, 3 with a face) are not of two people", e.Message, StringComparison.Ordinal);
        Assert.False(Path.Exists(_folder["model"]));
    }

    [Theory]
    [InlineData(ModelPrecision.Float16, Float16Tolerance)]
    [InlineData(ModelPrecision.Int8, Int8Tolerance)]
    public void Export_EnsembleOfLessPrecision_AgreesWithItsMembersAndKeepsTheirLengths(ModelPrecision kind, double tolerance)
    {
        EnsembleMember[] members = [Member(1, latent: 5, weight: 3), Member(2, latent: 3, weight: 1)];

        ModelCard card = OnnxExporter.Export(
            _folder["model"], members, Options(kind, RandomClips.Make(10, VoiceLength, FaceLength)));

        Assert.Equal((kind, 2), (card.Precision!.Kind, card.Members!.Count));
        ModelCardReader.CheckFiles(_folder["model"], ModelCardReader.Read(_folder["model"]));
        OnnxGraphs written = new(Read(OnnxContract.VoiceEncoderFile), Read(OnnxContract.FaceEncoderFile), null);
        float[] rows = RandomClips.Make(4, VoiceLength, FaceLength).Voice; // [12, F]
        float[] expected = Ensemble.Of(members).Encode(Modality.Voice, rows, 12).Mean;
        float[] found = OnnxParity.Encode(written, members[0].Weights.Voice, rows, 12).Mean; // [12, 8]
        Assert.InRange(OnnxParity.Difference(found, expected), 1e-6, tolerance);
        Assert.All(found.Chunk(8), row =>
        {
            Assert.Equal(0.75, row[..5].Sum(x => (double)x * x), 1e-5); // at unit length, times the root of the weight
            Assert.Equal(0.25, row[5..].Sum(x => (double)x * x), 1e-5);
        });
    }

    [Fact]
    public void Export_WeightBeyondHalfPrecision_IsRefused()
    {
        _weights.Voice.Mean.Bias[0] = 1e5f;

        var e = Assert.Throws<InvalidOperationException>(() => Export(ModelPrecision.Float16));

        Assert.Equal("A weight of 'voice_mean_bias' is 100000, which float16 does not hold; export float32 or int8.", e.Message);
    }

    [Fact]
    public void Read_ToTrainFrom_IsRefused()
    {
        Export(ModelPrecision.Float16);

        var e = Assert.Throws<InvalidDataException>(() => ExportedEncoders.Read(_folder["model"]));

        Assert.Equal(
            $"{_folder["model"]}: has float16 encoders; training can start from those of a float32 export only.", e.Message);
    }

    private const string RecipeHash = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    private static EnsembleMember Member(long seed, int latent, double weight)
    {
        MultimodalVaeWeights weights = RandomModel.Make(seed, VoiceLength, FaceLength, latent);
        var recipe = new Recipe
        {
            Name = "test",
            Model = new ModelOptions { LatentDimension = latent },
            Statistics = new RecipeStatistics(weights.Voice.Statistics, weights.Face.Statistics),
        };
        return new EnsembleMember(recipe, weights, new PlainModel(weights), weight);
    }

    private ModelCard Export(ModelPrecision kind, FeatureTable? validation = null) => OnnxExporter.Export(
        _folder["model"], _weights, new PlainModel(_weights), Options(kind, validation ?? RandomClips.Make(10, VoiceLength, FaceLength)));

    private OnnxExportOptions Options(ModelPrecision kind, FeatureTable validation) => new()
    {
        Recipe = new Recipe { Name = "test", Statistics = new RecipeStatistics(_weights.Voice.Statistics, _weights.Face.Statistics) },
        Data = new ModelCardData("drawn at random", 3, 9, null),
        Precision = new PrecisionOptions
        {
            Kind = kind,
            Training = RandomClips.Make(20, VoiceLength, FaceLength),
            Validation = validation,
            LossLimit = 1,
        },
    };

    private byte[] Read(string file) => File.ReadAllBytes(_folder["model", file]);
}

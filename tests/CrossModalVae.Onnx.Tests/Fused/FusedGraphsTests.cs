using CrossModalVae.Audio;
using CrossModalVae.Faces;
using CrossModalVae.Features;
using CrossModalVae.Models;
using CrossModalVae.Numerics;
using CrossModalVae.Onnx.Fused;
using CrossModalVae.Onnx.Precision;
using CrossModalVae.Onnx.Protos;
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

    [Fact]
    public void Voice_RowThatTheFrontEndRefuses_IsNaNAndTheOthersAreNot()
    {
        using var session = new InferenceSession(Make(VoicePresets.Report with { DurationSeconds = 0.2 }, new FaceOptions()).Graphs.Voice);
        const int Count = 4_000;
        float[] sound = FusedParity.Sound(Count, 16_000, new SeededRandom(1)), broken = [.. sound];
        broken[100] = float.NaN;

        bool[] found = IsNaN(session, [.. sound, .. new float[Count], .. broken, .. sound], 4, Count);

        Assert.Equal([false, true, true, false], found);
    }

    [Theory]
    [InlineData(1, ShortClipPolicy.Reflect, true)]
    [InlineData(511, ShortClipPolicy.Reflect, true)]
    [InlineData(512, ShortClipPolicy.Reflect, false)]
    [InlineData(3_199, ShortClipPolicy.Refuse, true)]
    [InlineData(3_200, ShortClipPolicy.Refuse, false)]
    public void Voice_ShortClip_IsNaNWhereTheFrontEndRefuses(int count, ShortClipPolicy policy, bool expected)
    {
        VoiceOptions options = VoicePresets.Report with { DurationSeconds = 0.2, ShortClips = policy };
        using var session = new InferenceSession(Make(options, new FaceOptions()).Graphs.Voice);
        float[] sound = FusedParity.Sound(count, 16_000, new SeededRandom(1));

        bool[] found = IsNaN(session, sound, 1, count);

        Assert.Equal([expected], found);
        Exception? fault = Record.Exception(
            () => new VoiceFrontEnd(options).Extract(new AudioClip(sound, 16_000), new float[options.FftLength]));
        Assert.Equal(expected, fault is ArgumentException);
    }

    [Fact]
    public void Voice_NoSamples_IsAnErrorOfTheRuntime()
    {
        using var session = new InferenceSession(Make(VoicePresets.Report with { DurationSeconds = 0.2 }, new FaceOptions()).Graphs.Voice);

        Assert.Throws<OnnxRuntimeException>(() => IsNaN(session, Array.Empty<float>(), 1, 0));
    }

    [Theory]
    [InlineData(7, 30, true)]
    [InlineData(30, 7, true)]
    [InlineData(8, 8, false)]
    [InlineData(1, 1, true)]
    public void Face_SmallPicture_IsNaNWhereTheFrontEndRefuses(int height, int width, bool expected)
    {
        using var session = new InferenceSession(Make(new VoiceOptions { DurationSeconds = 0.2 }, Faces["square"]).Graphs.Face);

        bool[] found = IsNaN(session, FusedParity.Picture(height, width, new SeededRandom(1)), 1, height, width, 3);

        Assert.Equal([expected], found);
    }

    [Fact]
    public void Build_Twice_SameBytesAndMetadata()
    {
        FusedGraphs first = Make(VoicePresets.KaldiFbank, new FaceOptions()).Graphs;
        FusedGraphs second = Make(VoicePresets.KaldiFbank, new FaceOptions()).Graphs;

        Assert.Equal(first.Voice, second.Voice);
        Assert.Equal(first.Face, second.Face);
        using var voice = new InferenceSession(first.Voice);
        using var face = new InferenceSession(first.Face);
        Assert.Equal([-1, -1], voice.InputMetadata["voice_samples"].Dimensions);
        Assert.Equal([-1, -1, -1, 3], face.InputMetadata["face_pixels"].Dimensions);
        Assert.Equal(typeof(byte), face.InputMetadata["face_pixels"].ElementType);
        Assert.Equal([-1, 5], face.OutputMetadata["face_mean"].Dimensions);
        Assert.Equal("voice-fused", voice.ModelMetadata.CustomMetadataMap[OnnxContract.RoleKey]);
        Assert.Equal("16000", voice.ModelMetadata.CustomMetadataMap["crossmodalvae.sample_rate_hz"]);
        Assert.Equal(
            "uint8 [batch, height, width, 3], red, green, blue, upright", face.ModelMetadata.CustomMetadataMap["crossmodalvae.input"]);
    }

    [Fact]
    public void Export_FusedEnsemble_WritesGraphsThatTheCardNamesAndItsReaderAccepts()
    {
        using var folder = new TemporaryFolder();

        ModelCard card = OnnxExporter.Export(folder["model"], [Member(1, 5), Member(2, 3)], Options(Member(1, 5).Recipe));

        ModelCard read = ModelCardReader.Read(folder["model"]);
        ModelCardReader.CheckFiles(folder["model"], read);
        Assert.Equal(
            ["voice-encoder.onnx", "face-encoder.onnx", "voice-fused.onnx", "face-fused.onnx"], read.Files.Select(file => file.File));
        Assert.Equal([null, "uint8"], read.Files.Skip(2).Select(file => file.Inputs.Single().Type));
        Assert.Equal([null, 8], read.Files[3].Outputs[0].Shape);
        Assert.Equal(
            ["voice-fused.onnx 1", "face-fused.onnx 1", "voice-fused.onnx 7", "face-fused.onnx 7"],
            card.Parity.Measured.Where(m => m.File.Contains("fused", StringComparison.Ordinal)).Select(m => $"{m.File} {m.BatchSize}"));
        Assert.All(card.Parity.Measured, m => Assert.InRange(m.LargestError, 0, OnnxContract.Tolerance));
        OnnxExporter.Export(folder["model"], [Member(1, 5), Member(2, 3)], Options(Member(1, 5).Recipe) with { Fused = false });
        Assert.False(File.Exists(folder["model/voice-fused.onnx"]));
    }

    [Theory]
    [InlineData(ModelPrecision.Float16, 0.01)]
    [InlineData(ModelPrecision.Int8, 0.1)]
    public void Export_FusedOfLessPrecision_IsTheFrontEndAndTheFoldersEncoder(ModelPrecision kind, double limit)
    {
        using var folder = new TemporaryFolder();
        EnsembleMember member = Member(1, 5);
        FeatureTable clips = RandomClips.Make(20, voiceLength: 512, faceLength: 529);
        var precision = new PrecisionOptions { Kind = kind, Training = clips, Validation = clips, LossLimit = 1 };

        ModelCard card = OnnxExporter.Export(
            folder["model"], member.Weights, member.Reference, Options(member.Recipe) with { Precision = precision });

        ModelCardReader.CheckFiles(folder["model"], ModelCardReader.Read(folder["model"]));
        byte[][] files =
        [
            .. card.Files.Select(file => file.File).Where(file => file != OnnxContract.DecoderFile)
                .Select(file => File.ReadAllBytes(folder["model", file])),
        ];
        (OnnxGraphs encoders, FusedGraphs fused) = (new OnnxGraphs(files[0], files[1], null), new FusedGraphs(files[2], files[3]));
        double[] errors = Errors((modality, features, count) => OnnxParity.Encode(
            encoders, modality == Modality.Voice ? member.Weights.Voice : member.Weights.Face, features, count));
        Assert.All(errors, error => Assert.InRange(error, 0, limit));
        Assert.All(Errors(member.Reference.Encode), error => Assert.InRange(error, 1e-5, double.MaxValue)); // which rounds nothing
        foreach ((byte[] encoder, byte[] whole, string prefix) in new[] { (files[0], files[2], "voice"), (files[1], files[3], "face") })
        {
            var constants = Model.Parser.ParseFrom(whole).Graph.Initializer.ToDictionary(tensor => tensor.Name);
            Assert.All(Model.Parser.ParseFrom(encoder).Graph.Initializer, own =>
            {
                Tensor same = constants[$"{prefix}_encoder/{own.Name}"];
                Assert.Equal((own.DataType, own.RawData), (same.DataType, same.RawData));
            });
        }

        using var session = new InferenceSession(files[2]);
        Assert.Equal(card.WeightsHash, session.ModelMetadata.CustomMetadataMap[OnnxContract.WeightsHashKey]);

        double[] Errors(PosteriorReference reference) =>
        [
            .. FusedParity.Measure(fused, member.Recipe, FrozenEncoders.None, reference, batchSize: 7, seed: 2)
                .Select(measured => measured.LargestError),
        ];
    }

    [Fact]
    public void RequireAgreement_FusedGraphsOfAnotherModel_AreRefused()
    {
        EnsembleMember member = Member(1, 5), other = Member(2, 5);
        FeatureTable clips = RandomClips.Make(20, voiceLength: 512, faceLength: 529);
        var precision = new PrecisionOptions { Kind = ModelPrecision.Int8, Training = clips, Validation = clips, LossLimit = 1 };
        ReducedGraphs reduced = ReducedGraphs.Build(
            OnnxGraphs.Build(member.Weights, new string('0', 64)), member.Weights, precision, "", 1, default);
        FusedGraphs fused = FusedGraphs.Build(
            member.Recipe, [], member.Weights, FusedGraphs.Encoders(OnnxGraphs.Build(other.Weights, new string('0', 64))), "", "");

        var e = Assert.Throws<InvalidOperationException>(
            () => reduced.RequireAgreement(fused, member.Weights, Options(member.Recipe)));

        Assert.Matches(
            @"^voice-fused\.onnx in int8 disagrees with front end and encoder by .+ at batch 1; must be at most 1\.0e-1\. "
            + @"Nothing was written\.$",
            e.Message);
    }

    [Fact]
    public void Export_FusedGraphDisagrees_WritesNothing()
    {
        using var folder = new TemporaryFolder();
        EnsembleMember member = Member(1, 5);
        Recipe other = member.Recipe with { Voice = member.Recipe.Voice with { PreEmphasis = 0.9 } };

        // The graph is made by a recipe with another pre-emphasis than the front end beside which it is run.
        FusedGraphs graphs = FusedGraphs.Build(other, [], member.Weights, Writer(member.Weights), new string('0', 64), "");
        double error = FusedParity
            .Measure(graphs, member.Recipe, FrozenEncoders.None, member.Reference.Encode, batchSize: 1, seed: 1).First().LargestError;
        Assert.InRange(error, 10 * OnnxContract.Tolerance, double.MaxValue);

        var disturbed = new PlainModel(member.Weights, disturbance: 2e-3);
        Assert.Throws<InvalidOperationException>(
            () => OnnxExporter.Export(folder["model"], member.Weights, disturbed, Options(member.Recipe)));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Root));
    }

    private static EnsembleMember Member(long seed, int latent)
    {
        var recipe = new Recipe
        {
            Name = "test",
            Voice = new VoiceOptions { DurationSeconds = 0.3 },
            Model = new ModelOptions { LatentDimension = latent },
            Training = new TrainingOptions { Seed = seed },
        };
        MultimodalVaeWeights weights = RandomModel.Make(seed, voice: 512, face: 529, latent: latent);
        recipe = recipe with { Statistics = new RecipeStatistics(weights.Voice.Statistics, weights.Face.Statistics) };
        return new EnsembleMember(recipe, weights, new PlainModel(weights), 1);
    }

    private static OnnxExportOptions Options(Recipe recipe) =>
        new() { Recipe = recipe, Data = new ModelCardData("nothing", 3, 6, null), Fused = true };

    private static PosteriorWriter Writer(MultimodalVaeWeights weights) => (graph, modality, x, mean, logVariance) =>
        OnnxGraphs.Posterior(graph, modality == Modality.Voice ? weights.Voice : weights.Face, x, mean, logVariance);

    // Whether all numbers of each row are NaN; some but not all is a fault.
    private static bool[] IsNaN<T>(InferenceSession session, T[] values, params long[] shape)
        where T : unmanaged
    {
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(values, shape);
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> found = session.Run(options, session.InputNames, [input], session.OutputNames);
        float[] all = [.. found.SelectMany(output => output.GetTensorDataAsSpan<float>().ToArray())];
        return
        [
            .. Enumerable.Range(0, (int)shape[0]).Select(row =>
            {
                bool[] own = [.. all.Index().Where(value => value.Index / 5 % shape[0] == row).Select(value => float.IsNaN(value.Item))];
                Assert.Single(own.Distinct());
                return own[0];
            }),
        ];
    }

    private static void RequireParity(VoiceOptions voice, FaceOptions face, int which)
    {
        (Recipe recipe, MultimodalVaeWeights weights, FusedGraphs graphs) = Make(voice, face);
        foreach (int batchSize in FusedParity.BatchSizes)
        {
            ModelCardMeasurement measured = FusedParity
                .Measure(graphs, recipe, FrozenEncoders.None, new PlainModel(weights).Encode, batchSize, seed: 3).ElementAt(which);

            Assert.True(measured.LargestError < OnnxContract.Tolerance, $"{measured.LargestError:0.0e+0}");
        }
    }

    private static (Recipe Recipe, MultimodalVaeWeights Weights, FusedGraphs Graphs) Make(VoiceOptions voice, FaceOptions face)
    {
        var recipe = new Recipe { Name = "test", Voice = voice, Face = face, Model = new ModelOptions { LatentDimension = 5 } };
        MultimodalVaeWeights weights = RandomModel.Make(
            seed: 1, voice: new VoiceFrontEnd(voice).FeatureCount, face: new FaceFrontEnd(face).FeatureCount);
        return (
            recipe, weights, FusedGraphs.Build(recipe, [], weights, Writer(weights), new string('0', 64), WeightsHash.Compute(weights)));
    }
}

using System.Numerics.Tensors;
using CrossModalVae.Audio;
using CrossModalVae.Corpora;
using CrossModalVae.Faces;
using CrossModalVae.Features;
using CrossModalVae.Models;
using CrossModalVae.Numerics;
using CrossModalVae.Onnx;
using CrossModalVae.Onnx.Precision;
using CrossModalVae.Recipes;
using CrossModalVae.Recipes.Terms;
using CrossModalVae.Scoring;
using CrossModalVae.Towers;
using CrossModalVae.Training;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace CrossModalVae.Cli.Tests.Towers;

/// <summary>Towers through training, export (which itself demands parity at batch 1, 7 and 64) and ONNX Runtime.</summary>
public sealed class TowerExportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<TowerKind, int, bool, int, PlanePooling> Kinds => new()
    {
        { TowerKind.Cnn, 1, false, 1, PlanePooling.Mean },
        { TowerKind.Cnn, 3, true, 2, PlanePooling.Positions },
        { TowerKind.ResnetSe34Light, 1, true, 1, PlanePooling.Positions },
        { TowerKind.ResnetSe34Light, 4, false, 3, PlanePooling.Mean },
        { TowerKind.VggM, 1, false, 1, PlanePooling.Positions },
        { TowerKind.VggM, 2, true, 2, PlanePooling.Mean },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Export_Towers_AgreeWithTheTrainerAtAnyNumberOfFrames(
        TowerKind kind, int crops, bool mirrored, int pictures, PlanePooling pooling)
    {
        Recipe recipe = Recipe(kind, crops, mirrored, pictures, pooling);
        using TrainedModel model = Train(recipe);
        ModelCard card = Export(model);

        Assert.All(card.Parity.Measured, measurement => Assert.InRange(measurement.LargestError, 0, 1e-4));
        using var session = new InferenceSession(Path.Combine(_folder["model"], OnnxContract.VoiceEncoderFile));
        int bins = new VoiceFrontEnd(recipe.Voice).BinCount;
        foreach (int frames in (int[])[20, 31, 64, 150])
        {
            var random = new SeededRandom(frames);
            float[] features = [.. Enumerable.Range(0, 3 * frames * bins).Select(_ => (float)random.NextGaussian())];
            (float[] expected, _) = model.Encode(Modality.Voice, features, 3);
            var tensor = new DenseTensor<float>(features, [3, frames, bins]);
            using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = session.Run(
                [NamedOnnxValue.CreateFromTensor(OnnxContract.VoiceFeatures, tensor)], [OnnxContract.VoiceMean]);
            float[] found = [.. results.Single().AsEnumerable<float>()];
            Assert.Equal(expected.Length, found.Length);
            Assert.All(
                expected.Zip(found),
                pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 1e-4 * Math.Max(1, Math.Abs(pair.First))));
        }
    }

    [Theory]
    [InlineData(true, true, 32, 32)]
    [InlineData(true, true, 41, 30)] // sizes that are no power of two are cut
    [InlineData(false, true, 32, 32)]
    [InlineData(true, false, 32, 32)]
    public void Export_ConvolutionalDecoder_AgreesWithTheTrainer(bool voiceTower, bool faceTower, int width, int height)
    {
        Recipe recipe = Recipe(TowerKind.Cnn, 1, mirrored: false, pictures: 1);
        recipe = recipe with
        {
            Face = recipe.Face with { Width = width, Height = height },
            Model = recipe.Model with
            {
                Decoder = DecoderKind.Convolutional,
                VoiceTower = voiceTower ? recipe.Model.VoiceTower : null,
                FaceTower = faceTower ? recipe.Model.FaceTower : null,
            },
        };
        using TrainedModel model = Train(recipe);
        ModelCard card = Export(model); // refused where the graph disagrees with the trainer

        ModelCardFile decoder = card.Files.Single(file => file.File == OnnxContract.DecoderFile);
        int voiceLength = voiceTower ? 24 * 32 : new VoiceFrontEnd(recipe.Voice).FeatureCount;
        Assert.Equal([3 * width * height, voiceLength], decoder.Outputs.Select(tensor => tensor.Shape[1]));
        using ScoringModel loaded = ScoringModel.Load(_folder["model"]);
        (float[] face, float[] voice) = model.Decode([.. Enumerable.Range(0, 8).Select(i => 0.3f * (i - 4))], 1);
        Assert.Equal((3 * width * height, voiceLength), (face.Length, voice.Length));
        Assert.True(face.Distinct().Count() > 100, "a picture of one colour");
    }

    /// <summary>Two decoders, with and without transposed convolutions, of a shared and two private parts.</summary>
    [Theory]
    [InlineData(BoundKind.MmvaePlus, DecoderKind.Mlp, true, true)]
    [InlineData(BoundKind.MmvaePlus, DecoderKind.Convolutional, true, true)]
    [InlineData(BoundKind.Dmvae, DecoderKind.Convolutional, true, false)]
    [InlineData(BoundKind.Dmvae, DecoderKind.Convolutional, false, true)]
    [InlineData(BoundKind.Conditional, DecoderKind.Convolutional, true, true)]
    public void Export_PrivateParts_AgreesWithTheTrainer(BoundKind bound, DecoderKind decoder, bool voiceTower, bool faceTower)
    {
        Recipe recipe = Recipe(TowerKind.Cnn, 1, mirrored: false, pictures: 1);
        recipe = recipe with
        {
            Model = recipe.Model with
            {
                Decoder = decoder,
                PrivateDimension = 3,
                VoiceTower = voiceTower ? recipe.Model.VoiceTower : null,
                FaceTower = faceTower ? recipe.Model.FaceTower : null,
            },
            Objective = recipe.Objective with { Bound = bound, Alignment = AlignmentKind.None },
        };
        using TrainedModel model = Train(recipe);
        ModelCard card = Export(model); // refused where the graph disagrees with the trainer

        Assert.Equal(9, card.Parity.Measured.Count);
        using ScoringModel loaded = ScoringModel.Load(_folder["model"]);
        float[] z = [.. Enumerable.Range(0, 8 + 3 + 3).Select(i => 0.3f * (i - 4))], shared = z[..8];
        (float[] face, float[] voice) = model.Decode([.. shared, .. new float[6]], 1);
        GeneratedFeatures decoded = Assert.Single(new Generator(loaded).Decode([shared])); // private parts at 0, the prior's mean
        Assert.All(face.Zip(decoded.Face), pair => Assert.Equal(pair.First, pair.Second, 1e-3));
        Assert.All(voice.Zip(decoded.Voice), pair => Assert.Equal(pair.First, pair.Second, 1e-3));
        Assert.NotEqual(decoded.Face, new Generator(loaded).Decode([z])[0].Face);
    }

    [Theory]
    [InlineData(DecoderKind.Mlp)]
    [InlineData(DecoderKind.Convolutional)]
    public void Export_BernoulliFaces_DecodeToProbabilitiesAsTheTrainers(DecoderKind decoder)
    {
        Recipe recipe = Recipe(TowerKind.Cnn, 1, mirrored: false, pictures: 1);
        recipe = recipe with
        {
            Face = recipe.Face with { Normalisation = FaceNormalisation.None },
            Model = recipe.Model with { Decoder = decoder },
            Objective = recipe.Objective with { VoiceLikelihood = LikelihoodKind.Laplace, FaceLikelihood = LikelihoodKind.Bernoulli },
        };
        using TrainedModel model = Train(recipe);
        Export(model); // refused where the graph disagrees with the trainer

        using var session = new InferenceSession(Path.Combine(_folder["model"], OnnxContract.DecoderFile));
        float[] z = [.. Enumerable.Range(0, 8).Select(i => 3f * (i - 4))];
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = session.Run(
            [NamedOnnxValue.CreateFromTensor(OnnxContract.Latent, new DenseTensor<float>(z, [1, 8]))], [OnnxContract.FaceReconstruction]);
        float[] found = [.. results.Single().AsEnumerable<float>()];
        Assert.All(model.Decode(z, 1).Face.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        Assert.All(found, probability => Assert.InRange(probability, 0f, 1f));
        Assert.True(found.Distinct().Count() > 100, "a picture of one colour");
    }

    [Fact]
    public void Export_RecipeWithoutBound_WritesEncodersOnly()
    {
        Recipe recipe = Recipe(TowerKind.Cnn, 1, mirrored: false, pictures: 1) with
        {
            Objective = new ObjectiveOptions { Bound = BoundKind.None, Terms = [new SupervisedInfoNceOptions()] },
        };
        using TrainedModel model = Train(recipe);
        ModelCard card = Export(model);

        Assert.Equal([OnnxContract.VoiceEncoderFile, OnnxContract.FaceEncoderFile], card.Files.Select(file => file.File));
        Assert.False(File.Exists(Path.Combine(_folder["model"], OnnxContract.DecoderFile)));
        using ScoringModel loaded = ScoringModel.Load(_folder["model"]);
        Assert.Null(loaded.Decoder);
        float[] row = Table(recipe, 1, "q").VoiceRow(0).ToArray();
        IReadOnlyList<float[]> scored = loaded.VoiceEncoder.Score(row, 1);
        Assert.All(scored[1], logVariance => Assert.Equal(0f, logVariance));
        (float[] expected, _) = model.Encode(Modality.Voice, row, 1);
        Assert.All(expected.Zip(scored[0]), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public void Score_MirroredFaces_AreTheMeanOfBothPictures()
    {
        Recipe recipe = Recipe(TowerKind.Cnn, 1, mirrored: true, pictures: 1);
        using TrainedModel model = Train(recipe);
        FeatureTable table = Table(recipe, 2, "q");
        float[] picture = table.FaceRow(0).ToArray();
        float[] mirror = [.. picture.Chunk(recipe.Face.Width).SelectMany(row => row.Reverse())];

        float[] own = model.Encode(Modality.Face, picture, 1).Mean, other = model.Encode(Modality.Face, mirror, 1).Mean;

        Assert.All(own.Zip(other), pair => Assert.Equal(pair.First, pair.Second, 1e-5)); // the mean of a pair does not tell its order
    }

    [Fact]
    public void Run_SameSeed_GivesTheSameBytes_AndResumesToThem()
    {
        Recipe recipe = Recipe(TowerKind.Cnn, 1, mirrored: false, pictures: 2);
        Train(recipe, "straight", epochs: 3).Dispose();
        Train(recipe, "resumed", epochs: 1).Dispose();
        Train(recipe, "resumed", epochs: 3, resume: true).Dispose();

        Assert.Equal(File.ReadAllBytes(Path.Combine(_folder["straight"], "weights.safetensors")),
            File.ReadAllBytes(Path.Combine(_folder["resumed"], "weights.safetensors")));
    }

    /// <summary>The closed form takes what towers give, averaged over crops, pictures and mirror images as clips are scored.</summary>
    [Fact]
    public void Export_RidgeCcaOverPretrainedTowers_AgreesWithTheTrainer()
    {
        Recipe recipe = Recipe(TowerKind.Cnn, 3, mirrored: true, pictures: 2);
        recipe = recipe with
        {
            Objective = new ObjectiveOptions { Bound = BoundKind.RidgeCca, Alignment = AlignmentKind.None, CcaFolds = 2 },
            Training = recipe.Training with { Pretraining = new PretrainingOptions { Epochs = 2 } },
        };
        using TrainedModel model = Train(recipe);

        ModelCard card = Export(model);

        Assert.Equal([OnnxContract.VoiceEncoderFile, OnnxContract.FaceEncoderFile], card.Files.Select(file => file.File));
        FeatureTable table = Table(recipe, 8, "p");
        float[] means = model.Encode(Modality.Voice, table.Voice, table.Count).Mean;
        Assert.All( // centred on the training clips
            Enumerable.Range(0, 8), d => Assert.Equal(0f, Enumerable.Range(0, table.Count).Average(row => means[(row * 8) + d]), 1e-3));
    }

    [Fact]
    public void Run_FrozenTowers_KeepWeightsAndStatisticsOfBatchNormalisation()
    {
        Recipe recipe = Recipe(TowerKind.Cnn, 1, mirrored: false, pictures: 1);
        Train(recipe, "first").Dispose();
        recipe = recipe with { Training = recipe.Training with { FrozenEpochs = 1 } };
        Train(recipe, "frozen", start: "first").Dispose();
        recipe = recipe with { Training = recipe.Training with { FrozenEpochs = 0 } };
        Train(recipe, "free", start: "first").Dispose();

        IReadOnlyDictionary<string, NamedArray> first = Weights("first"), frozen = Weights("frozen"), free = Weights("free");
        string[] tower = [.. first.Keys.Where(name => name.Contains(".tower.", StringComparison.Ordinal))];
        Assert.Contains(tower, name => name.EndsWith(".norm.variance", StringComparison.Ordinal));
        Assert.All(tower, name => Assert.Equal(first[name].Values, frozen[name].Values));
        Assert.All(tower, name => Assert.NotEqual(first[name].Values, free[name].Values));
        Assert.NotEqual(first["voice.mean.weight"].Values, frozen["voice.mean.weight"].Values);
    }

    private IReadOnlyDictionary<string, NamedArray> Weights(string run) =>
        SafetensorsFile.Read(Path.Combine(_folder[run], "weights.safetensors")).Tensors;

    internal static Recipe Recipe(
        TowerKind kind, int crops, bool mirrored, int pictures, PlanePooling pooling = PlanePooling.Mean) =>
        new()
        {
            Name = "towers",
            Voice = VoicePresets.LogMel64 with { DurationSeconds = 0.6, MelBins = 32, Pooling = TimePooling.None },
            Face = new FaceOptions
            {
                Width = 32,
                Height = 32,
                Colour = FaceColour.Rgb,
                Frames = FramePooling.Separate,
                FrameCount = pictures,
            },
            Model = new ModelOptions
            {
                LatentDimension = 8,
                VoiceHidden = [12],
                FaceHidden = [],
                DecoderHidden = [16],
                Dropout = 0.1,
                VoiceTower = new TowerOptions { Kind = kind, Channels = Channels(kind), CropFrames = 24, ScoringCrops = crops },
                FaceTower = new TowerOptions { Kind = kind, Channels = Channels(kind), ScoresMirrored = mirrored, Pooling = pooling },
            },
            Objective = new ObjectiveOptions { Beta = 0.001, AlignmentWeight = 0.01, ContrastWeight = 1 },
            Training = new TrainingOptions { BatchSize = 8, Epochs = 1, Sampling = PairSampling.Identities },
        };

    private static int[] Channels(TowerKind kind) => kind switch
    {
        TowerKind.ResnetSe34Light => [4, 6, 8, 16],
        TowerKind.VggM => [4, 6, 8, 8, 6, 12],
        _ => [8, 10, 12],
    };

    internal static FeatureTable Table(Recipe recipe, int identities, string prefix)
    {
        const int Clips = 3;
        var random = SeededRandom.For(1, prefix);
        int voice = new VoiceFrontEnd(recipe.Voice).FeatureCount, face = new FaceFrontEnd(recipe.Face).FeatureCount;
        return new FeatureTable
        {
            Clips =
            [
                .. Enumerable.Range(0, identities * Clips).Select(i => new Clip
                {
                    Identity = $"{prefix}{i / Clips}",
                    Name = $"{i}",
                    Voice = "v.wav",
                    Faces = ["f.jpg"],
                    Split = CorpusSplit.Train,
                }),
            ],
            Voice = [.. Enumerable.Range(0, identities * Clips * voice).Select(_ => 10f + (3f * (float)random.NextGaussian()))],
            Face = [.. Enumerable.Range(0, identities * Clips * face).Select(_ => (float)random.NextDouble(0, 1))],
            VoiceLength = voice,
            FaceLength = face,
        };
    }

    private TrainedModel Train(Recipe recipe, string run = "run", int epochs = 1, bool resume = false, string? start = null)
    {
        var options = new TrainerOptions
        {
            Device = "cpu",
            Threads = 1,
            Epochs = epochs,
            StopOnCollapse = false,
            Resume = resume,
            StartFrom = start is null ? null : _folder[start],
        };
        new Trainer(recipe, options).Run(Table(recipe, 8, "p"), Table(recipe, 4, "v"), _folder[run]);
        return TrainedModel.Load(_folder[run]);
    }

    /// <summary>Convolutions, residual sums, maxima, gates, statistics and means over crops, all of them with less precision.</summary>
    [Theory]
    [InlineData(TowerKind.Cnn, 3, true, 2, ModelPrecision.Float16, 0.999)]
    [InlineData(TowerKind.Cnn, 3, true, 2, ModelPrecision.Int8, 0.95)]
    [InlineData(TowerKind.ResnetSe34Light, 1, true, 1, ModelPrecision.Float16, 0.999)]
    [InlineData(TowerKind.ResnetSe34Light, 1, true, 1, ModelPrecision.Int8, 0.95)]
    [InlineData(TowerKind.VggM, 2, true, 2, ModelPrecision.Float16, 0.999)]
    [InlineData(TowerKind.VggM, 2, true, 2, ModelPrecision.Int8, 0.95)]
    public void Export_LessPrecision_TowersAreScoredLikeAnyOther(
        TowerKind kind, int crops, bool mirrored, int pictures, ModelPrecision precision, double leastCosine)
    {
        Recipe recipe = Recipe(kind, crops, mirrored, pictures);
        using TrainedModel model = Train(recipe);
        FeatureTable training = Table(recipe, 8, "p"), validation = Table(recipe, 4, "v");
        var cost = new PrecisionOptions { Kind = precision, Training = training, Validation = validation, LossLimit = 1 };

        ModelCard card = Export(model, cost, fused: true);

        Assert.Equal(precision, card.Precision!.Kind);
        using ScoringModel loaded = ScoringModel.Load(_folder["model"]);
        Assert.True(loaded.CheckExample());
        float[] voices = model.Encode(Modality.Voice, validation.Voice, validation.Count).Mean;
        float[] faces = model.Encode(Modality.Face, validation.Face, validation.Count).Mean;
        Assert.InRange(Cosine(voices, loaded.ScoreVoices(validation.Voice, validation.Count).Means), leastCosine, 1.00001);
        Assert.InRange(Cosine(faces, loaded.ScoreFaces(validation.Face, validation.Count).Means), leastCosine, 1.00001);
        if (Python.Has("onnx"))
        {
            foreach (string file in card.Files.Select(file => file.File).Where(file => file != OnnxContract.DecoderFile))
            {
                Python.Run("import onnx, sys; onnx.checker.check_model(onnx.load(sys.argv[1]), full_check=True)", _folder["model", file]);
            }
        }

        static double Cosine(ReadOnlySpan<float> one, ReadOnlySpan<float> other) => TensorPrimitives.CosineSimilarity(one, other);
    }

    private ModelCard Export(TrainedModel model, PrecisionOptions? precision = null, bool fused = false) => OnnxExporter.Export(
        _folder["model"],
        model.ToWeights(),
        model,
        new OnnxExportOptions
        {
            Recipe = model.Recipe,
            Data = new ModelCardData("test", 8, 24, null),
            Precision = precision,
            Fused = fused,
        });
}

using CrossModalVae.Audio;
using CrossModalVae.Cli.Tests.Towers;
using CrossModalVae.Cli.Workflows;
using CrossModalVae.Corpora;
using CrossModalVae.Faces;
using CrossModalVae.Features;
using CrossModalVae.Models;
using CrossModalVae.Numerics;
using CrossModalVae.Onnx;
using CrossModalVae.Onnx.Fused;
using CrossModalVae.Recipes;
using CrossModalVae.Scoring;
using CrossModalVae.Scoring.Encoders;
using CrossModalVae.Towers;
using CrossModalVae.Training;

namespace CrossModalVae.Cli.Tests;

/// <summary>
/// Every recipe that the program has: an epoch on made features, its export with fused graphs (which demands parity of 1e-4), onnx's own
/// checker and shape inference, and the ML.NET pipeline's loader.
/// </summary>
public sealed class RecipeExportTests : IDisposable
{
    private const string Checker = """
        import onnx, sys
        for path in sys.argv[1:]:
            model = onnx.load(path)
            onnx.checker.check_model(model, full_check=True)
            graph = onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True).graph
            known = {value.name for value in [*graph.value_info, *graph.output]}
            unknown = [output for node in graph.node for output in node.output if output not in known]
            assert not unknown, f'{path}: no shapes of {unknown}'
            dims = [[dim.dim_param or dim.dim_value for dim in value.type.tensor_type.shape.dim] for value in graph.output]
            print(path, *dims)
        """;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Light => [.. Names(hasTower: false)];

    public static TheoryData<string> OfTowers => [.. Names(hasTower: true)];

    /// <summary>Towers at their own widths, which tests elsewhere have smaller.</summary>
    public static TheoryData<TowerKind, int> Wide => new()
    {
        { TowerKind.ResnetSe34Light, 112 },
        { TowerKind.VggM, 112 },
        { TowerKind.Cnn, 112 },
    };

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [MemberData(nameof(Light))]
    public void Export_ShippedRecipe_AgreesAndPassesOnnxsChecker(string name) => TrainAndExport(Read(name), identities: 64);

    [SkippableTheory]
    [MemberData(nameof(OfTowers))]
    [Trait("Category", "Slow")]
    public void Export_ShippedRecipeOfTowers_AgreesAndPassesOnnxsChecker(string name) => TrainAndExport(Read(name), identities: 8);

    [SkippableTheory]
    [MemberData(nameof(Wide))]
    [Trait("Category", "Slow")]
    public void Export_TowersOfFullWidth_AgreeAndPassOnnxsChecker(TowerKind kind, int side) => TrainAndExport(
        new Recipe
        {
            Name = "wide",
            Voice = VoicePresets.LogMel64 with { DurationSeconds = 2, Pooling = TimePooling.None },
            Face = new FaceOptions { Width = side, Height = side, Colour = FaceColour.Rgb },
            Model = new ModelOptions
            {
                LatentDimension = 64,
                VoiceHidden = [],
                FaceHidden = [],
                VoiceTower = new TowerOptions { Kind = kind, CropFrames = 150, ScoringCrops = 2 },
                FaceTower = new TowerOptions { Kind = kind },
            },
            Objective = new ObjectiveOptions { Bound = BoundKind.None, Alignment = AlignmentKind.None, ContrastWeight = 1 },
            Training = new TrainingOptions { BatchSize = 8 },
        },
        identities: 8);

    private void TrainAndExport(Recipe shipped, int identities)
    {
        using RecipeEncoders opened = RecipeEncoders.Open(shipped);
        Recipe recipe = opened.Recipe with
        {
            Training = opened.Recipe.Training with { Epochs = 1, PassesPerEpoch = 1, FrozenEpochs = 0 },
        };
        var options = new TrainerOptions { Device = "cpu", Threads = 2, StopOnCollapse = false, StartEncoders = Start(recipe) };
        new Trainer(recipe, options).Run(
            Table(opened, identities, CorpusSplit.Train), Table(opened, 4, CorpusSplit.Validation), _folder["run"]);

        ModelCard card = Export.Run(_folder["run"], _folder["model"], "random numbers", null, null, default, fused: true);

        Assert.Equal(OnnxContract.ParityBatchSizes, card.Parity.Measured.Select(measured => measured.BatchSize).Distinct());
        Assert.All(card.Parity.Measured, measured => Assert.InRange(measured.LargestError, 0, 1e-4));
        using (ScoringModel loaded = ScoringModel.Load(_folder["model"]))
        {
            Assert.Equal(recipe.Model.LatentDimension, loaded.Card.Recipe.Model.LatentDimension);
        }

        string[] files = [.. card.Files.Select(file => file.File).Where(file => !file.Contains("front-end", StringComparison.Ordinal))];
        Tool.Require(Python.Has("onnx"), "Python with onnx");
        string[] found = Python.Run(Checker, [.. files.Select(file => _folder["model", file])]).Split('\n');
        Assert.Equal(files.Length, found.Length);
        string latent = $"['batch', {recipe.Model.LatentDimension}]";
        Assert.All(found.Where(line => !line.Contains("decoder.onnx", StringComparison.Ordinal)), line => Assert.EndsWith(
            $"{(line.Contains("fused", StringComparison.Ordinal) ? "fused" : "encoder")}.onnx {latent} {latent}", line,
            StringComparison.Ordinal));
        Assert.Equal(2, found.Count(line => line.Contains("fused", StringComparison.Ordinal)));
    }

    // The encoder file that a recipe needs is a small one of this test.
    private Recipe Read(string name)
    {
        Recipe recipe = RecipeReader.Read(Repository.File("pipelines", $"{name}.json"));
        if (recipe.Face.Encoder is null)
        {
            return recipe;
        }

        var graph = new OnnxGraphBuilder("quarters");
        graph.Input("picture", [3, 150, 150], "a picture");
        graph.Node("AveragePool", "quarters", ["picture"], ("kernel_shape", new long[] { 75, 75 }), ("strides", new long[] { 75, 75 }));
        graph.Output(graph.Node("Flatten", "vector", ["quarters"]), 12, "its quarters' colours");
        string path = _folder.Write(
            "encoder.onnx", graph.Build("quarters", new Dictionary<string, string> { [OnnxContract.EncoderPresetKey] = "face-api" }));
        return recipe with { Face = recipe.Face with { Encoder = recipe.Face.Encoder with { Path = path } } };
    }

    private StartingEncoders? Start(Recipe recipe)
    {
        if (recipe.Model.FaceTower?.Kind != TowerKind.DlibResnet)
        {
            return null;
        }

        FaceApiPackage.Write(_folder);
        FaceApiImporter.Import(_folder["package"], _folder["face-api.onnx"]);
        return ExportedEncoders.Read(_folder["face-api.onnx"]);
    }

    private static IEnumerable<string> Names(bool hasTower) => ShippedRecipes.Names.Where(name =>
    {
        ModelOptions model = RecipeReader.Read(Repository.File("pipelines", $"{name}.json")).Model;
        return (model.VoiceTower ?? model.FaceTower) is not null == hasTower;
    });

    private delegate void FillRow(Span<float> row);

    private static FeatureTable Table(RecipeEncoders opened, int identities, CorpusSplit split)
    {
        const int Clips = 3, Examples = 8;
        Recipe recipe = opened.Recipe;
        var random = SeededRandom.For(1, $"{split}");
        var voices = new VoiceFrontEnd(recipe.Voice);
        var faces = new FaceFrontEnd(recipe.Face, opened.Encoders.Face);
        (int voice, int face) = (voices.FeatureCount, faces.FeatureCount);
        int rate = recipe.Voice.SampleRateHz;
        float[] sounds = Rows(voice, row => voices.Extract(new AudioClip(FusedParity.Sound(4 * rate, rate, random), rate), row));
        float[] pictures = Rows(face, row => faces.Extract([new FaceImage(FusedParity.Picture(99, 88, random), 88, 99)], row));
        return new FeatureTable
        {
            Clips =
            [
                .. Enumerable.Range(0, identities * Clips).Select(i => new Clip
                {
                    Identity = $"{split}{i / Clips}",
                    Name = $"{i}",
                    Voice = "v.wav",
                    Faces = ["f.jpg"],
                    Split = split,
                    Gender = i / Clips % 2 == 0 ? "f" : "m",
                    Age = 20 + (i / Clips),
                }),
            ],
            Voice = Around(sounds, voice),
            Face = Around(pictures, face),
            VoiceLength = voice,
            FaceLength = face,
        };

        float[] Rows(int length, FillRow fill)
        {
            var rows = new float[Examples * length];
            for (int i = 0; i < Examples; i++)
            {
                fill(rows.AsSpan(i * length, length));
            }

            return rows;
        }

        // Clips between two examples and a little beyond, so that statistics are those of sounds and pictures.
        float[] Around(float[] rows, int length) =>
        [
            .. Enumerable.Range(0, identities * Clips).SelectMany(_ =>
            {
                int first = random.NextInt32(Examples), other = (first + 1 + random.NextInt32(Examples - 1)) % Examples;
                (int a, int b) = (first * length, other * length);
                return Enumerable.Range(0, length).Select(
                    i => rows[a + i] + ((rows[b + i] - rows[a + i]) * (float)random.NextDouble(-0.2, 1.2)));
            }),
        ];
    }
}

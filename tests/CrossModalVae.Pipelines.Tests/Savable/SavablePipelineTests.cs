using CrossModalVae.Audio;
using CrossModalVae.Encoders;
using CrossModalVae.Faces;
using CrossModalVae.Models;
using CrossModalVae.Pipelines.Savable;
using CrossModalVae.Pipelines.Tests.FrontEnds;
using CrossModalVae.Pipelines.Tests.Workouts;
using CrossModalVae.Recipes;
using CrossModalVae.Scoring;
using CrossModalVae.Scoring.Encoders;
using CrossModalVae.Scoring.Tests.Encoders;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CrossModalVae.Pipelines.Tests.Savable;

/// <summary>What ml.Model.Save holds: every recipe's front ends and graphs.</summary>
public sealed class SavablePipelineTests : IDisposable
{
    // Rows one at a time against batches: a matrix product of one row may add in another order.
    private const float BatchTolerance = 1e-4f;

    private static readonly string[] Features = [ModelColumns.VoiceFeatures, ModelColumns.FaceFeatures];

    private static readonly string[] Embeddings =
    [
        ModelColumns.VoiceMean, ModelColumns.VoiceLogVariance, ModelColumns.FaceMean, ModelColumns.FaceLogVariance,
        ModelColumns.JointEmbedding,
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(1);

    public static TheoryData<string> Recipes =>
        [.. Directory.GetFiles(Repository.File("pipelines"), "*.json").Select(file => Path.GetFileNameWithoutExtension(file)!).Order()];

    private string Zip => _folder["model.zip"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Recipes))]
    [Trait("Category", "Slow")]
    public void SaveAndLoad_EveryRecipe_GivesTheSameValues(string name)
    {
        Recipe file = RecipeReader.Read(Repository.File("pipelines", name + ".json"));
        WriteModel(file);
        IDataView input = _ml.Data.LoadFromEnumerable(Clips());
        List<object[]> expected, batched;
        using (ScoringModel model = ScoringModel.Load(_folder["model"]))
        {
            var columns = new PipelineColumns { StartSeconds = "Start", DurationSeconds = "Duration", FaceBoxes = "Boxes" };
            using TransformerChain<ITransformer> savable = model.CreateSavablePipeline(_ml, columns: columns).Fit(input);
            expected = DataRows.Read(savable.Transform(input), [.. Features, .. Embeddings]);
            batched = DataRows.Read(
                model.CreateJointPipeline(_ml, columns).Fit(input).Transform(input), [.. Features, .. Embeddings]);
            _ml.Model.Save(savable, input.Schema, Zip);
        }

        Directory.Delete(_folder["model"], recursive: true);
        using var loaded = (TransformerChain<ITransformer>)new MLContext().Model.Load(Zip, out DataViewSchema schema);
        IDataView output = loaded.Transform(input);

        Assert.Equal(input.Schema.Select(column => column.Name), schema.Select(column => column.Name));
        Assert.Equal(expected, DataRows.Read(output, [.. Features, .. Embeddings]));
        Assert.Equal(
            input.Schema.Select(column => column.Name).Concat([.. Features, .. Embeddings]).Order(),
            output.Schema.Where(column => !column.IsHidden).Select(column => column.Name).Order());
        for (int r = 0; r < expected.Count; r++)
        {
            Assert.Equal(batched[r][..Features.Length], expected[r][..Features.Length]); // the front ends bit for bit
            for (int c = Features.Length; c < expected[r].Length; c++)
            {
                Near((float[])batched[r][c], (float[])expected[r][c]);
            }
        }
    }

    [Fact]
    public void PredictionEngine_LoadedInAFreshContext_NothingIsRegistered()
    {
        // The assembly's factories are found by what the file says; a context knows none of them before.
        WriteModel(new Recipe { Name = "x" });
        IDataView input = _ml.Data.LoadFromEnumerable(Clips());
        using ScoringModel model = ScoringModel.Load(_folder["model"]);
        using TransformerChain<ITransformer> savable = model.CreateSavablePipeline(_ml, Modality.Voice).Fit(input);

        _ml.Model.Save(savable, input.Schema, Zip);

        using var loaded = (TransformerChain<ITransformer>)new MLContext().Model.Load(Zip, out _);
        using PredictionEngine<SavedClip, Found> engine = _ml.Model.CreatePredictionEngine<SavedClip, Found>(loaded);
        List<object[]> expected = DataRows.Read(savable.Transform(input), ModelColumns.VoiceMean);
        Assert.All(Clips().Zip(expected), pair => Assert.Equal(pair.Second[0], engine.Predict(pair.First).VoiceMean));
    }

    [Fact]
    public void Inputs_BytesSamplesAndOnePath_EqualThePaths()
    {
        WriteModel(new Recipe { Name = "x" });
        IDataView input = _ml.Data.LoadFromEnumerable(Clips());
        using ScoringModel model = ScoringModel.Load(_folder["model"]);
        List<object[]> first = Loaded(new PipelineColumns { Faces = "Frame" });

        Assert.Equal(first, Loaded(new PipelineColumns { Voice = "Bytes", Faces = "Picture" }));
        Assert.Equal(first, Loaded(new PipelineColumns { Voice = "Samples", SampleRate = "Rate", Faces = "Picture" }));
        Assert.Equal(first, Loaded(new PipelineColumns { Voice = "Samples", SampleRateHz = (int)Clips()[0].Rate, Faces = "Frame" }));

        List<object[]> Loaded(PipelineColumns columns)
        {
            _ml.Model.Save(model.CreateSavablePipeline(_ml, columns: columns).Fit(input), input.Schema, Zip);
            return DataRows.Read(new MLContext().Model.Load(Zip, out _).Transform(input), ModelColumns.JointEmbedding);
        }
    }

    [Fact]
    public void Schema_PromisedIsDelivered_AndWrongColumnsAreRefused()
    {
        WriteModel(new Recipe { Name = "x" });
        using ScoringModel model = ScoringModel.Load(_folder["model"]);
        IDataView input = _ml.Data.LoadFromEnumerable(Clips());
        SavablePipelineEstimator estimator = model.CreateSavablePipeline(_ml);
        SchemaShape promised = new EstimatorChain<ITransformer>().Append(estimator).GetOutputSchema(
            _ml.Transforms.CopyColumns("Copy", "Voice").GetOutputSchema(Shape(input)));

        DataViewSchema delivered = estimator.Fit(input).Transform(input).Schema;

        foreach (string name in (string[])[.. Features, .. Embeddings])
        {
            SchemaShape.Column column = Assert.Single(promised, column => column.Name == name);
            var type = (VectorDataViewType)delivered[name].Type;
            Assert.Equal(column.Kind == SchemaShape.Column.VectorKind.Vector, type.Size == ModelFolders.LatentDimension);
        }

        Assert.Equal(
            "Column 'Rate' (voice of VoiceSpectrogram) is Single; must be String or Vector<Byte>, or Vector<Single> with a sample rate.",
            Assert.Throws<ArgumentException>(
                () => model.CreateSavablePipeline(_ml, columns: new PipelineColumns { Voice = "Rate" }).Fit(input)).Message);
    }

    [Fact]
    public void Pictures_AreRefusedAndNameSaveBundle()
    {
        WriteModel(new Recipe { Name = "x" });
        using ScoringModel model = ScoringModel.Load(_folder["model"]);
        IDataView input = _ml.Transforms.LoadImages("Loaded", _folder.Root, "Frame")
            .Fit(_ml.Data.LoadFromEnumerable(Clips())).Transform(_ml.Data.LoadFromEnumerable(Clips()));

        Assert.Equal(
            "Column 'Loaded' has pictures (MLImage), which ML.NET hands to no step that ml.Model.Save holds: "
            + "use paths or bytes, or ml.Model.SaveBundle, which takes them.",
            Assert.Throws<NotSupportedException>(() => model.CreateSavablePipeline(
                _ml, Modality.Face, new PipelineColumns { Faces = "Loaded" }).Fit(input)).Message);
    }

    [Fact]
    public void TooLarge_IsRefusedAndNamesSaveBundle()
    {
        ModelFolders.Write(
            _folder["model"], ModelFolders.Recipe(recipe => recipe with { Model = recipe.Model with { LatentDimension = 4097 } }));
        using ScoringModel model = ScoringModel.Load(_folder["model"]);
        string graph = _folder["graph.onnx"];
        using (FileStream file = File.Create(graph))
        {
            file.SetLength(SavableState.LargestGraphBytes + 1); // a hole
        }

        Assert.Equal(
            "The model has 4097 latent dimensions; ml.Model.Save holds at most 4096: use ml.Model.SaveBundle, which holds any number.",
            Assert.Throws<NotSupportedException>(() => model.CreateSavablePipeline(_ml)).Message);
        Assert.Equal(
            $"{graph}: has 67108865 bytes; ml.Model.Save holds pretrained networks of at most 67108864: "
            + "use ml.Model.SaveBundle, which holds any.",
            Assert.Throws<NotSupportedException>(
                () => SavableState.Of(new Recipe { Name = "x" }, graph, new PipelineColumns(), "Voice")).Message);
    }

    private static SchemaShape Shape(IDataView view) =>
        new MLContext().Transforms.CopyColumns("Second", "Voice").GetOutputSchema(Shape(view.Schema));

    private static SchemaShape Shape(DataViewSchema schema) => (SchemaShape)typeof(SchemaShape)
        .GetMethod("Create", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!.Invoke(null, [schema])!;

    private static void Near(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(
            pair.First, pair.Second, float.IsNaN(pair.First) ? 0 : BatchTolerance * Math.Max(1, Math.Abs(pair.First))));
    }

    /// <summary>A small untrained model with the front ends of a recipe; a pretrained network is a tiny one.</summary>
    private void WriteModel(Recipe file)
    {
        Directory.CreateDirectory(_folder["model"]);
        FaceOptions face = file.Face;
        var more = new List<ModelCardFile>();
        if (face.Encoder is FaceEncoderOptions encoder)
        {
            string path = TinyEncoders.Face(_folder["model/" + OnnxContract.FaceFrontEndFile]);
            face = face with
            {
                Encoder = encoder with
                {
                    Path = path,
                    ColourOrder = ColourOrder.Rgb,
                    Mean = [0, 0, 0],
                    Deviation = [1, 1, 1],
                    Vector = VectorNormalisation.None,
                },
            };
            using RecipeEncoders opened = RecipeEncoders.Open(new Recipe { Name = "x", Face = face });
            face = opened.Recipe.Face with { Encoder = opened.Recipe.Face.Encoder! with { Path = OnnxContract.FaceFrontEndFile } };
            more.Add(ModelFolders.File(_folder["model"], OnnxContract.FaceFrontEndFile, File.ReadAllBytes(path)));
        }

        Recipe small = ModelFolders.Recipe(recipe => recipe with
        {
            Voice = file.Voice,
            Face = face with { Encoder = null },
            Scoring = file.Scoring with { BatchSize = 4 },
        });
        int length = face.Encoder is null ? small.Statistics!.Face.Length : 3;
        small = small with
        {
            Face = face,
            Statistics = small.Statistics! with
            {
                Face = new FeatureStatistics([.. Enumerable.Repeat(0.5f, length)], [.. Enumerable.Repeat(0.25f, length)], 10),
            },
        };
        ModelCard card = ModelFolders.Write(_folder["model"], small);
        ModelFolders.WriteCard(_folder["model"], card with { Files = [.. card.Files, .. more] });
        File.Delete(_folder["model/recipe.json"]);
    }

    private static SavedClip[] Clips()
    {
        ClipRow[] rows = ClipRow.Grid(4);
        return
        [
            Of(rows[0], rows[0].Faces, 0.1, 1.3f), Of(rows[1], [], 0, float.NaN) with { Voice = "", Bytes = [], Samples = [] },
            Of(rows[2], [rows[2].FirstFace, "", rows[3].FirstFace], 0, float.NaN) with
            {
                Boxes = [20, 20, 60, 60, 0, 0, 9, 9, 1, 2, 90, 80],
            },
            Of(rows[3], [], 0, float.NaN),
        ];
    }

    private static SavedClip Of(ClipRow row, string[] faces, double start, float duration)
    {
        AudioClip sound = AudioFile.Read(row.Voice);
        string frame = faces.FirstOrDefault() ?? "";
        return new SavedClip
        {
            Voice = row.Voice,
            Start = start,
            Duration = duration,
            Bytes = File.ReadAllBytes(row.Voice),
            Samples = sound.Samples.ToArray(),
            Rate = sound.SampleRateHz,
            Faces = faces,
            Frame = frame,
            Picture = frame.Length > 0 ? File.ReadAllBytes(frame) : [],
        };
    }

    private sealed record SavedClip
    {
        public string Voice { get; set; } = "";

        public double Start { get; set; }

        public float Duration { get; set; }

        public byte[] Bytes { get; set; } = [];

        public float[] Samples { get; set; } = [];

        public float Rate { get; set; }

        public string[] Faces { get; set; } = [];

        public string Frame { get; set; } = "";

        public byte[] Picture { get; set; } = [];

        public float[] Boxes { get; set; } = [];
    }

    private sealed class Found
    {
        public float[] VoiceMean { get; set; } = [];
    }
}

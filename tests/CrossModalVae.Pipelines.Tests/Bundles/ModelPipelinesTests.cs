using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Encoders;
using CrossModalVae.Faces;
using CrossModalVae.Pipelines.Tests.Workouts;
using CrossModalVae.Recipes;
using CrossModalVae.Scoring;
using CrossModalVae.Scoring.Encoders;
using CrossModalVae.Scoring.Tests.Encoders;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CrossModalVae.Pipelines.Tests.Bundles;

public sealed class ModelPipelinesTests : IDisposable
{
    // The same network on one row at a time: a matrix product of one row may add in another order.
    private const float OneRowTolerance = 1e-4f;

    private readonly TemporaryFolder _folder = new();
    private readonly Manifest _grid = ManifestReader.Read(TestFiles.GridManifest);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void CreateJointPipeline_OwnColumnNames_GivesEmbedsNumbers()
    {
        ModelFolders.Write(_folder.Root, ModelFolders.Recipe());
        using ScoringModel model = ScoringModel.Load(_folder.Root);
        var ml = new MLContext(1);
        IDataView input = ml.Data.LoadFromEnumerable(
            _grid.Clips.Select(clip => new OwnRow { Recording = clip.Voice!, Photo = clip.Faces[0] }));
        var columns = new BundleColumns { VoicePath = "Recording", FacePaths = "Photo", Folder = _grid.Folder };

        List<object[]> rows = DataRows.Read(
            model.CreateJointPipeline(ml, columns).Fit(input).Transform(input), "voice_mean", "joint_embedding");

        EmbeddingSet voices = model.Embed(_grid, Modality.Voice);
        Assert.Equal(27, rows.Count);
        for (int i = 0; i < rows.Count; i++)
        {
            Assert.Equal(voices[i].ToArray(), rows[i][0]);
            Assert.Equal(ModelFolders.LatentDimension, ((float[])rows[i][1]).Length);
        }
    }

    [Fact]
    public void CreateVoicePipeline_PredictionEngine_ScoresOneRow()
    {
        ModelFolders.Write(_folder.Root, ModelFolders.Recipe());
        using ScoringModel model = ScoringModel.Load(_folder.Root);
        var ml = new MLContext(1);
        IDataView input = ml.Data.LoadFromEnumerable(Array.Empty<OwnRow>());
        ITransformer pipeline = model.CreateVoicePipeline(ml, new BundleColumns { VoicePath = "Recording", Folder = _grid.Folder })
            .Fit(input);
        using PredictionEngine<OwnRow, VoiceMean> engine = ml.Model.CreatePredictionEngine<OwnRow, VoiceMean>(pipeline);

        float[] first = engine.Predict(new OwnRow { Recording = _grid.Clips[0].Voice! }).Mean;
        float[] second = engine.Predict(new OwnRow { Recording = _grid.Clips[1].Voice! }).Mean;

        EmbeddingSet voices = model.Embed(_grid, Modality.Voice);
        AssertClose(voices[0], first);
        AssertClose(voices[1], second);
    }

    [Fact]
    public void FaceTensor_WithAnEncoder_GivesWhatTheFrontEndGives()
    {
        var levels = new FaceEncoderOptions
        {
            Path = TinyEncoders.Face(_folder["levels.onnx"], 8), // the mean level of each channel of an 8 x 8 picture
            ColourOrder = ColourOrder.Rgb,
            Mean = [0, 0, 0],
            Deviation = [1, 1, 1],
            Vector = VectorNormalisation.None,
            Mirror = true,
        };
        using RecipeEncoders opened = RecipeEncoders.Open(new Recipe { Name = "x", Face = new FaceOptions { Encoder = levels } });
        string[] jpgs =
        [
            .. Directory.GetFiles(Fixtures.Grid, "*.jpg", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Take(5),
        ];
        var ml = new MLContext();
        IDataView view = ml.Data.LoadFromEnumerable(jpgs.Append("").Select(path => new FaceRow { Path = path }));

        IDataView scored = ml.Transforms
            .FaceTensor("features", "Path", opened.Recipe.Face, encoder: opened.Encoders.Face).Fit(view).Transform(view);

        float[][] found = [.. scored.GetColumn<float[]>("features")];
        var frontEnd = new FaceFrontEnd(opened.Recipe.Face, opened.Encoders.Face);
        Assert.Equal(jpgs.Select(path => frontEnd.Extract([path])), found[..^1]);
        Assert.All(found[^1], value => Assert.True(float.IsNaN(value))); // no path is a missing face
    }

    private static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], OneRowTolerance);
        }
    }

    private sealed class OwnRow
    {
        public string Recording { get; set; } = "";

        public string Photo { get; set; } = "";
    }

    private sealed class VoiceMean
    {
        [ColumnName("voice_mean")]
        [VectorType(ModelFolders.LatentDimension)]
        public float[] Mean { get; set; } = [];
    }

    private sealed class FaceRow
    {
        public string Path { get; set; } = "";
    }
}

using CrossModalVae.Audio;
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
        var columns = new PipelineColumns { Voice = "Recording", Faces = "Photo", Folder = _grid.Folder };

        List<object[]> rows = DataRows.Read(
            model.CreateJointPipeline(ml, columns).Fit(input).Transform(input), "VoiceMean", "JointEmbedding");

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
        ITransformer pipeline = model.CreateVoicePipeline(ml, new PipelineColumns { Voice = "Recording", Folder = _grid.Folder })
            .Fit(input);
        using PredictionEngine<OwnRow, VoiceMean> engine = ml.Model.CreatePredictionEngine<OwnRow, VoiceMean>(pipeline);

        float[] first = engine.Predict(new OwnRow { Recording = _grid.Clips[0].Voice! }).Mean;
        float[] second = engine.Predict(new OwnRow { Recording = _grid.Clips[1].Voice! }).Mean;

        EmbeddingSet voices = model.Embed(_grid, Modality.Voice);
        AssertClose(voices[0], first);
        AssertClose(voices[1], second);
    }

    [Fact]
    public void CreateJointPipeline_BytesAndSamples_GiveTheFilesEmbeddings()
    {
        ModelFolders.Write(_folder.Root, ModelFolders.Recipe());
        using ScoringModel model = ScoringModel.Load(_folder.Root);
        var ml = new MLContext(1);
        IDataView input = ml.Data.LoadFromEnumerable(_grid.Clips.Take(9).Select(clip => new MemoryRow
        {
            Voice = File.ReadAllBytes(_grid.VoicePath(clip)!),
            Faces = File.ReadAllBytes(_grid.FacePaths(clip)[0]),
            Samples = AudioFile.Read(_grid.VoicePath(clip)!).Samples.ToArray(),
            Rate = AudioFile.Read(_grid.VoicePath(clip)!).SampleRateHz,
        }));

        List<object[]> bytes = DataRows.Read(
            model.CreateJointPipeline(ml).Fit(input).Transform(input), ModelColumns.VoiceMean, ModelColumns.FaceMean);
        List<object[]> samples = DataRows.Read(
            model.CreateVoicePipeline(ml, new PipelineColumns { Voice = "Samples", SampleRate = "Rate" }).Fit(input).Transform(input),
            ModelColumns.VoiceMean);

        IEnumerable<Clip> oneFrame = _grid.Clips.Take(9).Select(clip => clip with { Faces = [clip.Faces[0]] });
        EmbeddingSet set = model.Embed(new Manifest(_grid.FilePath, [.. oneFrame]), [Modality.Voice, Modality.Face]);
        Assert.Equal(9, bytes.Count);
        for (int i = 0; i < 9; i++)
        {
            Assert.Equal(set[2 * i].ToArray(), bytes[i][0]);
            Assert.Equal(set[(2 * i) + 1].ToArray(), bytes[i][1]);
            Assert.Equal(bytes[i][0], samples[i][0]);
        }
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

    private static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual) =>
        Near.AssertEqual(expected, actual, OneRowTolerance);

    private sealed class MemoryRow
    {
        public byte[] Voice { get; set; } = [];

        public byte[] Faces { get; set; } = [];

        public float[] Samples { get; set; } = [];

        public int Rate { get; set; }
    }

    private sealed class OwnRow
    {
        public string Recording { get; set; } = "";

        public string Photo { get; set; } = "";
    }

    private sealed class VoiceMean
    {
        [ColumnName("VoiceMean")]
        [VectorType(ModelFolders.LatentDimension)]
        public float[] Mean { get; set; } = [];
    }

    private sealed class FaceRow
    {
        public string Path { get; set; } = "";
    }
}

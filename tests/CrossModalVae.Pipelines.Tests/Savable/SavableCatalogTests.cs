using CrossModalVae.Audio;
using CrossModalVae.Faces;
using CrossModalVae.Models;
using CrossModalVae.Pipelines.Tests.Workouts;
using CrossModalVae.Recipes;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CrossModalVae.Pipelines.Tests.Savable;

public class SavableCatalogTests
{
    // The savable pipeline scores rows one at a time, the other in batches; a matrix product of one row may add in another order.
    private const float BatchTolerance = 1e-4f;

    private readonly MLContext _ml = new(1);

    [Theory]
    [InlineData(JointEmbedding.MeanOfDirections)]
    [InlineData(JointEmbedding.ProductOfExperts)]
    public void SaveAndLoad_WholePipelineInFreshContext_GivesTheSameValues(JointEmbedding kind)
    {
        IDataView input = _ml.Data.LoadFromEnumerable(Clips());
        ITransformer pipeline = WholePipeline(kind).Fit(input);
        using var folder = new TemporaryFolder();
        string zip = folder["pipeline.zip"];

        _ml.Model.Save(pipeline, input.Schema, zip);
        ITransformer loaded = new MLContext().Model.Load(zip, out DataViewSchema schema);

        List<object[]> expected = DataRows.Read(pipeline.Transform(input), "voice_mean", "face_log_variance", "joint_embedding");
        List<object[]> actual = DataRows.Read(loaded.Transform(input), "voice_mean", "face_log_variance", "joint_embedding");
        (pipeline as IDisposable)?.Dispose();
        (loaded as IDisposable)?.Dispose();
        Assert.Equal(["voice_path", "face_paths"], schema.Select(column => column.Name));
        Assert.Equal(4, actual.Count);
        Assert.Equal(expected, actual);
    }

    [Theory]
    [InlineData(JointEmbedding.MeanOfDirections)]
    [InlineData(JointEmbedding.ProductOfExperts)]
    public void WholePipeline_AgreesWithTheBatchedOne(JointEmbedding kind)
    {
        IDataView input = _ml.Data.LoadFromEnumerable(Clips());
        ITransformer savable = WholePipeline(kind).Fit(input);
        var tensors = new JointEmbeddingColumns
        {
            VoiceMean = "voice_mean",
            VoiceLogVariance = "voice_log_variance",
            FaceMean = "face_mean",
            FaceLogVariance = "face_log_variance",
        };
        ITransformer batched = _ml.Transforms.VoiceSpectrogram("voice_features", "voice_path")
            .Append(_ml.Transforms.FaceTensor("face_features", "face_paths"))
            .Append(_ml.Transforms.ApplyOnnxModelBatched(
                ["voice_mean", "voice_log_variance"], ["voice_features"], TestFiles.Golden("report-voice.onnx")))
            .Append(
                _ml.Transforms.ApplyOnnxModelBatched(
                    ["face_mean", "face_log_variance"], ["face_features"], TestFiles.Golden("report-face.onnx")))
            .Append(_ml.Transforms.JointEmbedding("joint_embedding", kind, tensors))
            .Fit(input);

        List<object[]> expected = DataRows.Read(batched.Transform(input), "joint_embedding");
        List<object[]> actual = DataRows.Read(savable.Transform(input), "joint_embedding");

        (savable as IDisposable)?.Dispose();
        (batched as IDisposable)?.Dispose();
        Assert.Equal(4, actual.Count);
        for (int r = 0; r < 4; r++)
        {
            float[] row = (float[])actual[r][0];
            Assert.Equal(r == 3, JointPosterior.IsMissing(row));
            Assert.All(row.Zip((float[])expected[r][0]), pair => Assert.Equal(pair.First, pair.Second, BatchTolerance));
        }
    }

    [Fact]
    public void FrontEnds_AreTheReports()
    {
        Assert.Equal(SavableCatalog.VoiceFeatureCount, new VoiceFrontEnd(new VoiceOptions()).FeatureCount);
        Assert.Equal(SavableCatalog.FaceFeatureCount, new FaceFrontEnd(new FaceOptions()).FeatureCount);
    }

    [Fact]
    public void Predict_OneClip_EqualsTheViewsRow()
    {
        IDataView input = _ml.Data.LoadFromEnumerable(Clips());
        ITransformer pipeline = _ml.Transforms.SavableVoiceSpectrogram().Append(_ml.Transforms.SavableFaceTensor()).Fit(input);
        using PredictionEngine<ClipPaths, Features> engine = _ml.Model.CreatePredictionEngine<ClipPaths, Features>(pipeline);

        float[] one = engine.Predict(Clips()[0]).FaceFeatures;

        Assert.Equal(DataRows.Read(pipeline.Transform(input), "face_features")[0][0], one);
    }

    [Fact]
    public void SavableJointEmbedding_UnknownKind_Throws()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => _ml.Transforms.SavableJointEmbedding((JointEmbedding)9));

        Assert.Equal("'kind' is 9; must be one of MeanOfDirections, ProductOfExperts.", error.Message);
    }

    private EstimatorChain<Microsoft.ML.Transforms.CustomMappingTransformer<SavablePosteriors, SavableJointEmbedding>> WholePipeline(
        JointEmbedding kind) =>
            _ml.Transforms.SavableVoiceSpectrogram()
                .Append(_ml.Transforms.SavableFaceTensor())
                .Append(_ml.Transforms.ApplyOnnxModel(
                    ["voice_mean", "voice_log_variance"], ["voice_features"], TestFiles.Golden("report-voice.onnx")))
                .Append(_ml.Transforms.ApplyOnnxModel(
                    ["face_mean", "face_log_variance"], ["face_features"], TestFiles.Golden("report-face.onnx")))
                .Append(_ml.Transforms.SavableJointEmbedding(kind));

    private static ClipPaths[] Clips()
    {
        FrontEnds.ClipRow[] rows = FrontEnds.ClipRow.Grid(3);
        return
        [
            new() { VoicePath = rows[0].Voice, FacePaths = rows[0].Faces },
            new() { VoicePath = "", FacePaths = rows[1].Faces },
            new() { VoicePath = rows[2].Voice },
            new(),
        ];
    }

    private sealed class ClipPaths
    {
        [ColumnName("voice_path")]
        public string VoicePath { get; set; } = "";

        [ColumnName("face_paths")]
        public string[] FacePaths { get; set; } = [];
    }

    private sealed class Features
    {
        [ColumnName("face_features")]
        [VectorType(529)]
        public float[] FaceFeatures { get; set; } = [];
    }
}

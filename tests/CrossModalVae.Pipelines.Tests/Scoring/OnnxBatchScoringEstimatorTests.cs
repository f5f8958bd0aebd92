using CrossModalVae.Pipelines.Tests.Workouts;
using CrossModalVae.Scoring;
using CrossModalVae.Scoring.Tests.Sessions;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CrossModalVae.Pipelines.Tests.Scoring;

public class OnnxBatchScoringEstimatorTests
{
    // float32 against numpy's float32: eight inputs, two layers; the order of additions differs.
    private const float GoldenTolerance = 1e-5f;

    private static readonly string[] Outputs = ["Mean", "LogVariance"];
    private readonly MLContext _ml = new(1);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(256)]
    public void Workout_BatchSizes_Pass(int batchSize)
    {
        OnnxBatchScoringEstimator estimator = _ml.Transforms.ApplyOnnxModelBatched(
            Outputs, ["Features"], TestFiles.Golden("mlp-voice.onnx"), new OnnxBatchOptions { BatchSize = batchSize });

        EstimatorWorkout.Run(
            _ml,
            estimator,
            Rows(),
            [
                WrongInput.Of<TextRow>(
                    _ml,
                    "Column 'Features' (input of ApplyOnnxModelBatched) is String; must be Vector<Single, 6>.",
                    "Column 'Features' (input of ApplyOnnxModelBatched) is String; must be Vector<Single, 6>."),
                WrongInput.Of<ShortRow>(
                    _ml, null, "Column 'Features' (input of ApplyOnnxModelBatched) is Vector<Single, 5>; must be Vector<Single, 6>."),
                WrongInput.Of<VariableRow>(
                    _ml,
                    null,
                    "Column 'Features' (input of ApplyOnnxModelBatched) is Vector<Single> of unknown length; must be Vector<Single, 6>."),
                WrongInput.Of<OtherRow>(
                    _ml,
                    "Column 'Features' (input of ApplyOnnxModelBatched) is not in the input; "
                    + "must be Vector<Single, 6>; the input has: Other.",
                    "Column 'Features' (input of ApplyOnnxModelBatched) is not in the input; "
                    + "must be Vector<Single, 6>; the input has: Other."),
            ]);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    public void Transform_GoldenRows_GivesNumpysResults(int batchSize)
    {
        IDataView input = _ml.Data.LoadFromEnumerable(Rows());
        using OnnxBatchScoringTransformer transformer = _ml.Transforms
            .ApplyOnnxModelBatched(
                Outputs, ["Features"], TestFiles.Golden("mlp-voice.onnx"), new OnnxBatchOptions { BatchSize = batchSize })
            .Fit(input);

        List<object[]> rows = DataRows.Read(transformer.Transform(input), "Id", "Mean", "LogVariance");

        GoldenEncoder golden = GoldenEncoder.Voice;
        Assert.Equal(golden.Features.Length, rows.Count);
        for (int r = 0; r < rows.Count; r++)
        {
            Assert.Equal($"row {r}", rows[r][0]);
            AssertClose(golden.Mean[r], (float[])rows[r][1]);
            AssertClose(golden.LogVariance[r], (float[])rows[r][2]);
        }
    }

    [Fact]
    public void Transform_NamedTensor_GivesThatOutputAlone()
    {
        IDataView input = _ml.Data.LoadFromEnumerable(Rows());
        using OnnxBatchScoringTransformer transformer = _ml.Transforms
            .ApplyOnnxModelBatched(
                ["Only"],
                ["Features"],
                TestFiles.Golden("mlp-voice.onnx"),
                new OnnxBatchOptions { OutputTensorNames = ["voice_log_variance"] })
            .Fit(input);

        List<object[]> rows = DataRows.Read(transformer.Transform(input), "Only");

        AssertClose(GoldenEncoder.Voice.LogVariance[6], (float[])rows[6][0]);
    }

    [Fact]
    public void Transform_ColumnsNamedAsTensors_GetThoseTensors()
    {
        IDataView input = _ml.Data.LoadFromEnumerable(Rows());
        using OnnxBatchScoringTransformer transformer = _ml.Transforms
            .ApplyOnnxModelBatched("voice_log_variance", "Features", TestFiles.Golden("mlp-voice.onnx")).Fit(input);

        List<object[]> rows = DataRows.Read(transformer.Transform(input), "voice_log_variance");

        AssertClose(GoldenEncoder.Voice.LogVariance[6], (float[])rows[6][0]);
    }

    [Fact]
    public void ApplyOnnxModelBatched_TwoInputs_IsRefused() =>
        Assert.Equal(
            "'inputColumnNames' has 2 names; a graph that is scored in batches is fed one column.",
            Assert.Throws<ArgumentException>(
                () => _ml.Transforms.ApplyOnnxModelBatched(Outputs, ["A", "B"], TestFiles.Golden("mlp-voice.onnx"))).Message);

    [Fact]
    public void Transform_RowWithMissingValue_GivesMissingValuesAndLeavesOthersAlone()
    {
        FeatureRow[] rows = Rows();
        rows[2].Features[3] = float.NaN;
        IDataView input = _ml.Data.LoadFromEnumerable(rows);
        using OnnxBatchScoringTransformer transformer = _ml.Transforms
            .ApplyOnnxModelBatched(Outputs, ["Features"], TestFiles.Golden("mlp-voice.onnx")).Fit(input);

        List<object[]> scored = DataRows.Read(transformer.Transform(input), "Mean", "LogVariance");

        Assert.All(scored[2], values => Assert.All((float[])values, value => Assert.True(float.IsNaN(value))));
        AssertClose(GoldenEncoder.Voice.Mean[1], (float[])scored[1][0]);
        AssertClose(GoldenEncoder.Voice.Mean[3], (float[])scored[3][0]);
    }

    [Fact]
    public void Transform_ApplyOnnxModel_Agrees()
    {
        IDataView input = _ml.Data.LoadFromEnumerable(GoldenEncoder.Voice.Features.Select(row => new TensorNamedRow { Features = row }));
        using OnnxBatchScoringTransformer ours = _ml.Transforms
            .ApplyOnnxModelBatched(Outputs, ["voice_features"], TestFiles.Golden("mlp-voice.onnx")).Fit(input);
        var stock = _ml.Transforms
            .ApplyOnnxModel(["voice_mean", "voice_log_variance"], ["voice_features"], TestFiles.Golden("mlp-voice.onnx")).Fit(input);

        List<object[]> expected = DataRows.Read(stock.Transform(input), "voice_mean", "voice_log_variance");
        List<object[]> actual = DataRows.Read(ours.Transform(input), Outputs);

        (stock as IDisposable)?.Dispose();
        Assert.Equal(7, expected.Count);
        for (int r = 0; r < expected.Count; r++)
        {
            AssertClose((float[])expected[r][0], (float[])actual[r][0]);
            AssertClose((float[])expected[r][1], (float[])actual[r][1]);
        }
    }

    [Fact]
    public void GetRowCursor_NoScoredColumnNeeded_DoesNotRunTheModel()
    {
        IDataView input = _ml.Data.LoadFromEnumerable(Rows());
        var encoder = new OnnxEncoder(TestFiles.Golden("mlp-voice.onnx"));
        IDataView output = _ml.Transforms.ApplyOnnxModelBatched(Outputs, ["Features"], encoder).Fit(input).Transform(input);
        encoder.Dispose();

        List<object[]> rows = DataRows.Read(output, "Id");

        // With the session gone only a cursor that leaves it alone gets this far; one that scores must fail.
        Assert.Equal(7, rows.Count);
        Assert.Throws<ObjectDisposedException>(() => DataRows.Read(output, "Mean"));
    }

    [Fact]
    public void Transform_EmptyInput_GivesNoRows()
    {
        IDataView input = _ml.Data.LoadFromEnumerable(Array.Empty<FeatureRow>());
        using OnnxBatchScoringTransformer transformer = _ml.Transforms
            .ApplyOnnxModelBatched(Outputs, ["Features"], TestFiles.Golden("mlp-voice.onnx")).Fit(input);

        Assert.Empty(DataRows.Read(transformer.Transform(input), "Mean"));
    }

    [Fact]
    public void ApplyOnnxModelBatched_NamesThatDoNotFit_Throw()
    {
        string model = TestFiles.Golden("mlp-voice.onnx");
        string full = Path.GetFullPath(model);

        Assert.Equal(
            $"{full}: 3 output columns were asked for; the graph has 2 outputs (voice_mean, voice_log_variance).",
            Assert.Throws<ArgumentException>(() => _ml.Transforms.ApplyOnnxModelBatched(["a", "b", "c"], ["Features"], model)).Message);
        Assert.Equal(
            $"{full}: the graph has no output 'mean'; it has: voice_mean, voice_log_variance.",
            Assert.Throws<ArgumentException>(() => _ml.Transforms.ApplyOnnxModelBatched(
                ["a"], ["Features"], model, new OnnxBatchOptions { OutputTensorNames = ["mean"] })).Message);
        Assert.Equal(
            $"{full}: the graph has no input 'features'; it has: voice_features.",
            Assert.Throws<ArgumentException>(() => _ml.Transforms.ApplyOnnxModelBatched(
                ["a"], ["Features"], model, new OnnxBatchOptions { InputTensorName = "features" })).Message);
        Assert.Equal(
            "'BatchSize' is 0; must be >= 1. 'OutputTensorNames' is x, x; must not repeat a name.",
            Assert.Throws<ArgumentException>(() => _ml.Transforms.ApplyOnnxModelBatched(
                ["a", "b"], ["Features"], model, new OnnxBatchOptions { BatchSize = 0, OutputTensorNames = ["x", "x"] })).Message);
    }

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], GoldenTolerance);
        }
    }

    private static FeatureRow[] Rows() =>
        [
            .. GoldenEncoder.Voice.Features.Select(
                (features, i) => new FeatureRow { Id = $"row {i}", Features = features, Weight = i / 2.0 }),
        ];

    private sealed class FeatureRow
    {
        public string Id { get; set; } = "";

        [VectorType(6)]
        public float[] Features { get; set; } = [];

        public double Weight { get; set; }
    }

    private sealed class TensorNamedRow
    {
        [ColumnName("voice_features")]
        [VectorType(6)]
        public float[] Features { get; set; } = [];
    }

    private sealed class TextRow
    {
        public string Features { get; set; } = "";
    }

    private sealed class ShortRow
    {
        [VectorType(5)]
        public float[] Features { get; set; } = new float[5];
    }

    private sealed class VariableRow
    {
        public float[] Features { get; set; } = [];
    }

    private sealed class OtherRow
    {
        public float Other { get; set; }
    }
}

using CrossModalVae.Clustering;
using CrossModalVae.Numerics;
using CrossModalVae.Pipelines.Tests.Workouts;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CrossModalVae.Pipelines.Tests.Clustering;

public class HdbscanEstimatorTests
{
    private static readonly HdbscanOptions Options = new() { MinClusterSize = 3, MinSamples = 1, Metric = DistanceMetric.Euclidean };
    private readonly MLContext _ml = new(1);

    private HdbscanEstimator Estimator =>
        _ml.Clustering.Trainers.Hdbscan("Features", Options, "Cluster", "Distance", "Belongs", "Outlying");

    [Theory]
    [InlineData(false)] // while rows are read
    [InlineData(true)] // when the work on them begins
    public void Fit_Cancelled_Stops(bool afterTheLastRow)
    {
        using var source = new CancellationTokenSource();
        IDataView input = _ml.Data.LoadFromEnumerable(Rows());
        Assert.Throws<OperationCanceledException>(() => Estimator.Fit(input, source.Token));

        IEnumerable<LineRow> Rows()
        {
            foreach ((LineRow row, int i) in Line(0, 1, 2, 10, 12, 14, 50).Select((row, i) => (row, i)))
            {
                yield return row;
                if (i == 2 && !afterTheLastRow)
                {
                    source.Cancel();
                }
            }

            source.Cancel();
        }
    }

    [Fact]
    public void Workout_Passes() =>
        EstimatorWorkout.Run(
            _ml,
            Estimator,
            Line(0, 1, 2, 10, 12, 14, 50),
            [
                WrongInput.Of<TextRow>(
                    _ml,
                    "Column 'Features' (features of Hdbscan) is String; must be Vector<Single> of known length.",
                    "Column 'Features' (features of Hdbscan) is String; must be Vector<Single> of known length.",
                    "Column 'Features' (features of Hdbscan) is String; must be Vector<Single, 1>."),
                WrongInput.Of<VariableRow>(
                    _ml,
                    null,
                    "Column 'Features' (features of Hdbscan) is Vector<Single> of unknown length; must be Vector<Single> of known length.",
                    "Column 'Features' (features of Hdbscan) is Vector<Single> of unknown length; must be Vector<Single, 1>."),
            ]);

    [Fact]
    public void Transform_FittedRows_KeepWhatTheyGot()
    {
        IDataView input = _ml.Data.LoadFromEnumerable(Line(0, 1, 2, 10, 12, 14, 50));

        HdbscanTransformer transformer = Estimator.Fit(input);

        Assert.Equal(
            [(0, 1f, 0f), (0, 1f, 0f), (0, 1f, 0f), (1, 1f, 0f), (1, 1f, 0f), (1, 1f, 0f), (-1, 0f, (float)(1 - (1 / 36.0)))],
            Rows(transformer, input));
        Assert.Equal(2, transformer.Result.ClusterCount);
    }

    [Fact]
    public void Transform_NewRows_AreTheResultsPrediction()
    {
        HdbscanTransformer transformer = Estimator.Fit(_ml.Data.LoadFromEnumerable(Line(0, 1, 2, 10, 12, 14, 50)));
        float[] values = [0.5f, 13, 30];
        HdbscanPrediction expected = transformer.Result.Predict(values, 3);

        (int Label, float, float)[] rows = Rows(transformer, _ml.Data.LoadFromEnumerable(Line(values)));

        Assert.Equal([0, 1, -1], rows.Select(row => row.Label));
        Assert.Equal(
            Enumerable.Range(0, 3).Select(i => (expected.Labels[i], (float)expected.Probabilities[i], (float)expected.OutlierScores[i])),
            rows);
    }

    [Fact]
    public void Transform_MissingRows_AreNoise()
    {
        IDataView input = _ml.Data.LoadFromEnumerable(Line(0, float.NaN, 1, 2, 10, 11, 12));
        HdbscanTransformer transformer = Estimator.Fit(input);

        (int Label, float, float)[] rows = Rows(transformer, input);

        Assert.Equal([0, -1, 0, 0, 1, 1, 1], rows.Select(row => row.Label));
        Assert.Equal((-1, 0, 1), rows[1]);
        Assert.Equal(6, transformer.Result.Labels.Count);
    }

    [Fact]
    public void Fit_NoRows_GivesNoiseForAll()
    {
        HdbscanTransformer transformer = Estimator.Fit(_ml.Data.LoadFromEnumerable(Array.Empty<LineRow>()));

        Assert.Equal([(-1, 0f, 1f)], Rows(transformer, _ml.Data.LoadFromEnumerable(Line(0))));
    }

    [Fact]
    public void Hdbscan_BadOptions_Throws()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => _ml.Clustering.Trainers.Hdbscan(options: new HdbscanOptions { MinClusterSize = 1 }));

        Assert.Equal("'MinClusterSize' is 1; must be >= 2.", error.Message);
    }

    private static (int Label, float Probability, float OutlierScore)[] Rows(HdbscanTransformer transformer, IDataView view) =>
        [
            .. DataRows.Read(transformer.Transform(view), "Cluster", "Belongs", "Outlying")
                .Select(row => ((int)(uint)row[0] - 1, (float)row[1], (float)row[2])),
        ];

    private static LineRow[] Line(params float[] points) => [.. points.Select(point => new LineRow { Features = [point] })];

    private sealed class LineRow
    {
        [VectorType(1)]
        public float[] Features { get; set; } = new float[1];
    }

    private sealed class TextRow
    {
        public string Features { get; set; } = "";
    }

    private sealed class VariableRow
    {
        public float[] Features { get; set; } = [];
    }
}

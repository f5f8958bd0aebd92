using CrossModalVae.Clustering;
using CrossModalVae.Numerics;
using CrossModalVae.Pipelines.Tests.Workouts;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CrossModalVae.Pipelines.Tests.Clustering;

public class DbscanEstimatorTests
{
    private static readonly DbscanOptions Options = new() { Eps = 1, MinSamples = 3, Metric = DistanceMetric.Euclidean };
    private readonly MLContext _ml = new(1);

    private DbscanEstimator Estimator => _ml.Clustering.Trainers.Dbscan("Features", Options, "Cluster");

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
            foreach ((LineRow row, int i) in Line(0, 1, 2, 10, 11, 12, 50).Select((row, i) => (row, i)))
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
            Line(0, 1, 2, 10, 11, 12, 50),
            [
                WrongInput.Of<TextRow>(
                    _ml,
                    "Column 'Features' (features of Dbscan) is String; must be Vector<Single> of known length.",
                    "Column 'Features' (features of Dbscan) is String; must be Vector<Single> of known length.",
                    "Column 'Features' (features of Dbscan) is String; must be Vector<Single, 1>."),
                WrongInput.Of<VariableRow>(
                    _ml,
                    null,
                    "Column 'Features' (features of Dbscan) is Vector<Single> of unknown length; must be Vector<Single> of known length.",
                    "Column 'Features' (features of Dbscan) is Vector<Single> of unknown length; must be Vector<Single, 1>."),
            ]);

    [Fact]
    public void Transform_FittedRows_KeepTheirLabels()
    {
        IDataView input = _ml.Data.LoadFromEnumerable(Line(0, 1, 2, 10, 11, 12, 50));

        DbscanTransformer transformer = Estimator.Fit(input);

        Assert.Equal([0, 0, 0, 1, 1, 1, -1], Labels(transformer, input));
        Assert.Equal(2, transformer.Result.ClusterCount);
        Assert.Equal(1, transformer.Result.Eps);
    }

    [Fact]
    public void Transform_BorderPointBetweenClusters_KeepsTheLabelItWasFittedWith()
    {
        // 3 lies within 1 of the cores 2.2 and 3.8, nearer to 3.8 (0.8 + rounding), but the first cluster reaches it first.
        IDataView input = _ml.Data.LoadFromEnumerable(Line(1.4f, 1.6f, 1.8f, 2.2f, 3.05f, 3.8f, 4.2f, 4.4f, 4.6f));
        DbscanTransformer transformer = _ml.Clustering.Trainers
            .Dbscan("Features", new DbscanOptions { Eps = 0.9, MinSamples = 4, Metric = DistanceMetric.Euclidean }, "Cluster").Fit(input);

        Assert.Equal([.. transformer.Result.Labels], Labels(transformer, input));
        Assert.False(transformer.Result.IsCore[4]);
        Assert.Equal(0, transformer.Result.Labels[4]);
        Assert.Equal(1, transformer.Result.Labels[5]);

        // The same place up to a rounding is a new point, and goes to the nearer core.
        Assert.Equal([1], Labels(transformer, _ml.Data.LoadFromEnumerable(Line(3.051f))));
    }

    [Fact]
    public void Transform_NewRows_GetTheNearestCoreWithinEpsElseNoise()
    {
        DbscanTransformer transformer = Estimator.Fit(_ml.Data.LoadFromEnumerable(Line(0, 1, 2, 10, 11, 12)));

        // Only 1 and 11 are core points: 2 is a member, but nobody is drawn in by a border point.
        int[] labels = Labels(transformer, _ml.Data.LoadFromEnumerable(Line(0.5f, 11.25f, 2.5f, 30)));

        Assert.Equal([0, 1, -1, -1], labels);
    }

    [Fact]
    public void Transform_CosineMetric_LooksAtDirectionOnly()
    {
        IDataView input = _ml.Data.LoadFromEnumerable(
            new[] { (1f, 0f), (2f, 0.01f), (3f, -0.01f), (0f, 1f), (0.01f, 5f), (-0.01f, 2f) }
                .Select(p => new PlaneRow { Features = [p.Item1, p.Item2] }));
        DbscanTransformer transformer = _ml.Clustering.Trainers
            .Dbscan("Features", new DbscanOptions { Eps = 0.1, MinSamples = 3 }, "Cluster").Fit(input);

        IDataView others = _ml.Data.LoadFromEnumerable(new[] { new PlaneRow { Features = [100, 1] }, new PlaneRow { Features = [-1, 0] } });

        Assert.Equal([0, 0, 0, 1, 1, 1], Labels(transformer, input));
        Assert.Equal([0, -1], Labels(transformer, others));
    }

    [Fact]
    public void Fit_MissingRows_AreNoise()
    {
        IDataView input = _ml.Data.LoadFromEnumerable(Line(0, float.NaN, 1, 2));
        DbscanTransformer transformer = Estimator.Fit(input);

        Assert.Equal([0, -1, 0, 0], Labels(transformer, input));
        Assert.Equal(3, transformer.Result.Labels.Count);
    }

    [Fact]
    public void Fit_NoRows_GivesNoiseForAll()
    {
        DbscanTransformer transformer = Estimator.Fit(_ml.Data.LoadFromEnumerable(Array.Empty<LineRow>()));

        Assert.Equal([-1], Labels(transformer, _ml.Data.LoadFromEnumerable(Line(0))));
    }

    [Fact]
    public void Transform_OtherLength_Throws()
    {
        DbscanTransformer transformer = Estimator
            .Fit(_ml.Data.LoadFromEnumerable(Line(0, 1, 2)));
        IDataView plane = _ml.Data.LoadFromEnumerable(new[] { new PlaneRow() });

        ArgumentException error = Assert.Throws<ArgumentException>(() => transformer.Transform(plane));

        Assert.Equal("Column 'Features' (features of Dbscan) is Vector<Single, 2>; must be Vector<Single, 1>.", error.Message);
    }

    [Fact]
    public void Dbscan_BadOptions_Throws()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => _ml.Clustering.Trainers.Dbscan(options: new DbscanOptions { Eps = -1, MinSamples = 0 }));

        Assert.Equal("'Eps' is -1; must be > 0. 'MinSamples' is 0; must be >= 1.", error.Message);
    }

    private static int[] Labels(DbscanTransformer transformer, IDataView view) =>
        [.. DataRows.Read(transformer.Transform(view), "Cluster").Select(row => (int)(uint)row[0] - 1)];

    private static LineRow[] Line(params float[] points) => [.. points.Select(point => new LineRow { Features = [point] })];

    private sealed class LineRow
    {
        [VectorType(1)]
        public float[] Features { get; set; } = new float[1];
    }

    private sealed class PlaneRow
    {
        [VectorType(2)]
        public float[] Features { get; set; } = new float[2];
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

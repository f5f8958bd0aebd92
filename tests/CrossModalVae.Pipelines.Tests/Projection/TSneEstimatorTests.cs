using CrossModalVae.Numerics;
using CrossModalVae.Pipelines.Tests.Workouts;
using CrossModalVae.Projection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CrossModalVae.Pipelines.Tests.Projection;

public class TSneEstimatorTests
{
    private static readonly TSneOptions Options = new() { Perplexity = 8 };
    private readonly MLContext _ml = new(1);

    [Fact]
    public void Workout_Passes() =>
        EstimatorWorkout.Run(
            _ml,
            _ml.Transforms.ProjectTsne("Place", "Features", Options),
            TwoGroups(),
            [
                WrongInput.Of<TextRow>(
                    _ml,
                    "Column 'Features' (features of ProjectTsne) is String; must be Vector<Single> of known length.",
                    "Column 'Features' (features of ProjectTsne) is String; must be Vector<Single> of known length.",
                    "Column 'Features' (features of ProjectTsne) is String; must be Vector<Single, 3>."),
                WrongInput.Of<VariableRow>(
                    _ml,
                    null,
                    "Column 'Features' (features of ProjectTsne) is Vector<Single> of unknown length; "
                    + "must be Vector<Single> of known length.",
                    "Column 'Features' (features of ProjectTsne) is Vector<Single> of unknown length; must be Vector<Single, 3>."),
            ]);

    [Fact]
    public void Fit_Cancelled_Stops()
    {
        TSneEstimator estimator = _ml.Transforms.ProjectTsne("Place", "Features", Options);
        IDataView input = _ml.Data.LoadFromEnumerable(TwoGroups());

        Assert.Throws<OperationCanceledException>(() => estimator.Fit(input, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Transform_FittedRows_KeepTheirPlaces()
    {
        IDataView input = _ml.Data.LoadFromEnumerable(TwoGroups());

        TSneTransformer transformer = _ml.Transforms.ProjectTsne("Place", "Features", Options).Fit(input);

        Assert.Equal(transformer.Result.Layout.ToArray(), Places(transformer, input).SelectMany(place => place));
    }

    [Fact]
    public void Transform_NewRows_LandInTheirGroup_AndMissingOnesNowhere()
    {
        SpaceRow[] rows = TwoGroups();
        TSneTransformer transformer = _ml.Transforms.ProjectTsne("Place", "Features", Options).Fit(_ml.Data.LoadFromEnumerable(rows));
        float[] layout = transformer.Result.Layout.ToArray();
        float firstX = Enumerable.Range(0, rows.Length / 2).Average(i => layout[2 * i]),
            firstY = Enumerable.Range(0, rows.Length / 2).Average(i => layout[(2 * i) + 1]);

        float[][] places = Places(transformer, _ml.Data.LoadFromEnumerable(new[]
        {
            new SpaceRow { Features = [0.1f, 0.2f, -0.1f] },
            new SpaceRow { Features = [float.NaN, 0, 0] },
            new SpaceRow { Features = [9.9f, 10.1f, 10] },
        }));

        // The layout is centred, so the other group lies on the other side.
        Assert.True((places[0][0] * firstX) + (places[0][1] * firstY) > 0);
        Assert.All(places[1], value => Assert.True(float.IsNaN(value)));
        Assert.True((places[2][0] * firstX) + (places[2][1] * firstY) < 0);
    }

    [Fact]
    public void Fit_MissingRows_AreLeftOut()
    {
        SpaceRow[] rows = TwoGroups();
        SpaceRow[] withMissing = [new SpaceRow { Features = [float.NaN, 1, 2] }, .. rows];

        TSneTransformer all = _ml.Transforms.ProjectTsne("Place", "Features", Options).Fit(_ml.Data.LoadFromEnumerable(rows));
        TSneTransformer some = _ml.Transforms.ProjectTsne("Place", "Features", Options).Fit(_ml.Data.LoadFromEnumerable(withMissing));

        Assert.Equal(all.Result.Layout.ToArray(), some.Result.Layout.ToArray());
    }

    [Fact]
    public void Fit_NoOptions_TakesTheContextsSeed()
    {
        float[] Layout(int seed)
        {
            var ml = new MLContext(seed);
            IDataView input = ml.Data.LoadFromEnumerable(TwoGroups().Concat(TwoGroups()).Concat(TwoGroups()));
            return ml.Transforms.ProjectTsne("Place", "Features").Fit(input).Result.Layout.ToArray();
        }

        Assert.Equal(Layout(1), Layout(1));
        Assert.NotEqual(Layout(1), Layout(2));
    }

    [Fact]
    public void ProjectTsne_BadOptions_Throws() =>
        Assert.Equal(
            "'Perplexity' is 0; must be > 1.",
            Assert.Throws<ArgumentException>(
                () => _ml.Transforms.ProjectTsne("Place", options: new TSneOptions { Perplexity = 0 })).Message);

    private static float[][] Places(TSneTransformer transformer, IDataView view) =>
        [.. DataRows.Read(transformer.Transform(view), "Place").Select(row => (float[])row[0])];

    private static SpaceRow[] TwoGroups()
    {
        var random = new SeededRandom(1);
        return
        [
            .. Enumerable.Range(0, 40).Select(i => new SpaceRow
            {
                Features = [.. Enumerable.Range(0, 3).Select(_ => (i < 20 ? 0 : 10) + (float)random.NextGaussian())],
            }),
        ];
    }

    private sealed class SpaceRow
    {
        [VectorType(3)]
        public float[] Features { get; set; } = new float[3];
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

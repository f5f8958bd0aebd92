using System.Globalization;
using System.Text.Json;
using CrossModalVae.Criteria;
using CrossModalVae.Numerics;

namespace CrossModalVae.Tests.Criteria;

public class LinearProbeTests
{
    private const string Sklearn = """
        import sys, json, numpy as np
        from sklearn.linear_model import Ridge, LogisticRegression
        p = json.load(open(sys.argv[1])); x, y = np.array(p['x']), np.array(p['y'])
        m, s = x.mean(0), x.std(0); x = (x - m) / s
        if p['classes'] == 0:
            print(json.dumps(Ridge(alpha=p['ridge']).fit(x, y).predict(x).tolist()))
        else:
            y = (y == p['own']).astype(int)
            f = LogisticRegression(C=1 / p['ridge'], class_weight='balanced', tol=1e-10, max_iter=10000).fit(x, y)
            print(json.dumps(f.decision_function(x).tolist()))
        """;

    [SkippableTheory]
    [InlineData(0, 3.0)] // a number
    [InlineData(2, 0.5)]
    [InlineData(2, 100.0)]
    public void Fit_SeededRows_AgreesWithScikitLearn(int classes, double ridge)
    {
        Tool.Require(Python.Has("sklearn"), "Python with scikit-learn");
        using var folder = new TemporaryFolder();
        (double[][] x, double[] y) = Rows(120, classes);
        File.WriteAllText(folder["p.json"], JsonSerializer.Serialize(new { x, y, classes, ridge, own = 1 }));

        var probe = LinearProbe.Fit(x, y, classes, ridge);

        double[] expected = JsonSerializer.Deserialize<double[]>(Python.Run(Sklearn, folder["p.json"]))!;
        Assert.All(expected.Zip(x), pair => Assert.Equal(pair.First, probe.Score(pair.Second), 1e-4));
    }

    [Fact]
    public void Fit_ThreeClassesApart_PredictsEach()
    {
        var random = new SeededRandom(3);
        double[] y = [.. Enumerable.Range(0, 90).Select(i => i % 3.0)];
        double[][] x =
        [
            .. y.Select(own => new[] { (own == 0 ? 5 : 0) + random.NextGaussian(), (own == 1 ? 5 : 0) + random.NextGaussian() }),
        ];

        var probe = LinearProbe.Fit(x, y, 3, 1);

        Assert.True(probe.IsClass);
        Assert.InRange(x.Zip(y).Count(row => probe.Predict(row.First) == row.Second), 85, 90);
    }

    [Fact]
    public void Fit_ConstantFeature_IsIgnored()
    {
        (double[][] x, double[] y) = Rows(50, 0);
        double[][] wider = [.. x.Select(row => (double[])[.. row, 7])];

        Assert.Equal(LinearProbe.Fit(x, y, 0, 1).Predict(x[0]), LinearProbe.Fit(wider, y, 0, 1).Predict(wider[0]), 1e-9);
    }

    [Fact]
    public void Scores_SmallCases_AreThoseWorkedByHand()
    {
        double[] ones = [1, 1, 1, 1];

        Assert.Equal(
            (1.0 + (1.0 / 3)) / 2, CriterionScore.Of(CriterionMetric.BalancedAccuracy, [0, 0, 0, 1], [0, 1, 1, 1], ones), 1e-12);
        Assert.Equal(
            1 - (2 / (14.0 / 3)), CriterionScore.Of(CriterionMetric.R2, [1, 3, 3], [1, 2, 4], [1, 1, 1]), 1e-12);
        Assert.Equal(-1, CriterionScore.Of(CriterionMetric.Correlation, [1, 2, 3], [6, 4, 2], [1, 1, 1]), 1e-12);
        Assert.Equal(0.75, CriterionScore.Of(CriterionMetric.Agreement, [0, 1, 1, 0], [0, 1, 1, 1], ones), 1e-12);
        Assert.Equal((0.5 * 0.25) + (0.5 * 0.75), CriterionScore.ChanceAgreement([0, 1, 1, 0], [0, 1, 1, 1]), 1e-12);
        Assert.Equal(
            CriterionScore.Of(CriterionMetric.R2, [1, 1, 3], [2, 2, 4], [1, 1, 1]),
            CriterionScore.Of(CriterionMetric.R2, [1, 3], [2, 4], [2, 1]),
            1e-12); // a weight is a repetition
    }

    [Fact]
    public void Bootstrap_FewGroups_HasNoIntervalAndManyOneAroundTheValue()
    {
        var random = new SeededRandom(4);
        double[] truth = [.. Enumerable.Range(0, 200).Select(_ => random.NextGaussian())];
        double[] predicted = [.. truth.Select(value => value + random.NextGaussian())];
        string[] groups = [.. Enumerable.Range(0, 200).Select(i => (i / 4).ToString(CultureInfo.InvariantCulture))];

        var interval = CriterionScore.Bootstrap(CriterionMetric.Correlation, predicted, truth, groups, 500, 1);

        double value = CriterionScore.Of(CriterionMetric.Correlation, predicted, truth, [.. truth.Select(_ => 1.0)]);
        Assert.InRange(value, interval!.Value.Low, interval.Value.High);
        Assert.InRange(interval.Value.High - interval.Value.Low, 0.05, 0.3);
        Assert.Null(CriterionScore.Bootstrap(CriterionMetric.Correlation, predicted[..8], truth[..8], groups[..8], 500, 1));
    }

    private static (double[][] X, double[] Y) Rows(int count, int classes)
    {
        var random = new SeededRandom(2);
        double[][] x =
        [
            .. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, 5).Select(f => (f + 1) * random.NextGaussian()).ToArray()),
        ];
        double[] y = [.. x.Select(row => row[0] - (0.3 * row[2]) + 2 + (0.7 * random.NextGaussian()))];
        return (x, classes == 0 ? y : [.. y.Select(value => value > 2.8 ? 1.0 : 0)]);
    }
}

using System.Globalization;
using CrossModalVae.Evaluation;
using CrossModalVae.Metrics;

namespace CrossModalVae.Tests.Evaluation;

/// <summary>Against scikit-learn, scipy and numpy: Golden/Metrics/make.py.</summary>
public class GoldenMetricsTests
{
    private const double SumTolerance = 1e-12; // double sums of the same terms in another order
    private const double RootTolerance = 1e-9; // brentq ends when its bracket is this small on a curve of up to 500 points

    [Theory]
    [InlineData("smooth")]
    [InlineData("tied")]
    [InlineData("inverted")]
    [InlineData("separate")]
    public void Compute_Trials_AgreesWithScikitLearn(string name)
    {
        double[][] trials = Rows($"{name}.trials");
        double[][] golden = Rows($"{name}.figures");

        RocCurve curve = RocCurve.Compute([.. trials.Select(trial => (float)trial[0])], [.. trials.Select(trial => trial[1] > 0)]);

        Assert.Equal(golden[0][0], curve.AreaScore, SumTolerance);
        Assert.Equal(golden[0][1], curve.EqualErrorRate, RootTolerance);
        Assert.Equal(golden[0][2], new DetectionCost { TargetPrior = 0.01 }.Minimum(curve), SumTolerance);
        Assert.Equal(golden[0][3], new DetectionCost { TargetPrior = 0.05 }.Minimum(curve), SumTolerance);
        Assert.Equal(golden[^1][0], curve.EqualErrorRateBy(EqualErrorRateDefinition.Nearest), SumTolerance);
        Assert.Equal(golden[^1][1], curve.EqualErrorRateBy(EqualErrorRateDefinition.ConvexHull), RootTolerance);
    }

    [Theory]
    [InlineData("smooth")]
    [InlineData("tied")]
    [InlineData("inverted")]
    [InlineData("separate")]
    public void WeightedRoc_DrawnIdentities_AgreesWithScikitLearnsSampleWeights(string name)
    {
        double[][] trials = [.. Rows($"{name}.trials").OrderByDescending(trial => trial[0])];
        int[][] draws = [.. Rows($"{name}.draws").Select(row => row.Select(count => (int)count).ToArray())];
        double[][] golden = Rows($"{name}.figures");
        var roc = new WeightedRoc(
            draws[0].Length,
            [.. trials.Select(trial => (int)trial[2])],
            [.. trials.Select(trial => trial[1] > 0 ? draws[0].Length : (int)trial[3])],
            [.. trials.Select(trial => trial[1] > 0)],
            [.. trials.Select((trial, i) => i + 1 == trials.Length || trials[i + 1][0] != trial[0])],
            [.. trials.Select(_ => 1.0)]);

        double[][] figures = roc.Metrics(new IdentityBootstrap(draws), CancellationToken.None);
        double[] whole = roc.Metrics();

        for (int f = 0; f < WeightedRoc.MetricCount; f++)
        {
            double tolerance = f == 1 ? RootTolerance : SumTolerance;
            Assert.Equal(golden[0][f], whole[f], tolerance);
            for (int draw = 0; draw < draws.Length; draw++)
            {
                Assert.Equal(golden[draw + 1][f], figures[f][draw], tolerance);
            }
        }
    }

    [Fact]
    public void Ranking_Probes_AgreeWithScikitLearn()
    {
        double[][] rows = Rows("ranking");
        var scorer = new ProbeScorer();
        for (int probe = 0; probe < rows.Length; probe++)
        {
            float[] scores = [.. rows[probe][5..].Select(score => (float)score)];
            int[] all = [.. Enumerable.Range(0, scores.Length)];
            var group = new StratumGroup(all, [.. all.Select(row => row / 3)]); // 3 clips a person
            var values = new double[ProbeScorer.MetricCount];

            scorer.Rank(scores, group, probe, [.. group.RowsOf(probe)]);
            scorer.Metrics(values);

            Assert.Equal(rows[probe][..5], values[^5..], (a, b) => Math.Abs(a - b) < SumTolerance);
        }
    }

    private static double[][] Rows(string name) =>
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Golden", "Metrics", $"{name}.csv"))
            .Select(line => line.Split(',').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray()),
    ];
}

using CrossModalVae.Metrics;
using CrossModalVae.Numerics;

namespace CrossModalVae.Analysis.Tests.Metrics;

public class RocCurveTests
{
    private const double Exact = 1e-12; // Small counts: only rounding differs.

    [Theory]
    [InlineData(new[] { 4f, 3f, 2f, 1f }, new[] { true, true, false, false }, 1.0, 0.0)] // perfect
    [InlineData(new[] { 1f, 2f, 3f, 4f }, new[] { true, true, false, false }, 0.0, 1.0)] // inverted
    [InlineData(new[] { 4f, 3f, 2f, 1f }, new[] { true, false, true, false }, 0.75, 0.5)] // 3 of 4 pairs in order
    [InlineData(new[] { 1f, 1f, 1f, 1f }, new[] { true, false, true, false }, 0.5, 0.5)] // all tied
    [InlineData(new[] { 2f, 1f, 1f, 0f }, new[] { true, true, false, false }, 0.875, 0.25)] // one tie counts half
    public void Compute_FourTrials_MatchesHandCount(float[] scores, bool[] isTarget, double auc, double eer)
    {
        RocCurve curve = RocCurve.Compute(scores, isTarget);

        Assert.Equal(auc, curve.AreaScore, Exact);
        Assert.Equal(eer, curve.EqualErrorRate, Exact);
    }

    [Fact]
    public void Compute_RandomTrials_AreaIsShareOfOrderedPairs()
    {
        var random = new SeededRandom(1);
        float[] scores = [.. Enumerable.Range(0, 300).Select(_ => (float)random.NextInt32(40))]; // many ties
        bool[] isTarget = [.. scores.Select(score => random.NextInt32(60) < score)];
        double wins = 0;
        double pairs = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            for (int j = 0; j < scores.Length; j++)
            {
                if (isTarget[i] && !isTarget[j])
                {
                    pairs++;
                    wins += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
                }
            }
        }

        RocCurve curve = RocCurve.Compute(scores, isTarget);

        Assert.Equal(wins / pairs, curve.AreaScore, Exact);
    }

    [Theory]
    [InlineData(new[] { 4f, 3f, 2f, 1f }, new[] { true, false, true, false }, 0.5, 0.5, 0.25)] // hull (0, 0) (0, 1/2) (1/2, 1) (1, 1)
    // from (1/3, 1/2) up to (1/3, 1)
    [InlineData(new[] { 5f, 4f, 3f, 2f, 1f }, new[] { true, false, true, false, false }, 1 / 3.0, 5 / 12.0, 0.2)]
    [InlineData(new[] { 1f, 1f, 1f, 1f }, new[] { true, false, true, false }, 0.5, 0.5, 0.5)]
    [InlineData(new[] { 1f, 2f }, new[] { true, false }, 1.0, 1.0, 0.5)] // inverted: guessing is better
    public void EqualErrorRateBy_Definitions_DifferAsByHand(
        float[] scores, bool[] isTarget, double interpolated, double nearest, double hull)
    {
        RocCurve curve = RocCurve.Compute(scores, isTarget);

        Assert.Equal(interpolated, curve.EqualErrorRateBy(EqualErrorRateDefinition.Interpolated), Exact);
        Assert.Equal(nearest, curve.EqualErrorRateBy(EqualErrorRateDefinition.Nearest), Exact);
        Assert.Equal(hull, curve.EqualErrorRateBy(EqualErrorRateDefinition.ConvexHull), Exact);
    }

    [Fact]
    public void EqualErrorRateBy_NoSuchDefinition_IsRefused()
    {
        RocCurve curve = RocCurve.Compute([2f, 1f], [true, false]);

        var e = Assert.Throws<ArgumentOutOfRangeException>(() => curve.EqualErrorRateBy((EqualErrorRateDefinition)9));

        Assert.StartsWith("'definition' is 9; must be one of Interpolated, Nearest, ConvexHull.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compute_ZerosOfBothSignsAndInfinities_AreOrderedAsNumbers()
    {
        RocCurve tied = RocCurve.Compute([0f, -0f], [true, false]);
        RocCurve apart = RocCurve.Compute([float.PositiveInfinity, 1f, -1f, float.NegativeInfinity], [true, true, false, false]);

        Assert.Equal(0.5, tied.AreaScore);
        Assert.Equal(1, apart.AreaScore);
    }

    [Fact]
    public void Compute_ManyTrials_IsTheCurveOfSortedOnes()
    {
        var random = new SeededRandom(7);
        float[] scores = [.. Enumerable.Range(0, 20_000).Select(i => (float)(random.NextGaussian() * Math.Pow(10, i % 9 - 4))).Distinct()];
        bool[] isTarget = [.. scores.Select(score => random.NextDouble() < 0.3)];
        (float Score, bool IsTarget)[] sorted = [.. scores.Zip(isTarget).OrderByDescending(trial => trial.First)];
        int targets = isTarget.Count(target => target), accepted = 0;
        double[] expected = [0, .. sorted.Select(trial => (accepted += trial.IsTarget ? 1 : 0) / (double)targets)];

        RocCurve curve = RocCurve.Compute(scores, isTarget);

        Assert.Equal(expected, curve.TrueAcceptanceRate);
    }

    [Fact]
    public void Compute_NothingPositive_IsRefused()
    {
        var e = Assert.Throws<ArgumentException>(() => RocCurve.Compute([1f, 2f], [false, false]));

        Assert.StartsWith(
            "'isTarget' has 0 target and 2 non-target trials; must have at least one of each.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compute_OneClass_IsRefused()
    {
        var e = Assert.Throws<ArgumentException>(() => RocCurve.Compute([1f, 2f], [true, true]));

        Assert.StartsWith(
            "'isTarget' has 2 target and 0 non-target trials; must have at least one of each.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compute_NaN_IsRefused()
    {
        var e = Assert.Throws<ArgumentException>(() => RocCurve.Compute([1f, float.NaN], [true, false]));

        Assert.StartsWith("'scores' has NaN at trial 1; must be a number.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EqualErrorRateBy_ConvexHull_IsTheLeastOverAllChords()
    {
        for (long seed = 1; seed <= 50; seed++)
        {
            var random = new SeededRandom(seed);
            float[] scores = [.. Enumerable.Range(0, 40).Select(_ => (float)random.NextInt32(25))];
            bool[] isTarget = [.. scores.Select((score, i) => i < 2 ? i == 0 : random.NextInt32(40) < score + 5)];
            RocCurve curve = RocCurve.Compute(scores, isTarget);

            double least = double.PositiveInfinity;
            for (int a = 0; a < curve.FalseAcceptanceRate.Count; a++)
            {
                for (int b = a + 1; b < curve.FalseAcceptanceRate.Count; b++)
                {
                    double before = 1 - curve.TrueAcceptanceRate[a] - curve.FalseAcceptanceRate[a];
                    double after = 1 - curve.TrueAcceptanceRate[b] - curve.FalseAcceptanceRate[b];
                    if (before >= 0 && after <= 0 && before > after)
                    {
                        double step = curve.FalseAcceptanceRate[b] - curve.FalseAcceptanceRate[a];
                        least = Math.Min(least, curve.FalseAcceptanceRate[a] + (before / (before - after) * step));
                    }
                }
            }

            Assert.Equal(least, curve.EqualErrorRateBy(EqualErrorRateDefinition.ConvexHull), Exact);
        }
    }

    [Fact]
    public void Compute_OtherLengths_IsRefused() => Assert.Throws<ArgumentException>(() => RocCurve.Compute([1f, 2f], [true]));
}

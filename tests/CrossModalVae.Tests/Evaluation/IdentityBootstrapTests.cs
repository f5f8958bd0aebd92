using CrossModalVae.Corpora;
using CrossModalVae.Evaluation;
using CrossModalVae.Numerics;

namespace CrossModalVae.Tests.Evaluation;

public class IdentityBootstrapTests
{
    private const double SumTolerance = 1e-12; // double sums of the same terms in another order

    [Fact]
    public void Draw_SameSeed_HasAsManyIdentitiesAndIsTheSame()
    {
        var first = new IdentityBootstrap(7, 100, seed: 5);
        var second = new IdentityBootstrap(7, 40, seed: 5);

        for (int draw = 0; draw < 100; draw++)
        {
            Assert.Equal(7, first.Draw(draw).ToArray().Sum());
        }

        Assert.Equal(first.Draw(39).ToArray(), second.Draw(39).ToArray()); // more draws change none
        Assert.NotEqual(first.Draw(0).ToArray(), first.Draw(1).ToArray());
    }

    [Fact]
    public void IdentityMean_DrawsWorkedByHand_WeighByMultiplicity()
    {
        var mean = new IdentityMean();
        mean.Add(0, value: 3, chance: 2, count: 4); // 3 of 4
        mean.Add(2, value: 0, chance: 1, count: 2); // 0 of 2; identity 1 has no probe

        MetricSample sample = mean.Sample(new IdentityBootstrap([[1, 0, 2], [0, 3, 0], [2, 1, 0]]));

        Assert.Equal(6, sample.Count);
        Assert.Equal((3 / 6.0, 3 / 6.0), (sample.Pooled.Value, sample.Pooled.Chance));
        Assert.Equal((0.375, 0.5), (sample.ByIdentity.Value, sample.ByIdentity.Chance));
        Assert.Equal([3 / 8.0, double.NaN, 6 / 8.0], sample.Pooled.Draws);
        Assert.Equal([0.25, double.NaN, 0.75], sample.ByIdentity.Draws);
    }

    [Fact]
    public void WeightedRoc_DrawWithoutAClass_IsUndefined()
    {
        // Target of person 0, non-target of 0 and 1; draws without 0, without 1, with both.
        var trials = new VerificationTrials();
        trials.AddTarget(2, 0);
        trials.AddNonTarget(1, 0, 1);

        MetricSample auc = trials.Samples(new IdentityBootstrap([[0, 2], [2, 0], [1, 1]]), CancellationToken.None).First().Sample;

        Assert.Equal([double.NaN, double.NaN, 1], auc.Pooled.Draws);
        Assert.Equal(new Interval(1, 1), auc.ToMetric(0.95).Interval);
    }

    [Fact]
    public void VerificationTrials_MacroAverage_WeighsTrialsByIdentity()
    {
        // Person 0: three targets above everything; person 1: one target below everything. One non-target each in between.
        var trials = new VerificationTrials();
        foreach (float score in new[] { 9f, 8, 7 })
        {
            trials.AddTarget(score, 0);
        }

        trials.AddTarget(1, 1);
        trials.AddNonTarget(5, 0, 1);
        trials.AddNonTarget(5, 1, 0);

        MetricSample auc = trials.Samples(new IdentityBootstrap(2, 10, seed: 1), CancellationToken.None).First().Sample;

        Assert.Equal(0.75, auc.Pooled.Value, SumTolerance);
        Assert.Equal(0.5, auc.ByIdentity.Value, SumTolerance);
    }

    [Theory]
    [InlineData(new[] { 4.0, 1, 3, 2, 5 }, 0.5, 2, 4)] // numpy.percentile([1, 2, 3, 4, 5], [25, 75])
    [InlineData(new[] { 1.0, 2, double.NaN, 4 }, 0.5, 1.5, 3)]
    [InlineData(new[] { 7.0 }, 0.95, 7, 7)]
    public void Interval_Draws_ArePercentiles(double[] draws, double confidence, double low, double high)
    {
        Assert.Equal(new Interval(low, high), Interval.Of(draws, confidence));
    }

    [Fact]
    public void Interval_AllDrawsNaN_IsNull()
    {
        Assert.Null(Interval.Of([double.NaN, double.NaN], 0.95));
        Assert.Null(Interval.Of([], 0.95));
    }

    /// <summary>
    /// 95 % intervals must hold the true value in about 95 % of corpora, of every metric and in both averages: people are what is sampled,
    /// as probes and as candidates.
    /// </summary>
    [Fact]
    [Trait("Category", "Slow")]
    public void Intervals_ManyCorpora_HoldTheTruth()
    {
        const int Corpora = 200, People = 40;
        DirectionScores[] reports = [.. Enumerable.Range(0, Corpora).Select(corpus => Simulate(corpus, People))];
        foreach (EvaluationMetric metric in reports[0].Metrics.Keys)
        {
            MetricValue[] values = [.. reports.Select(report => report.Metrics[metric])];
            double truth = values.Average(value => value.Value);
            double share = values.Count(value => Holds(value.Interval!.Value, truth)) / (double)Corpora;
            double byIdentity = values.Count(value => Holds(value.ByIdentity!.Interval!.Value, truth)) / (double)Corpora;

            // Five standard errors of 200 corpora around 0.95 are 0.08; resampling trials would hold it in about half. The rates at rare
            // targets (minDCF) are minima over thresholds, whose draws are biased.
            double least = metric is EvaluationMetric.DetectionCostAt1Percent or EvaluationMetric.DetectionCostAt5Percent ? 0.7 : 0.87;
            Assert.True(share >= least && byIdentity >= least, $"{metric}: {share}, {byIdentity}");
        }

        static bool Holds(Interval interval, double truth) => interval.Low <= truth && truth <= interval.High;
    }

    private static DirectionScores Simulate(int seed, int people)
    {
        const int Clips = 2, Dimension = 8;
        ClipKey[] items = [.. Enumerable.Range(0, people * Clips).Select(i => new ClipKey($"p{i / Clips:D2}", $"c{i % Clips}"))];
        double[][] voices = new double[items.Length][], faces = new double[items.Length][];
        for (int p = 0; p < people; p++)
        {
            var person = SeededRandom.For(seed, $"person {p}");
            double[] Draw(double scale) => [.. Enumerable.Range(0, Dimension).Select(_ => scale * person.NextGaussian())];
            double[] shared = Draw(0.75), voice = Draw(0.65), face = Draw(0.65);
            for (int c = 0; c < Clips; c++)
            {
                voices[(p * Clips) + c] = Sum(shared, voice, Draw(0.3));
                faces[(p * Clips) + c] = Sum(shared, face, Draw(0.3));
            }
        }

        return CrossModalProtocol.Evaluate(
            RetrievalDirection.VoiceToFace, items, items, Score, new ProtocolOptions { DrawCount = 200, Seed = seed });

        static double[] Sum(double[] a, double[] b, double[] c) => [.. a.Select((x, d) => x + b[d] + c[d])];

        void Score(int probe, Span<float> scores)
        {
            for (int i = 0; i < scores.Length; i++)
            {
                scores[i] = -(float)voices[probe].Zip(faces[i], (a, b) => (a - b) * (a - b)).Sum();
            }
        }
    }
}

using CrossModalVae.Clusters;
using CrossModalVae.Embeddings;
using CrossModalVae.Evaluation;
using CrossModalVae.Numerics;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Tests.Evaluation;

/// <summary>Whether deviations predict errors, on embeddings of which it is known.</summary>
public sealed class UncertaintyTests : IDisposable
{
    private static readonly ConfidenceKind[] OfDeviations =
        [ConfidenceKind.LogVariance, ConfidenceKind.Variance];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Evaluate_DeviationsAreTheNoise_PredictErrors()
    {
        EmbeddingSet set = Noisy(known: true);

        EvaluationReport report = Evaluate(set);

        IReadOnlyList<UncertaintyScores> scores = report.Populations[0].Uncertainty;
        Assert.Equal(4, scores.Count); // two tasks, two directions
        foreach (UncertaintyScores task in scores)
        {
            Assert.Equal(Enum.GetValues<ConfidenceKind>(), task.Confidences.Select(one => one.Kind));
            Assert.All(task.Confidences, one =>
            {
                Assert.InRange(one.Area, task.IdealArea, 1);
                Assert.Equal(task.Risk - one.Area, one.Gain);
                Assert.Equal(one.Area - task.IdealArea, one.Excess);
                Assert.Equal(task.Risk, one.Curve[^1].Risk, 1e-12); // at full coverage
            });
            Assert.All(OfDeviations, kind => Assert.True(task.Find(kind)!.GainInterval!.Value.Low > 0));
            Assert.True(task.Find(ConfidenceKind.Margin)!.GainInterval!.Value.Low > 0);
        }

        Assert.Contains(report.Summary, line => line.StartsWith("Uncertainty, right one of 2,", StringComparison.Ordinal)
            && line.Contains("log variance", StringComparison.Ordinal) && line.Contains("(predicts errors)", StringComparison.Ordinal));
        EvaluationFile.Write(_folder["metrics.json"], report);
        UncertaintyScores read = EvaluationFile.Read(_folder["metrics.json"]).Populations[0].Uncertainty[0];
        Assert.Equal(
            scores[0].Find(ConfidenceKind.MutualLikelihood)! with { Curve = [] },
            read.Find(ConfidenceKind.MutualLikelihood)! with { Curve = [] });
    }

    [Fact]
    public void Evaluate_DeviationsAreNoise_SaysThatTheyDoNot()
    {
        EvaluationReport report = Evaluate(Noisy(known: false));

        Assert.All(report.Populations[0].Uncertainty, task => Assert.All(OfDeviations, kind =>
            Assert.True(task.Find(kind)!.GainInterval is { Low: < 0.02, High: > -0.02 })));
        Assert.Contains(report.Summary, line => line.Contains("(does not predict errors)", StringComparison.Ordinal));
    }

    [Fact]
    public void Evaluate_ConstantDeviations_AreSaidToBeSo()
    {
        EmbeddingSet set = NormalPeople.Draw(20, 3);
        var constant = new EmbeddingSet(set.Values, set.Dimension, set.Rows, [.. set.Values.Select(_ => 0.5f)]);

        PopulationScores scores = Evaluate(constant).Populations[0];

        Assert.All(scores.Uncertainty, task => Assert.Equal(
            [ConfidenceKind.Margin, ConfidenceKind.HighestScore], task.Confidences.Select(one => one.Kind)));
        Assert.Contains(
            "uncertainty: every row has the same standard deviation (recipes without variances: bound none, CCA), so deviations cannot "
            + "predict errors; only scores are examined.",
            scores.Notes);
    }

    [Fact]
    public void Evaluate_NoDeviations_SaysWhatKeepsThem()
    {
        PopulationScores scores = Evaluate(NormalPeople.Draw(20, 3)).Populations[0];

        Assert.Equal(4, scores.Uncertainty.Count);
        Assert.Contains(
            "uncertainty: these embeddings hold no standard deviations (cmvae embed --standard-deviations keeps them); only scores are "
            + "examined.",
            scores.Notes);
    }

    [Fact]
    public void Evaluate_NearestNeighbour_HasTheProtocolsRecall()
    {
        EvaluationReport report = Evaluate(NormalPeople.Draw(30, 4));

        foreach (UncertaintyScores task in report.Populations[0].Uncertainty.Where(one => one.Task == SelectiveTask.Nearest))
        {
            DirectionScores own = report.Find(SystemKind.Model, task.Direction)!;
            Assert.Equal(1 - own.Recall(1).Value, task.Risk, 1e-12);
            Assert.Equal((own.ProbeCount, own.IdentityCount), (task.AnswerCount, task.IdentityCount));
        }

        foreach (UncertaintyScores task in report.Populations[0].Uncertainty.Where(one => one.Task == SelectiveTask.OneOfTwo))
        {
            // 1,200 trials of 30 people, drawn: within five standard errors
            Assert.Equal(1 - report.Find(SystemKind.Model, task.Direction)!.MatchingAccuracy(2)!.Value, task.Risk, 0.07);
        }
    }

    private static EvaluationReport Evaluate(EmbeddingSet set) => Evaluator.Evaluate(
        set,
        new RankingOptions(),
        new ClusteringOptions { Eps = 0.2, MinSamples = 2 },
        new ProtocolOptions { DrawCount = 200 },
        extras: EvaluationExtras.Uncertainty);

    // Every second clip is seen through three times the noise; the deviations say so, or are drawn by themselves.
    private static EmbeddingSet Noisy(bool known)
    {
        EmbeddingSet set = NormalPeople.Draw(40, 4, noise: 0.3);
        var random = new SeededRandom(11);
        float[] values = new float[set.Values.Length], deviations = new float[set.Values.Length];
        for (int row = 0; row < set.Count; row++)
        {
            double noise = row / 2 % 2 == 0 ? 0.3 : 2.5, said = known ? noise : 0.3 + random.NextDouble();
            for (int d = 0; d < set.Dimension; d++)
            {
                int at = (row * set.Dimension) + d;
                (values[at], deviations[at]) = ((float)(set.Values[at] + (noise * random.NextGaussian())), (float)said);
            }
        }

        return new EmbeddingSet(values, set.Dimension, set.Rows, deviations);
    }
}

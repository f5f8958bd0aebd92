using CrossModalVae.Clusters;
using CrossModalVae.Embeddings;
using CrossModalVae.Evaluation;
using CrossModalVae.Numerics;
using CrossModalVae.Retrieval;
using MathNet.Numerics.LinearAlgebra;

namespace CrossModalVae.Tests.Evaluation;

/// <summary>What explains scores, where it is known what they are made of.</summary>
public sealed class ScoreExplanationTests : IDisposable
{
    private const double SumTolerance = 1e-9; // other orders of double sums, and scores rounded to single precision in the AUC

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Explain_GenderAlone_LeavesNothing()
    {
        EvaluationReport report = Evaluate(People(40, 3, gender: 2, person: 0));

        ScoreExplanation explanation = report.Populations[0].Explanation!;
        ExplainedPart gender = explanation.Parts[0];
        Assert.Equal(PairTrait.Gender, gender.Attribute);
        Assert.InRange(explanation.Auc, 0.65, 0.8); // gender alone
        Assert.True(gender.GainInterval!.Value.Low > 0.1);
        Assert.True(explanation.RestInterval is { Low: < 0, High: > 0 });
        Assert.True(gender.VarianceShare > 0.2);
        Assert.Contains(report.Summary, line => line.EndsWith(
            "An interval holds 0.500: nothing beyond gender is shown.", StringComparison.Ordinal));
    }

    [Fact]
    public void Explain_NoGender_LeavesAll()
    {
        ScoreExplanation explanation = Evaluate(People(40, 3, gender: 0, person: 1)).Populations[0].Explanation!;

        Assert.InRange(Math.Abs(explanation.Parts[0].Gain), 0, 0.02);
        Assert.True(explanation.RestInterval!.Value.Low > 0.1);
        Assert.True(explanation.RestVarianceShare > 0.9);
    }

    [Fact]
    public void Explain_PartsAndRest_AddUpToTheModelsAuc()
    {
        EvaluationReport report = Evaluate(People(30, 3, gender: 1, person: 1));

        ScoreExplanation explanation = report.Populations[0].Explanation!;
        Assert.Equal([PairTrait.Gender, PairTrait.Age, PairTrait.Nationality], explanation.Parts.Select(part => part.Attribute));
        Assert.Equal(explanation.Auc - 0.5, explanation.Parts.Sum(part => part.Gain) + explanation.Rest, SumTolerance);
        Assert.Equal(1, explanation.Parts.Sum(part => part.VarianceShare) + explanation.RestVarianceShare, SumTolerance);
        Assert.Equal(report.VoiceToFace.Auc.Value, explanation.Auc, SumTolerance);
        Assert.Contains(report.Summary, line => line.StartsWith("Explained: AUC ", StringComparison.Ordinal));
        EvaluationFile.Write(_folder["metrics.json"], report);
        ScoreExplanation read = EvaluationFile.Read(_folder["metrics.json"]).Populations[0].Explanation!;
        Assert.Equal(explanation.Parts, read.Parts);
        Assert.Equal(explanation with { Parts = [] }, read with { Parts = [] });
    }

    [Fact]
    public void Explain_AgreesWithLeastSquaresAndEveryPair()
    {
        EmbeddingSet set = People(12, 2, gender: 1, person: 1);
        EmbeddingSet voices = set.Where(row => row.Modality == Modality.Voice), faces = set.Where(row => row.Modality == Modality.Face);
        var pairs = (
            from v in Enumerable.Range(0, voices.Count)
            from f in Enumerable.Range(0, faces.Count)
            let voice = voices.Rows[v]
            let face = faces.Rows[f]
            where voice.Identity != face.Identity || voice.Clip != face.Clip
            select (
                Same: voice.Identity == face.Identity,
                X: new[]
                {
                    1, voice.Gender == face.Gender ? 1 : 0, Math.Abs(voice.Age!.Value - face.Age!.Value),
                    voice.Nationality == face.Nationality ? 1 : 0,
                },
                Y: Cosine(voices[v], faces[f]))).ToArray();
        var others = pairs.Where(pair => !pair.Same).ToArray();
        double total = others.Sum(pair => Math.Pow(pair.Y - others.Average(one => one.Y), 2));

        ScoreExplanation explanation = Evaluate(set).Populations[0].Explanation!;

        double aucBefore = Auc(pairs.Select(pair => (pair.Same, pair.Y))), shareBefore = 0;
        for (int used = 1; used <= 3; used++)
        {
            Vector<double> fit = Matrix<double>.Build.DenseOfRows(others.Select(pair => pair.X.Take(used + 1)))
                .QR().Solve(Vector<double>.Build.DenseOfEnumerable(others.Select(pair => pair.Y)));
            double Fitted(double[] x) => Enumerable.Range(0, used + 1).Sum(k => fit[k] * x[k]);
            double share = 1 - (others.Sum(pair => Math.Pow(pair.Y - Fitted(pair.X), 2)) / total);
            double auc = Auc(pairs.Select(pair => (pair.Same, pair.Y - Fitted(pair.X))));
            ExplainedPart part = explanation.Parts[used - 1];
            Assert.Equal(fit[used], part.Change, SumTolerance);
            Assert.Equal(share - shareBefore, part.VarianceShare, SumTolerance);
            Assert.Equal(aucBefore - auc, part.Gain, SumTolerance);
            (aucBefore, shareBefore) = (auc, share);
        }

        Assert.Equal(aucBefore - 0.5, explanation.Rest, SumTolerance);
        Assert.Equal(others.Length, explanation.PairCount);
    }

    [Fact]
    public void Explain_AttributesMissing_AreSaidAndNotGuessed()
    {
        EmbeddingSet set = People(20, 2, gender: 1, person: 1);
        var some = new EmbeddingSet(
            set.Values,
            set.Dimension,
            [
                .. set.Rows.Select(row => row with
                {
                    Age = null,
                    Nationality = "x",
                    Gender = row.Identity is "p00" or "p01" ? null : row.Gender,
                }),
            ]);

        PopulationScores scores = Evaluate(some).Populations[0];

        Assert.Equal(PairTrait.Gender, Assert.Single(scores.Explanation!.Parts).Attribute);
        Assert.Equal(18, scores.Explanation.IdentityCount);
        Assert.Contains("age does not explain scores: known of 0 of 20 people; it takes half of them and 5.", scores.Notes);
        Assert.Contains("nationality does not explain scores: the same of all people.", scores.Notes);
        Assert.Contains("scores are explained over the 18 of 20 people whose gender is known.", scores.Notes);
    }

    [Fact]
    public void Explain_NothingKnown_SaysSo()
    {
        PopulationScores scores = Evaluate(NormalPeople.Draw(10, 2)).Populations[0];

        Assert.Null(scores.Explanation);
        Assert.Contains("scores are not explained: too few people have a known gender, age or nationality.", scores.Notes);
    }

    private static EvaluationReport Evaluate(EmbeddingSet set) => Evaluator.Evaluate(
        set,
        new RankingOptions(),
        new ClusteringOptions { Eps = 0.2, MinSamples = 2 },
        new ProtocolOptions { DrawCount = 200 },
        extras: EvaluationExtras.Explanation);

    // Dimension 0 holds the gender, the others the person; every row has noise of its own.
    private static EmbeddingSet People(int people, int clips, double gender, double person)
    {
        EmbeddingSet set = NormalPeople.Draw(people, clips, noise: 0, traits: (p, row) => row with
        {
            Gender = p % 2 == 0 ? "f" : "m",
            Age = 20 + (p * 7 % 40),
            Nationality = p % 3 == 0 ? "Norway" : "Peru",
        });
        var random = new SeededRandom(2);
        return new EmbeddingSet(
            [
                .. set.Values.Select((x, i) => (float)((i % set.Dimension == 0
                    ? set.Rows[i / set.Dimension].Gender == "f" ? gender : -gender
                    : person * x) + random.NextGaussian())),
            ],
            set.Dimension,
            set.Rows);
    }

    private static double Cosine(ReadOnlySpan<float> one, ReadOnlySpan<float> other)
    {
        double dot = 0, own = 0, theirs = 0;
        for (int d = 0; d < one.Length; d++)
        {
            dot += (double)one[d] * other[d];
            own += (double)one[d] * one[d];
            theirs += (double)other[d] * other[d];
        }

        return dot / Math.Sqrt(own * theirs);
    }

    private static double Auc(IEnumerable<(bool Same, double Score)> pairs)
    {
        (bool Same, double Score)[] all = [.. pairs];
        double[] targets = [.. all.Where(pair => pair.Same).Select(pair => pair.Score)];
        double[] others = [.. all.Where(pair => !pair.Same).Select(pair => pair.Score)];
        return targets.Average(target => others.Average(other => target > other ? 1 : target == other ? 0.5 : 0));
    }
}

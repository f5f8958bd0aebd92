using CrossModalVae.Clustering;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Evaluation;

namespace CrossModalVae.Tests.Evaluation;

public class CrossModalProtocolTests
{
    // 60 identities of 4 clips have 720 different positive pairs, however many trials are drawn: five standard errors of a share.
    private const double TrialTolerance = 5 * 0.5 / 26.8;

    private static readonly ProtocolOptions Options = new();

    [Fact]
    public void Evaluate_EqualPosteriorsOfOnePerson_ScoresOne()
    {
        EmbeddingSet embeddings = Make(identities: 20, clips: 3, noise: 0);

        DirectionScores scores = CrossModalProtocol.Evaluate(embeddings, RetrievalDirection.VoiceToFace, DistanceMetric.Cosine, Options);

        Assert.Equal(1, scores.Auc.Value);
        Assert.Equal(0, scores.EqualErrorRate.Value);
        Assert.Equal(1, scores.MatchingOf2Accuracy.Value);
        Assert.Equal(1, scores.MatchingOf10Accuracy!.Value);
        Assert.Equal(1, scores.MeanReciprocalRank.Value);
        Assert.Equal(1, scores.RecallAt1.Value);
        Assert.Equal(1, scores.MeanAveragePrecision.Value);
        Assert.Equal((60, 60, 20), (scores.ProbeCount, scores.GalleryCount, scores.IdentityCount));
    }

    [Theory]
    [InlineData(RetrievalDirection.VoiceToFace)]
    [InlineData(RetrievalDirection.FaceToVoice)]
    public void Evaluate_UnrelatedEmbeddings_ScoresChance(RetrievalDirection direction)
    {
        EmbeddingSet embeddings = Make(identities: 60, clips: 4, noise: 1e6);

        DirectionScores scores = CrossModalProtocol.Evaluate(embeddings, direction, DistanceMetric.Cosine, Options);

        AssertChance(scores);
    }

    [Fact]
    public void Evaluate_ConstantScores_ScoresChanceNotLuck()
    {
        ClipKey[] items = [.. Enumerable.Range(0, 240).Select(i => new ClipKey($"p{i / 4}", $"c{i % 4}"))];

        DirectionScores scores = CrossModalProtocol.Evaluate(
            RetrievalDirection.VoiceToFace, items, items, (_, row) => row.Fill(1), Options);

        Assert.Equal(0.5, scores.Auc.Value);
        Assert.Equal(0.5, scores.MatchingOf2Accuracy.Value);
        Assert.Equal(0.1, scores.MatchingOf10Accuracy!.Value, 1e-9);
        AssertChance(scores);
    }

    [Fact]
    public void Evaluate_Again_SameNumbers()
    {
        EmbeddingSet embeddings = Make(identities: 30, clips: 2, noise: 1);

        DirectionScores first = CrossModalProtocol.Evaluate(embeddings, RetrievalDirection.FaceToVoice, DistanceMetric.Euclidean, Options);
        DirectionScores second = CrossModalProtocol.Evaluate(embeddings, RetrievalDirection.FaceToVoice, DistanceMetric.Euclidean, Options);

        Assert.Equal(first with { Curves = null }, second with { Curves = null });
        Assert.Equal(first.Curves!.Matching, second.Curves!.Matching);
        Assert.Equal(first.Curves.Verification.FalseAcceptanceRate, second.Curves.Verification.FalseAcceptanceRate);
        Assert.Equal(first.Curves.Verification.TrueAcceptanceRate, second.Curves.Verification.TrueAcceptanceRate);
        Assert.InRange(first.Auc.Value, 0.6, 0.99);
    }

    [Fact]
    public void Evaluate_Curves_HoldTheFiguresAndFallWithN()
    {
        DirectionScores scores = CrossModalProtocol.Evaluate(
            Make(identities: 30, clips: 2, noise: 1), RetrievalDirection.FaceToVoice, DistanceMetric.Euclidean, Options);

        DirectionCurves curves = scores.Curves!;
        Assert.Equal(9, curves.Matching.Count);
        Assert.Equal(scores.MatchingOf2Accuracy, curves.Matching[0]);
        Assert.Equal(scores.MatchingOf10Accuracy, curves.Matching[8]);
        Assert.Equal(Enumerable.Range(2, 9).Select(n => 1.0 / n), curves.Matching.Select(accuracy => accuracy.Chance));
        // On the same draws one more candidate can only take a trial away.
        Assert.All(Enumerable.Range(1, 8), k => Assert.True(curves.Matching[k].Value <= curves.Matching[k - 1].Value));
        Assert.Equal(scores.Auc.Value, curves.Verification.AreaScore);
        Assert.Equal(scores.EqualErrorRate.Value, curves.Verification.EqualErrorRate);
    }

    [Fact]
    public void Evaluate_FewerThanTenIdentities_HasNoMatchingOfTen()
    {
        EmbeddingSet embeddings = Make(identities: 9, clips: 2, noise: 0);

        DirectionScores scores = CrossModalProtocol.Evaluate(embeddings, RetrievalDirection.VoiceToFace, DistanceMetric.Cosine, Options);

        Assert.Null(scores.MatchingOf10Accuracy);
        Assert.Equal(1, scores.MatchingOf2Accuracy.Value);
    }

    [Fact]
    public void Evaluate_NaNScore_NamesTheProbe()
    {
        ClipKey[] items = [new("a", "1"), new("b", "1")];

        var e = Assert.Throws<ArgumentException>(() => CrossModalProtocol.Evaluate(
            RetrievalDirection.VoiceToFace, items, items, (_, row) => row.Fill(float.NaN), Options));

        Assert.Contains("/1' against row 0 of the gallery is NaN; must be a number.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_OneIdentity_IsRefused()
    {
        ClipKey[] items = [new("a", "1"), new("a", "2")];

        var e = Assert.Throws<ArgumentException>(() => CrossModalProtocol.Evaluate(
            RetrievalDirection.VoiceToFace, items, items, (_, row) => row.Clear(), Options));

        Assert.StartsWith("There are 1 identities with both a voice and a face; must be at least 2", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Guard_RankingsOfOneOrder_AreRefused()
    {
        EmbeddingSet good = Make(identities: 20, clips: 2, noise: 0.1);
        float[] values = (float[])good.Values.Clone();
        for (int i = 0; i < good.Count; i++)
        {
            if (good.Rows[i].Modality == Modality.Voice)
            {
                values.AsSpan(i * good.Dimension, good.Dimension).Fill(1 + (i / 10f)); // one direction, so one ranking, at many lengths
            }
        }

        EmbeddingGuard.Check(good, DistanceMetric.Cosine);
        var e = Assert.Throws<InvalidDataException>(
            () => EmbeddingGuard.Check(new EmbeddingSet(values, good.Dimension, good.Rows), DistanceMetric.Cosine));

        Assert.Equal(
            "The 10 nearest faces are the same, in the same order, for all 40 voice queries; rankings must depend on the query.", e.Message);
    }

    [Fact]
    public void Guard_OneHubNearestToAll_IsNoFault()
    {
        EmbeddingSet good = Make(identities: 20, clips: 2, noise: 0.1);
        float[] values = (float[])good.Values.Clone();
        for (int i = 0; i < good.Count; i++)
        {
            values[i * good.Dimension] = good.Rows[i].Modality == Modality.Voice || i == 1 ? 20 : 0;
        }

        EmbeddingGuard.Check(new EmbeddingSet(values, good.Dimension, good.Rows), DistanceMetric.Cosine);
    }

    [Fact]
    public void Guard_ConstantEmbeddings_IsRefused()
    {
        EmbeddingSet good = Make(identities: 5, clips: 2, noise: 0);
        var constant = new EmbeddingSet([.. good.Values.Select(_ => 0.5f)], good.Dimension, good.Rows);

        var e = Assert.Throws<InvalidDataException>(() => EmbeddingGuard.Check(constant, DistanceMetric.Cosine));

        Assert.Equal(
            "All 10 voice embeddings are equal; must differ between clips (the inputs were constant, or the posterior collapsed).", e.Message);
    }

    [Fact]
    public void Guard_TestIdentitySeenInTraining_IsRefused()
    {
        EmbeddingSet good = Make(identities: 5, clips: 2, noise: 0.1);
        EmbeddingRow[] rows = [.. good.Rows];
        rows[0] = rows[0] with { Split = CorpusSplit.Train };

        var e = Assert.Throws<InvalidDataException>(
            () => EmbeddingGuard.Check(new EmbeddingSet(good.Values, good.Dimension, rows), DistanceMetric.Cosine));

        Assert.Equal("Identity 'p0' has clips in the train and the test split: a person seen in training cannot be tested on; give every identity one split.", e.Message);
    }

    private static void AssertChance(DirectionScores scores)
    {
        Assert.Equal(scores.Auc.Chance, scores.Auc.Value, TrialTolerance);
        Assert.Equal(scores.EqualErrorRate.Chance, scores.EqualErrorRate.Value, TrialTolerance);
        Assert.Equal(scores.MatchingOf2Accuracy.Chance, scores.MatchingOf2Accuracy.Value, TrialTolerance);
        Assert.Equal(scores.MatchingOf10Accuracy!.Chance, scores.MatchingOf10Accuracy.Value, TrialTolerance);
        Assert.Equal(scores.MeanReciprocalRank.Chance, scores.MeanReciprocalRank.Value, TrialTolerance);
        Assert.Equal(scores.RecallAt10.Chance, scores.RecallAt10.Value, TrialTolerance);
        Assert.Equal(scores.MeanAveragePrecision.Chance, scores.MeanAveragePrecision.Value, TrialTolerance);
    }

    // Voice and face of a person share a direction; noise moves each row away from it.
    private static EmbeddingSet Make(int identities, int clips, double noise)
    {
        const int Dimension = 16;
        var values = new List<float>();
        var rows = new List<EmbeddingRow>();
        for (int p = 0; p < identities; p++)
        {
            var person = SeededRandom.For(1, $"person {p}");
            double[] centre = [.. Enumerable.Range(0, Dimension).Select(_ => person.NextGaussian())];
            for (int c = 0; c < clips; c++)
            {
                foreach (Modality modality in new[] { Modality.Voice, Modality.Face })
                {
                    values.AddRange(centre.Select(x => (float)(x + (noise * person.NextGaussian()))));
                    rows.Add(new EmbeddingRow { Identity = $"p{p}", Clip = $"c{c}", Modality = modality, Split = CorpusSplit.Test });
                }
            }
        }

        return new EmbeddingSet([.. values], Dimension, rows);
    }
}

using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Evaluation;
using CrossModalVae.Metrics;
using CrossModalVae.Numerics;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Tests.Evaluation;

public class CrossModalProtocolTests
{
    // 60 identities of 4 clips have 720 different positive pairs, however many trials are drawn: five standard errors of a share.
    private const double TrialTolerance = 5 * 0.5 / 26.8;

    private const double SumTolerance = 1e-12; // double sums of the same terms in another order

    private static readonly ProtocolOptions Options = new() { DrawCount = 200 };

    [Fact]
    public void Evaluate_EqualPosteriorsOfOnePerson_ScoresOne()
    {
        EmbeddingSet embeddings = Make(identities: 20, clips: 3, noise: 0);

        DirectionScores scores = CrossModalProtocol.Evaluate(embeddings, RetrievalDirection.VoiceToFace, RankingMetric.Cosine, Options);

        Assert.Equal(1, scores.Auc.Value);
        Assert.Equal(0, scores.EqualErrorRate.Value);
        Assert.Equal(1, scores.MatchingAccuracy(2)!.Value);
        Assert.Equal(1, scores.MatchingAccuracy(10)!.Value);
        Assert.Equal(1, scores.MeanReciprocalRank.Value);
        Assert.Equal(1, scores.Recall(1).Value);
        Assert.Equal(1, scores.MeanAveragePrecision.Value);
        Assert.Equal((60, 60, 20), (scores.ProbeCount, scores.GalleryCount, scores.IdentityCount));
    }

    [Theory]
    [InlineData(RetrievalDirection.VoiceToFace)]
    [InlineData(RetrievalDirection.FaceToVoice)]
    public void Evaluate_UnrelatedEmbeddings_ScoresChance(RetrievalDirection direction)
    {
        EmbeddingSet embeddings = Make(identities: 60, clips: 4, noise: 1e6);

        DirectionScores scores = CrossModalProtocol.Evaluate(embeddings, direction, RankingMetric.Cosine, Options);

        AssertChance(scores);
    }

    [Fact]
    public void Evaluate_ConstantScores_ScoresChanceNotLuck()
    {
        ClipKey[] items = [.. Enumerable.Range(0, 240).Select(i => new ClipKey($"p{i / 4}", $"c{i % 4}"))];

        DirectionScores scores = CrossModalProtocol.Evaluate(
            RetrievalDirection.VoiceToFace, items, items, (_, row) => row.Fill(1), Options);

        Assert.Equal(0.5, scores.Auc.Value);
        Assert.Equal(0.5, scores.MatchingAccuracy(2)!.Value);
        Assert.Equal(0.1, scores.MatchingAccuracy(10)!.Value, 1e-9);
        AssertChance(scores);
    }

    [Fact]
    public void Evaluate_Again_SameNumbers()
    {
        EmbeddingSet embeddings = Make(identities: 30, clips: 2, noise: 1);

        DirectionScores first = CrossModalProtocol.Evaluate(embeddings, RetrievalDirection.FaceToVoice, RankingMetric.Euclidean, Options);
        DirectionScores second = CrossModalProtocol.Evaluate(embeddings, RetrievalDirection.FaceToVoice, RankingMetric.Euclidean, Options);

        Assert.Equal(first.Metrics, second.Metrics);
        Assert.Equal(first.Verification!.FalseAcceptanceRate, second.Verification!.FalseAcceptanceRate);
        Assert.Equal(first.Verification.TrueAcceptanceRate, second.Verification.TrueAcceptanceRate);
        Assert.InRange(first.Auc.Value, 0.6, 0.99);
    }

    [Theory]
    [InlineData(RetrievalDirection.VoiceToFace)]
    [InlineData(RetrievalDirection.FaceToVoice)]
    public void Evaluate_RowsInAnotherOrder_SameNumbers(RetrievalDirection direction)
    {
        EmbeddingSet embeddings = Make(identities: 30, clips: 3, noise: 1);
        int[] order = [.. Enumerable.Range(0, embeddings.Count)];
        new SeededRandom(5).Shuffle(order.AsSpan());

        DirectionScores first = CrossModalProtocol.Evaluate(embeddings, direction, RankingMetric.Cosine, Options);
        DirectionScores second = CrossModalProtocol.Evaluate(embeddings.Pick(order), direction, RankingMetric.Cosine, Options);

        Assert.Equal(first.Metrics, second.Metrics);
        Assert.Equal(first.Verification!.FalseAcceptanceRate, second.Verification!.FalseAcceptanceRate);
        Assert.Equal(first.Verification.TrueAcceptanceRate, second.Verification.TrueAcceptanceRate);
    }

    [Fact]
    public void Evaluate_TiedScoresInAnotherOrder_SameNumbers()
    {
        // The same clip is there twice, as two frames of a face are; ties are broken by the draw.
        ClipKey[] items = [.. Enumerable.Range(0, 120).Select(i => new ClipKey($"p{i / 6}", $"c{i % 6 / 2}"))];
        int[] order = [.. Enumerable.Range(0, items.Length)];
        new SeededRandom(6).Shuffle(order.AsSpan());
        ClipKey[] others = [.. order.Select(i => items[i])];

        DirectionScores first = CrossModalProtocol.Evaluate(
            RetrievalDirection.VoiceToFace, items, items, ScorerOf(items, items), Options);
        DirectionScores second = CrossModalProtocol.Evaluate(
            RetrievalDirection.VoiceToFace, others, others, ScorerOf(others, others), Options);

        Assert.Equal(first.Metrics, second.Metrics);

        static GalleryScorer ScorerOf(ClipKey[] probes, ClipKey[] gallery) => (probe, row) =>
        {
            for (int i = 0; i < row.Length; i++)
            {
                row[i] = (probes[probe].Clip[1] + gallery[i].Clip[1] + gallery[i].Identity.Length) % 3; // many equal ones
            }
        };
    }

    [Fact]
    public void Evaluate_Figures_AreTheCurvesAndFallWithN()
    {
        DirectionScores scores = CrossModalProtocol.Evaluate(
            Make(identities: 30, clips: 2, noise: 1), RetrievalDirection.FaceToVoice, RankingMetric.Euclidean, Options);

        Assert.Equal(EvaluationMetrics.All, scores.Metrics.Keys);
        Assert.Equal(scores.Verification!.AreaScore, scores.Auc.Value, SumTolerance);
        Assert.Equal(scores.Verification.EqualErrorRate, scores.EqualErrorRate.Value, SumTolerance);
        Assert.Equal(
            new DetectionCost { TargetPrior = 0.05 }.Minimum(scores.Verification),
            scores.Metrics[EvaluationMetric.DetectionCostAt5Percent].Value,
            SumTolerance);
        for (int n = 3; n <= 10; n++)
        {
            Assert.Equal(1.0 / n, scores.MatchingAccuracy(n)!.Chance, SumTolerance);
            // On the same draws one more candidate can only take a trial away.
            Assert.True(scores.MatchingAccuracy(n)!.Value <= scores.MatchingAccuracy(n - 1)!.Value);
        }
    }

    [Fact]
    public void Evaluate_Intervals_CoverTheirMetricsAndNarrowWithIdentities()
    {
        DirectionScores few = CrossModalProtocol.Evaluate(
            Make(identities: 15, clips: 2, noise: 1), RetrievalDirection.VoiceToFace, RankingMetric.Cosine, Options);
        DirectionScores many = CrossModalProtocol.Evaluate(
            Make(identities: 150, clips: 2, noise: 1), RetrievalDirection.VoiceToFace, RankingMetric.Cosine, Options);
        DirectionScores none = CrossModalProtocol.Evaluate(
            Make(identities: 15, clips: 2, noise: 1), RetrievalDirection.VoiceToFace, RankingMetric.Cosine, Options with { DrawCount = 0 });

        foreach (MetricValue value in many.Metrics.Values)
        {
            Assert.InRange(value.Value, value.Interval!.Value.Low, value.Interval.Value.High);
            Assert.Equal(value.Value, value.ByIdentity!.Value, SumTolerance); // every identity has two clips
        }

        Assert.True(Width(many) < Width(few) / 2); // ten times the people: about a third
        Assert.All(none.Metrics.Values, value => Assert.Null(value.Interval));
        Assert.Equal(few.Metrics.Values.Select(value => value.Value), none.Metrics.Values.Select(value => value.Value));

        static double Width(DirectionScores scores) => scores.Auc.Interval!.Value.High - scores.Auc.Interval.Value.Low;
    }

    [Fact]
    public void Evaluate_OneIdentityWithManyClips_CountsByClipsOrOnce()
    {
        // a is always found among b, c and d, who are never found; a has 6 clips and they one each.
        ClipKey[] items = [.. Enumerable.Range(0, 6).Select(i => new ClipKey("a", $"{i}")), new("b", "0"), new("c", "0"), new("d", "0")];

        DirectionScores scores = CrossModalProtocol.Evaluate(
            RetrievalDirection.VoiceToFace, items, items, Score, Options with { Positives = PositiveClips.Any });

        Assert.Equal(6 / 9.0, scores.MatchingAccuracy(2)!.Value, SumTolerance);
        Assert.Equal(1 / 4.0, scores.MatchingAccuracy(2)!.ByIdentity!.Value, SumTolerance);
        Assert.Equal(6 / 9.0, scores.Recall(1).Value, SumTolerance);
        Assert.Equal(1 / 4.0, scores.Recall(1).ByIdentity!.Value, SumTolerance);
        Assert.Equal(9, scores.Recall(1).Count);
        Assert.Equal(9, scores.MatchingAccuracy(2)!.Count);
        Assert.Equal(9 * 9, scores.Auc.Count);

        void Score(int probe, Span<float> row)
        {
            for (int i = 0; i < row.Length; i++)
            {
                bool same = items[i].Identity == items[probe].Identity;
                row[i] = items[probe].Identity == "a" == same ? 1 : 0;
            }
        }
    }

    [Fact]
    public void Evaluate_FewerThanTenIdentities_HasNoMatchingOfTen()
    {
        EmbeddingSet embeddings = Make(identities: 9, clips: 2, noise: 0);

        DirectionScores scores = CrossModalProtocol.Evaluate(embeddings, RetrievalDirection.VoiceToFace, RankingMetric.Cosine, Options);

        Assert.Null(scores.MatchingAccuracy(10));
        Assert.Equal(1, scores.MatchingAccuracy(2)!.Value);
    }

    [Fact]
    public void Evaluate_NaNScore_NamesTheProbe()
    {
        ClipKey[] items = [new("a", "1"), new("b", "1")];

        var e = Assert.Throws<ArgumentException>(() => CrossModalProtocol.Evaluate(
            RetrievalDirection.VoiceToFace,
            items,
            items,
            (_, row) => row.Fill(float.NaN),
            Options with { Positives = PositiveClips.Any }));

        Assert.Contains("/1' against row 0 of the gallery is NaN; must be a number.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_OneIdentity_IsRefused()
    {
        ClipKey[] items = [new("a", "1"), new("a", "2")];

        var e = Assert.Throws<ArgumentException>(() => CrossModalProtocol.Evaluate(
            RetrievalDirection.VoiceToFace, items, items, (_, row) => row.Clear(), Options));

        Assert.StartsWith(
            "The rows have 1 identity with both a voice and a face; must have at least 2", e.Message, StringComparison.Ordinal);
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

        EmbeddingGuard.Check(good, RankingMetric.Cosine);
        var e = Assert.Throws<InvalidDataException>(
            () => EmbeddingGuard.Check(new EmbeddingSet(values, good.Dimension, good.Rows), RankingMetric.Cosine));

        Assert.Equal(
            "The 10 nearest faces are the same, in the same order, for all 40 voice queries; rankings must depend on the query.",
            e.Message);
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

        EmbeddingGuard.Check(new EmbeddingSet(values, good.Dimension, good.Rows), RankingMetric.Cosine);
    }

    [Fact]
    public void Guard_ConstantEmbeddings_IsRefused()
    {
        EmbeddingSet good = Make(identities: 5, clips: 2, noise: 0);
        var constant = new EmbeddingSet([.. good.Values.Select(_ => 0.5f)], good.Dimension, good.Rows);

        var e = Assert.Throws<InvalidDataException>(() => EmbeddingGuard.Check(constant, RankingMetric.Cosine));

        Assert.Equal(
            "All 10 voice embeddings are equal; must differ between clips (the inputs were constant, or the posterior collapsed).",
            e.Message);
    }

    [Fact]
    public void Guard_RepeatedRows_CountsAsComparingAllBytesDoes()
    {
        // Rows of one modality repeat earlier ones at random, of the same identity or of another; 0.0 and -0.0 differ in bytes.
        for (int seed = 1; seed <= 40; seed++)
        {
            EmbeddingSet set = Make(identities: 12, clips: 3, noise: 1);
            var random = new SeededRandom(seed);
            double share = random.NextDouble(0.3, 0.9);
            for (int i = 3; i < set.Count; i += 2)
            {
                if (random.NextDouble() < share)
                {
                    int from = (2 * random.NextInt32(i / 2)) + 1; // an earlier face
                    set[from].CopyTo(set.Values.AsSpan(i * set.Dimension));
                    set.Values[i * set.Dimension] = random.NextInt32(4) == 0 ? -0.0f : 0.0f;
                }
            }

            EmbeddingSet faces = set.Where(row => row.Modality == Modality.Face);
            int shared = SharedRows(faces);
            Exception? refused = Record.Exception(() => EmbeddingGuard.Check(set, RankingMetric.Euclidean));

            Assert.Equal(
                shared * 2 > faces.Count
                    ? $"{shared} of 36 face embeddings equal one of another identity; must be few (the same files under several names?)."
                    : null,
                refused?.Message);
        }

        static int SharedRows(EmbeddingSet faces)
        {
            string[] keys =
            [
                .. Enumerable.Range(0, faces.Count)
                    .Select(i => Convert.ToHexString(System.Runtime.InteropServices.MemoryMarshal.AsBytes(faces[i]))),
            ];
            bool IsShared(int i) =>
                Enumerable.Range(0, faces.Count).Any(j => keys[j] == keys[i] && faces.Rows[j].Identity != faces.Rows[i].Identity);
            return Enumerable.Range(0, faces.Count).Count(IsShared);
        }
    }

    [Fact]
    public void Guard_TestIdentitySeenInTraining_IsRefused()
    {
        EmbeddingSet good = Make(identities: 5, clips: 2, noise: 0.1);
        EmbeddingRow[] rows = [.. good.Rows];
        rows[0] = rows[0] with { Split = CorpusSplit.Train };

        var e = Assert.Throws<InvalidDataException>(
            () => EmbeddingGuard.Check(new EmbeddingSet(good.Values, good.Dimension, rows), RankingMetric.Cosine));

        Assert.Equal(
            "Identity 'p0' has clips in the train and the test split: a person seen in training cannot "
            + "be tested on; give every identity one split.",
            e.Message);
    }

    private static void AssertChance(DirectionScores scores)
    {
        Assert.Equal(scores.Auc.Chance, scores.Auc.Value, TrialTolerance);
        Assert.Equal(scores.EqualErrorRate.Chance, scores.EqualErrorRate.Value, TrialTolerance);
        Assert.Equal(scores.MatchingAccuracy(2)!.Chance, scores.MatchingAccuracy(2)!.Value, TrialTolerance);
        Assert.Equal(scores.MatchingAccuracy(10)!.Chance, scores.MatchingAccuracy(10)!.Value, TrialTolerance);
        Assert.Equal(scores.MeanReciprocalRank.Chance, scores.MeanReciprocalRank.Value, TrialTolerance);
        Assert.Equal(scores.Recall(10).Chance, scores.Recall(10).Value, TrialTolerance);
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

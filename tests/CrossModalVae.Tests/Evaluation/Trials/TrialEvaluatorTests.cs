using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Evaluation;
using CrossModalVae.Evaluation.Trials;
using CrossModalVae.Files;
using CrossModalVae.Metrics;
using CrossModalVae.Numerics;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Tests.Evaluation.Trials;

public sealed class TrialEvaluatorTests : IDisposable
{
    private const double SumTolerance = 1e-12; // double sums of the same terms in another order

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Evaluate_TrialsWorkedByHand_ScoresThem()
    {
        EmbeddingSet set = Set(
            ("a", "1", Modality.Voice, [1, 0]), ("a", "2", Modality.Face, [3, 1]),
            ("b", "1", Modality.Voice, [0, 1]), ("b", "2", Modality.Face, [1, 2]),
            ("c", "2", Modality.Face, [4, 1]));
        Trial[] trials =
        [
            Verify("a", "a"), // 0.949
            Verify("a", "b"), // 0.447
            Verify("b", "b"), // 0.894
            Verify("b", "c"), // 0.243
            Verify("a", "c"), // 0.970: above the targets
            Match("a", "b"),
            Match("a", "c"),
            Match("b", "a", "c"),
            Item(Modality.Voice, "a", "1"),
            Item(Modality.Voice, "b", "1"),
            Item(Modality.Face, "a", "2"),
            Item(Modality.Face, "b", "2"),
            Item(Modality.Face, "c", "2"),
        ];

        TrialReport report = TrialEvaluator.Evaluate(set, trials, new TrialOptions());

        Assert.Equal((13, 0), (report.TrialCount, report.MissingCount));
        Assert.Equal(
            [
                "Verification s   5",
                "Matching s VoiceToFace 2 2",
                "Matching s VoiceToFace 3 1",
                "Retrieval s VoiceToFace 3 2",
                "Retrieval s FaceToVoice 2 2",
            ],
            report.Lists.Select(list => $"{list.Kind} {list.Stratum} {list.Direction} {list.CandidateCount} {list.TrialCount}"));
        MetricValue auc = report.Lists[0].Metrics[EvaluationMetric.Auc];
        Assert.Equal(4 / 6.0, auc.Value, SumTolerance); // of 2 x 3 pairs the 2 with (a, c) are the wrong way round
        Assert.Equal((0.5, 5), (auc.Chance, auc.Count));
        Assert.Equal(3, report.Lists[0].IdentityCount);
        Assert.Equal([CorpusSplit.Test], report.Lists[0].Splits);
        Assert.Equal(new MetricValue(0.5, 0.5, 2), Bare(report.Lists[1].Metrics[EvaluationMetric.ListedMatching]));
        Assert.Equal(new MetricValue(1, 1 / 3.0, 1), Bare(report.Lists[2].Metrics[EvaluationMetric.ListedMatching]));
        IReadOnlyDictionary<EvaluationMetric, MetricValue> voices = report.Lists[3].Metrics; // a's face is second to c's, b's is first
        Assert.Equal(0.75, voices[EvaluationMetric.MeanReciprocalRank].Value);
        Assert.Equal(0.5, voices[EvaluationMetric.RecallAt1].Value);
        Assert.Equal(1, voices[EvaluationMetric.RecallAt5].Value);
        Assert.Equal(0.75, voices[EvaluationMetric.MeanAveragePrecision].Value);
        Assert.Equal(ChanceLevel.ReciprocalRank(3, 1), voices[EvaluationMetric.MeanReciprocalRank].Chance, SumTolerance);
        Assert.Equal(1, report.Lists[4].Metrics[EvaluationMetric.MeanReciprocalRank].Value); // c has no voice and does not ask
    }

    [Theory]
    [InlineData(RankingMetric.Cosine)]
    [InlineData(RankingMetric.Euclidean)]
    public void Evaluate_RetrievalOfAllClips_IsTheProtocolsOfAnyPositives(RankingMetric metric)
    {
        var random = new SeededRandom(4);
        EmbeddingSet set = Set(
        [
            .. Enumerable.Range(0, 60).Select(i => ($"p{i % 12}", $"{i}", i % 2 == 0 ? Modality.Voice : Modality.Face,
                new[] { (float)random.NextGaussian() + (i % 12), (float)random.NextGaussian(), 1f })),
        ]);
        Trial[] trials = [.. set.Rows.Select(row => Item(row.Modality, row.Identity, row.Clip))];

        TrialReport report = TrialEvaluator.Evaluate(WithBoth(set), [.. trials, .. Others(trials)], new TrialOptions { Metric = metric });

        foreach (TrialListScores list in report.Lists)
        {
            DirectionScores own = CrossModalProtocol.Evaluate(
                WithBoth(set), list.Direction!.Value, metric, new ProtocolOptions { Positives = PositiveClips.Any });
            Assert.Equal(5, list.Metrics.Count);
            Assert.All(list.Metrics, pair => Assert.Equal(own.Metrics[pair.Key].Value, pair.Value.Value, SumTolerance));
            Assert.All(
                list.Metrics, pair => Assert.Equal(own.Metrics[pair.Key].ByIdentity!.Value, pair.Value.ByIdentity!.Value, SumTolerance));
        }
    }

    [Fact]
    public void Evaluate_TiedScores_CountByTheirExpectationInAnyOrderOfListAndRows()
    {
        var random = new SeededRandom(7);
        EmbeddingSet set = Set( // the last two numbers tell rows apart, and no pair's score
        [
            .. Enumerable.Range(0, 60).Select(i => ($"p{i % 12}", $"{i}", Modality.Voice,
                new[] { random.NextInt32(3) + (i % 12 / 6), random.NextInt32(2), 1f, i, 0 })),
            .. Enumerable.Range(0, 60).Select(i => ($"p{i % 12}", $"{i}", Modality.Face,
                new[] { random.NextInt32(3) + (i % 12 / 6), random.NextInt32(2), 1f, 0, i })),
        ]);
        Trial[] items = [.. set.Rows.Select(row => Item(row.Modality, row.Identity, row.Clip))];
        Trial[] pairs =
        [
            .. set.Rows.Where(row => row.Modality == Modality.Voice).SelectMany(voice => set.Rows
                .Where(row => row.Modality == Modality.Face)
                .Select(face => new VerificationTrial(voice.Key, face.Key) { Stratum = "s" })),
        ];
        var options = new TrialOptions { Metric = RankingMetric.InnerProduct, DrawCount = 40 };

        TrialReport report = TrialEvaluator.Evaluate(set, [.. pairs, .. items], options);
        TrialReport reversed = TrialEvaluator.Evaluate(
            set.Pick([.. Enumerable.Range(0, set.Count).Reverse()]), [.. pairs.Reverse(), .. items.Reverse()], options);

        Assert.Equal(3, report.Lists.Count);
        foreach ((TrialListScores list, TrialListScores other) in report.Lists.Zip(reversed.Lists))
        {
            Assert.All(list.Metrics, pair => AssertSame(pair.Value, other.Metrics[pair.Key]));
        }

        foreach (TrialListScores list in report.Lists.Skip(1))
        {
            DirectionScores own = CrossModalProtocol.Evaluate(
                set, list.Direction!.Value, options.Metric, new ProtocolOptions { Positives = PositiveClips.Any });
            Assert.All(list.Metrics, pair => Assert.Equal(own.Metrics[pair.Key].Value, pair.Value.Value, SumTolerance));
        }
    }

    [Fact]
    public void Evaluate_MissingClips_AreRefusedOrLeftOutAndCounted()
    {
        EmbeddingSet set = Set(("a", "1", Modality.Voice, [1, 0]), ("a", "2", Modality.Face, [3, 1]), ("b", "2", Modality.Face, [1, 2]));
        Trial[] trials =
        [
            Verify("a", "a"),
            Verify("a", "b"),
            Verify("b", "b"),
            Match("a", "c"),
            Match("b", "a"),
            Item(Modality.Voice, "c", "9"),
        ];

        var e = Assert.Throws<InvalidDataException>(() => TrialEvaluator.Evaluate(set, trials, new TrialOptions()));
        TrialReport report = TrialEvaluator.Evaluate(set, trials, new TrialOptions { AllowMissing = true });

        Assert.Equal(
            "4 of 6 trials name clips that the embeddings lack, the first of them the voice of 'b/1'; "
            + "expected all, because scores on fewer trials compare with nothing: "
            + "embed the missing clips, or have such trials left out and counted (--allow-missing).",
            e.Message);
        Assert.Equal((2, 4), (report.TrialCount, report.MissingCount));
        Assert.Equal([(2, 1), (0, 2), (0, 1), (0, 1)], report.Lists.Select(list => (list.TrialCount, list.MissingCount)));
        Assert.Equal(1, report.Lists[0].Metrics[EvaluationMetric.Auc].Value);
        Assert.Empty(report.Lists[1].Metrics);
        Assert.Empty(report.Lists[2].Metrics);
    }

    [Fact]
    public void Evaluate_OneClassOnly_HasNoFigure()
    {
        EmbeddingSet set = Set(("a", "1", Modality.Voice, [1, 0]), ("a", "2", Modality.Face, [3, 1]));

        TrialReport report = TrialEvaluator.Evaluate(set, [Verify("a", "a")], new TrialOptions());

        Assert.Empty(report.Lists[0].Metrics);
        Assert.Equal(1, report.Lists[0].TrialCount);
    }

    [Fact]
    public void Evaluate_ATrialInTwoSplitsOrARowTwice_IsRefused()
    {
        EmbeddingSet twice = Set(("a", "1", Modality.Voice, [1, 0]), ("a", "1", Modality.Voice, [0, 1]));
        EmbeddingSet set = Set(("a", "1", Modality.Voice, [1, 0]), ("a", "2", Modality.Face, [0, 1]));
        var leaked = new EmbeddingSet(set.Values, set.Dimension, [set.Rows[0], set.Rows[1] with { Split = CorpusSplit.Train }]);

        var row = Assert.Throws<InvalidDataException>(() => TrialEvaluator.Evaluate(twice, [Verify("a", "a")], new TrialOptions()));
        var split = Assert.Throws<InvalidDataException>(() => TrialEvaluator.Evaluate(leaked, [Verify("a", "a")], new TrialOptions()));

        Assert.Equal("The embeddings have the voice of 'a/1' twice; expected once, so that a trial has one score.", row.Message);
        Assert.StartsWith("Identity 'a' has ", split.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Report_FollowsItsSchema()
    {
        EmbeddingSet set = Set(("a", "1", Modality.Voice, [1, 0]), ("a", "2", Modality.Face, [3, 1]), ("b", "2", Modality.Face, [1, 2]));
        TrialReport report = TrialEvaluator.Evaluate(
            set,
            [Verify("a", "a"), Verify("a", "b"), Match("a", "b"), Item(Modality.Voice, "a", "1"), Item(Modality.Face, "a", "2")],
            new TrialOptions());
        string path = _folder["scores.json"];

        TrialReportFile.Write(path, report);
        StrictJson json = JsonFile.Read(path, FileSchema.TrialScores);

        Assert.Equal(
            "verification matching retrieval retrieval", string.Join(' ', json["lists"].Children.Select(list => list["kind"].AsString())));
        Assert.Equal(1, json["lists"].Children[0]["auc"]["value"].AsDouble());
        Assert.Equal(0.5, json["lists"].Children[1]["accuracy"]["chance"].AsDouble());
        Assert.Equal("face-to-voice", json["lists"].Children[3]["direction"].AsString());
    }

    [Fact]
    public void Evaluate_AgainstItself_DiffersByNothingAndAgainstFewerClipsIsRefused()
    {
        var random = new SeededRandom(5);
        EmbeddingSet set = WithBoth(Set(
        [
            .. Enumerable.Range(0, 40).Select(i => ($"p{i % 10}", $"{i}", i % 2 == 0 ? Modality.Voice : Modality.Face,
                new[] { (float)random.NextGaussian(), (float)random.NextGaussian(), 1f })),
        ]));
        ClipKey[] voices = [.. set.Rows.Where(row => row.Modality == Modality.Voice).Select(row => new ClipKey(row.Identity, row.Clip))];
        ClipKey[] faces = [.. set.Rows.Where(row => row.Modality == Modality.Face).Select(row => new ClipKey(row.Identity, row.Clip))];
        Trial[] trials = [.. voices.SelectMany(voice => faces.Select(face => new VerificationTrial(voice, face)))];
        EmbeddingSet fewer = set.Where(row => row.Clip != set.Rows[0].Clip);

        TrialReport report = TrialEvaluator.Evaluate(set, trials, new TrialOptions { DrawCount = 50 }, set);
        var e = Assert.Throws<InvalidDataException>(() => TrialEvaluator.Evaluate(set, trials, new TrialOptions(), fewer));

        Assert.Equal(4, report.Lists[0].Differences.Count);
        Assert.All(report.Lists[0].Differences.Values, difference =>
            Assert.Equal(new MetricDifference(0, new Interval(0, 0), 0, new Interval(0, 0)), difference));
        Assert.Equal(
            $"The against embeddings lack the {EnumText.Of(set.Rows[0].Modality)} of '{set.Rows[0].Identity}/{set.Rows[0].Clip}'; "
            + "expected all that are evaluated, since only scores on the same trials can be compared.",
            e.Message);
    }

    private static void AssertSame(MetricValue one, MetricValue other)
    {
        Assert.Equal((one.Chance, one.Count), (other.Chance, other.Count));
        Assert.Equal(one.Value, other.Value, SumTolerance);
        Assert.Equal(one.Interval!.Value.Low, other.Interval!.Value.Low, SumTolerance);
        Assert.Equal(one.Interval.Value.High, other.Interval.Value.High, SumTolerance);
        Assert.Equal(one.ByIdentity!.Value, other.ByIdentity!.Value, SumTolerance);
        Assert.Equal(one.ByIdentity.Interval!.Value.Low, other.ByIdentity.Interval!.Value.Low, SumTolerance);
        Assert.Equal(one.ByIdentity.Interval.Value.High, other.ByIdentity.Interval.Value.High, SumTolerance);
    }

    private static MetricValue Bare(MetricValue value) => value with { Interval = null, ByIdentity = null };

    private static EmbeddingSet Set(params (string Identity, string Clip, Modality Modality, float[] Values)[] rows) => new(
        [.. rows.SelectMany(row => row.Values)],
        rows[0].Values.Length,
        [
            .. rows.Select(
                row => new EmbeddingRow { Identity = row.Identity, Clip = row.Clip, Modality = row.Modality, Split = CorpusSplit.Test }),
        ]);

    /// <summary>Every clip's row once more as the other modality, so that all identities have both.</summary>
    private static EmbeddingSet WithBoth(EmbeddingSet set) => new(
        [.. set.Values, .. set.Values.Select(value => value * value)],
        set.Dimension,
        [.. set.Rows, .. set.Rows.Select(row => row with { Modality = Other(row.Modality) })]);

    private static IEnumerable<Trial> Others(IEnumerable<Trial> items) =>
        items.Cast<RetrievalItem>().Select(item => item with { Modality = Other(item.Modality) });

    private static Modality Other(Modality modality) => modality == Modality.Voice ? Modality.Face : Modality.Voice;

    private static VerificationTrial Verify(string voice, string face) =>
        new(new ClipKey(voice, "1"), new ClipKey(face, "2")) { Stratum = "s" };

    private static MatchingTrial Match(string probe, params string[] negatives) => new(
        RetrievalDirection.VoiceToFace,
        new ClipKey(probe, "1"),
        new ClipKey(probe, "2"),
        [.. negatives.Select(negative => new ClipKey(negative, "2"))])
    {
        Stratum = "s",
    };

    private static RetrievalItem Item(Modality modality, string identity, string clip) =>
        new(modality, new ClipKey(identity, clip)) { Stratum = "s" };
}

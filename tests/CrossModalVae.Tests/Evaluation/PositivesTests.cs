using System.Text.Json;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Evaluation;
using CrossModalVae.Files;
using CrossModalVae.Metrics;
using CrossModalVae.Numerics;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Tests.Evaluation;

/// <summary>Which clips are positives, and that every metric is exact over all pairs: against scikit-learn and brute force.</summary>
public class PositivesTests
{
    private const double SumTolerance = 1e-12; // double sums of the same terms in another order
    private const double RootTolerance = 1e-9; // brentq's bracket, see GoldenMetricsTests

    public static TheoryData<string, PositiveClips, RetrievalDirection> Cases()
    {
        var cases = new TheoryData<string, PositiveClips, RetrievalDirection>();
        foreach (string name in (string[])["smooth", "tied"])
        {
            foreach (PositiveClips positives in Enum.GetValues<PositiveClips>())
            {
                foreach (RetrievalDirection direction in Enum.GetValues<RetrievalDirection>())
                {
                    cases.Add(name, positives, direction);
                }
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Evaluate_EveryMetric_AgreesWithScikitLearnOverAllPairs(
        string name, PositiveClips positives, RetrievalDirection direction)
    {
        using JsonDocument golden = Golden(name);
        JsonElement expected = golden.RootElement.GetProperty("figures").GetProperty(EnumText.Of(positives))
            .GetProperty(EnumText.Of(direction));

        DirectionScores scores = Evaluate(
            golden.RootElement, direction, new ProtocolOptions { Positives = positives, DrawCount = 20 });

        AssertMetrics(expected, "trials", scores, value => value.Value);
        AssertMetrics(expected, "identities", scores, value => value.ByIdentity!.Value);
        Assert.Equal(expected.GetProperty("people").GetInt32(), scores.IdentityCount);
        Assert.Equal(expected.GetProperty("probes").GetInt32(), scores.ProbeCount);
        Assert.Equal(expected.GetProperty("pairs").GetInt64(), scores.PairCount);
        Assert.Equal(expected.GetProperty("pairs").GetInt64(), scores.Auc.Count);
        Assert.True(scores.IsEnumerated);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Evaluate_CurveAndNearestRate_AreThoseOfAllListedPairs(
        string name, PositiveClips positives, RetrievalDirection direction)
    {
        using JsonDocument golden = Golden(name);
        (ClipKey[] probes, ClipKey[] gallery, float[][] table) = Read(golden.RootElement, direction);
        var scores = new List<float>();
        var targets = new List<bool>();
        for (int p = 0; p < probes.Length; p++)
        {
            bool IsPositive(ClipKey other) => other.Identity == probes[p].Identity
                && (positives == PositiveClips.Any || (other.Clip == probes[p].Clip) == (positives == PositiveClips.Own));
            if (gallery.Any(IsPositive))
            {
                foreach ((ClipKey other, float score) in gallery.Zip(table[p]))
                {
                    if (IsPositive(other) || other.Identity != probes[p].Identity)
                    {
                        scores.Add(score);
                        targets.Add(IsPositive(other));
                    }
                }
            }
        }

        RocCurve listed = RocCurve.Compute([.. scores], [.. targets]);

        DirectionScores found = Evaluate(golden.RootElement, direction, new ProtocolOptions { Positives = positives, DrawCount = 0 });

        Assert.Equal(listed.AreaScore, found.Verification!.AreaScore, SumTolerance);
        Assert.Equal(listed.EqualErrorRate, found.Verification.EqualErrorRate, SumTolerance);
        Assert.Equal(listed.EqualErrorRateBy(EqualErrorRateDefinition.Nearest), found.NearestEqualErrorRate, SumTolerance);
        Assert.Equal(listed.EqualErrorRateBy(EqualErrorRateDefinition.ConvexHull), found.ConvexHullEqualErrorRate, SumTolerance);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Evaluate_Matching_IsTheShareOfAllChoices(int distinctScores)
    {
        // Every choice of N - 1 of 8 distractors, counted one by one.
        var random = new SeededRandom(17 + distinctScores);
        ClipKey[] probes = [new("a", "1"), new("z", "1")];
        ClipKey[] gallery = [new("a", "2"), .. Enumerable.Range(0, 7).Select(i => new ClipKey($"b{i}", "1")), new("z", "2")];
        float[] scores =
            [.. gallery.Select(_ => distinctScores == 0 ? (float)random.NextGaussian() : random.NextInt32(distinctScores))];

        DirectionScores found = CrossModalProtocol.Evaluate(
            RetrievalDirection.VoiceToFace, probes, gallery, (probe, row) => Score(probe, row), new ProtocolOptions { DrawCount = 0 });

        for (int n = 2; n <= 9; n++)
        {
            double[] own = [.. probes.Select((probe, p) => Counted(p, n))];
            Assert.Equal(own.Average(), found.MatchingAccuracy(n)!.Value, SumTolerance);
            Assert.Equal(1.0 / n, found.MatchingAccuracy(n)!.Chance, SumTolerance);
        }

        Assert.Null(found.MatchingAccuracy(10));

        void Score(int probe, Span<float> row) => (probe == 0 ? scores : [.. scores.Reverse()]).CopyTo(row);

        double Counted(int p, int n)
        {
            var row = new float[gallery.Length];
            Score(p, row);
            int target = p == 0 ? 0 : gallery.Length - 1;
            int[] others = [.. Enumerable.Range(0, gallery.Length).Where(i => i != target)];
            (double won, int choices) = (0, 0);
            for (int mask = 0; mask < 1 << others.Length; mask++)
            {
                if (int.PopCount(mask) == n - 1)
                {
                    float[] chosen = [.. others.Where((_, i) => (mask >> i & 1) == 1).Select(i => row[i])];
                    choices++;
                    won += MatchingShare.Of(row[target], chosen);
                }
            }

            return won / choices;
        }
    }

    [Fact]
    public void Evaluate_ConstantScores_AreChanceExactlyInEveryMetric()
    {
        using JsonDocument golden = Golden("smooth");
        (ClipKey[] probes, ClipKey[] gallery, _) = Read(golden.RootElement, RetrievalDirection.VoiceToFace);
        foreach (PositiveClips positives in Enum.GetValues<PositiveClips>())
        {
            DirectionScores scores = CrossModalProtocol.Evaluate(
                RetrievalDirection.VoiceToFace,
                probes,
                gallery,
                (_, row) => row.Fill(3),
                new ProtocolOptions { Positives = positives, DrawCount = 0 });

            Assert.All(scores.Metrics.Values, value => Assert.Equal(value.Chance, value.Value, SumTolerance));
            Assert.All(
                scores.Metrics.Values, value => Assert.Equal(value.ByIdentity!.Chance, value.ByIdentity.Value, SumTolerance));
        }
    }

    [Fact]
    public void Evaluate_SeedAndOrderOfRows_ChangeNoValue()
    {
        using JsonDocument golden = Golden("tied");
        (ClipKey[] probes, ClipKey[] gallery, float[][] table) = Read(golden.RootElement, RetrievalDirection.VoiceToFace);
        int[] probeOrder = Shuffled(probes.Length, 3), galleryOrder = Shuffled(gallery.Length, 4);

        DirectionScores first = Score(Shuffled(0, 0), Shuffled(0, 0), seed: 1);
        DirectionScores moved = Score(probeOrder, galleryOrder, seed: 1);
        DirectionScores reseeded = Score(probeOrder, galleryOrder, seed: 99);

        Assert.Equal(first.Metrics, moved.Metrics); // bit for bit, the intervals too
        Assert.Equal(
            first.Metrics.Select(pair => (pair.Key, pair.Value.Value, pair.Value.ByIdentity!.Value)),
            reseeded.Metrics.Select(pair => (pair.Key, pair.Value.Value, pair.Value.ByIdentity!.Value)));
        Assert.NotEqual(first.Auc.Interval, reseeded.Auc.Interval);

        DirectionScores Score(int[] asking, int[] answering, long seed)
        {
            int[] rows = asking.Length == 0 ? [.. Enumerable.Range(0, probes.Length)] : asking;
            int[] columns = answering.Length == 0 ? [.. Enumerable.Range(0, gallery.Length)] : answering;
            return CrossModalProtocol.Evaluate(
                RetrievalDirection.VoiceToFace,
                [.. rows.Select(i => probes[i])],
                [.. columns.Select(i => gallery[i])],
                (probe, row) =>
                {
                    for (int i = 0; i < row.Length; i++)
                    {
                        row[i] = table[rows[probe]][columns[i]];
                    }
                },
                new ProtocolOptions { DrawCount = 50, Seed = seed });
        }

        static int[] Shuffled(int count, long seed)
        {
            int[] order = [.. Enumerable.Range(0, count)];
            new SeededRandom(seed).Shuffle(order.AsSpan());
            return order;
        }
    }

    [Fact]
    public void Evaluate_BeyondTheEnumeratedPairs_DrawsVerificationOnlyAndNearTheSameValue()
    {
        EmbeddingSet set = Crowd(people: 60, clips: 6);

        DirectionScores all = CrossModalProtocol.Evaluate(
            set, RetrievalDirection.VoiceToFace, RankingMetric.Cosine, new ProtocolOptions { DrawCount = 200 });
        DirectionScores drawn = CrossModalProtocol.Evaluate(
            set,
            RetrievalDirection.VoiceToFace,
            RankingMetric.Cosine,
            new ProtocolOptions { DrawCount = 200, EnumeratedPairs = 1000, TrialsPerProbe = 40 });

        Assert.False(drawn.IsEnumerated);
        Assert.Equal(all.PairCount, drawn.PairCount);
        Assert.NotEqual(all.Auc.Value, drawn.Auc.Value);
        Assert.InRange(drawn.Auc.Value, all.Auc.Value - 0.01, all.Auc.Value + 0.01); // 14,400 non-targets: an error of about 0.002
        Assert.Equal(360 * (5 + 40), drawn.Auc.Count); // every target there is, and 40 non-targets a probe
        foreach (EvaluationMetric metric in all.Metrics.Keys.Where(metric => metric >= EvaluationMetric.MatchingOf2))
        {
            Assert.Equal(all.Metrics[metric], drawn.Metrics[metric]);
        }

        double Width(DirectionScores scores) => scores.Auc.Interval!.Value.High - scores.Auc.Interval.Value.Low;
        Assert.InRange(Width(drawn) / Width(all), 0.9, 1.2); // people are what varies, not trials
    }

    [Fact]
    public void Evaluate_MoreTrialsThanDrawsWeigh_HasTheIntervalOfAllOfThem()
    {
        // 700 x 700 pairs: the draws weigh a sample of 200,000 of them, around the value of all.
        EmbeddingSet set = Crowd(people: 70, clips: 10);
        var plan = new ProtocolPlan(set.Rows, [Stratum.Everybody], new ProtocolOptions { DrawCount = 400 }, RetrievalDirection.VoiceToFace);
        DirectionSample sample = plan.Score(
            EvaluationSystem.OfEmbeddings(SystemKind.Model, set, RankingMetric.Cosine), CancellationToken.None)[0];

        var trials = new VerificationTrials();
        int[] numbers = [.. set.Rows.Select(row => int.Parse(row.Identity[1..], System.Globalization.CultureInfo.InvariantCulture))];
        var ranker = new Ranker(set, RankingMetric.Cosine);
        var row = new float[set.Count];
        for (int i = 0; i < set.Count; i += 2)
        {
            ranker.Score(set, i, row);
            for (int j = 1; j < set.Count; j += 2)
            {
                if (numbers[i] != numbers[j])
                {
                    trials.AddNonTarget(row[j], numbers[i], numbers[j]);
                }
                else if (j != i + 1)
                {
                    trials.AddTarget(row[j], numbers[i]);
                }
            }
        }

        MetricSample whole = trials.Samples(new IdentityBootstrap(70, 400, 1), CancellationToken.None).First().Sample;

        Assert.True(sample.Plan.SampledTrialsPerProbe < 690);
        MetricSample found = sample.Metrics[EvaluationMetric.Auc];
        Assert.Equal(whole.Pooled.Value, found.Pooled.Value, SumTolerance);
        (double low, double high) = Interval.Of(whole.Pooled.Draws, 0.95)!.Value;
        Interval interval = Interval.Of(found.Pooled.Draws, 0.95)!.Value;
        Assert.Equal(low, interval.Low, 0.05 * (high - low));
        Assert.Equal(high, interval.High, 0.05 * (high - low));
    }

    [Fact]
    public void Evaluate_PeopleWithOneClip_AskOnlyWhereTheirOwnClipCounts()
    {
        // Two clips of a and b, one of c: c never finds another clip of its own, but others are compared with it.
        ClipKey[] items = [new("a", "1"), new("a", "2"), new("b", "1"), new("b", "2"), new("c", "1")];

        DirectionScores other = Score(PositiveClips.Other), own = Score(PositiveClips.Own), any = Score(PositiveClips.Any);

        Assert.Equal((2, 4, 1, 1), (other.IdentityCount, other.ProbeCount, other.LeftOutIdentityCount, other.LeftOutProbeCount));
        Assert.Equal((3, 5, 0, 0), (own.IdentityCount, own.ProbeCount, own.LeftOutIdentityCount, own.LeftOutProbeCount));
        Assert.Equal((3, 5, 0, 0), (any.IdentityCount, any.ProbeCount, any.LeftOutIdentityCount, any.LeftOutProbeCount));
        Assert.Equal([4 * (1 + 3), (4 * 4) + 5, (4 * (2 + 3)) + 5], new[] { other, own, any }.Select(scores => scores.PairCount));

        DirectionScores Score(PositiveClips positives) => CrossModalProtocol.Evaluate(
            RetrievalDirection.VoiceToFace,
            items,
            items,
            (probe, row) => row.Fill(probe),
            new ProtocolOptions { Positives = positives, DrawCount = 0 });
    }

    [Fact]
    public void Evaluate_NobodyWithAnotherClip_SaysWhichPositivesThereAre()
    {
        ClipKey[] items = [new("a", "1"), new("b", "1"), new("c", "1")];

        var e = Assert.Throws<ArgumentException>(() => CrossModalProtocol.Evaluate(
            RetrievalDirection.VoiceToFace, items, items, (_, row) => row.Clear(), new ProtocolOptions()));

        Assert.StartsWith(
            "No voice has a face of another clip of its identity, so that positives 'other' leave no trial; "
            + "must be own or any (--positives).",
            e.Message,
            StringComparison.Ordinal);
    }

    private static void AssertMetrics(JsonElement expected, string average, DirectionScores scores, Func<MetricValue, double> pick)
    {
        double[] values = [.. expected.GetProperty(average).EnumerateArray().Select(value => value.GetDouble())];
        Assert.Equal(EvaluationMetrics.All.Count, values.Length);
        foreach ((EvaluationMetric metric, double value) in EvaluationMetrics.All.Zip(values))
        {
            double found = pick(scores.Metrics[metric]);
            double tolerance = metric == EvaluationMetric.EqualErrorRate ? RootTolerance : SumTolerance;
            Assert.True(Math.Abs(value - found) <= tolerance, $"{metric} over {average}: {found}, scikit-learn has {value}");
        }
    }

    private static DirectionScores Evaluate(JsonElement golden, RetrievalDirection direction, ProtocolOptions options)
    {
        (ClipKey[] probes, ClipKey[] gallery, float[][] table) = Read(golden, direction);
        return CrossModalProtocol.Evaluate(direction, probes, gallery, (probe, row) => table[probe].CopyTo(row), options);
    }

    private static (ClipKey[] Probes, ClipKey[] Gallery, float[][] Scores) Read(JsonElement golden, RetrievalDirection direction)
    {
        ClipKey[] voices = Keys("voices"), faces = Keys("faces");
        float[][] scores =
        [
            .. golden.GetProperty("scores").EnumerateArray()
                .Select(row => row.EnumerateArray().Select(value => value.GetSingle()).ToArray()),
        ];
        return direction == RetrievalDirection.VoiceToFace
            ? (voices, faces, scores)
            : (faces, voices, [.. faces.Select((_, f) => voices.Select((_, v) => scores[v][f]).ToArray())]);

        ClipKey[] Keys(string name) =>
            [.. golden.GetProperty(name).EnumerateArray().Select(key => new ClipKey(key[0].GetString()!, key[1].GetString()!))];
    }

    private static JsonDocument Golden(string name) => JsonDocument.Parse(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "Metrics", $"positives.{name}.json")));

    private static EmbeddingSet Crowd(int people, int clips) => NormalPeople.Draw(people, clips, noise: 2, dimension: 8);
}

using CrossModalVae.Clusters;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Evaluation;
using CrossModalVae.Numerics;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Tests.Evaluation;

public class EvaluatorTests
{
    private const double SumTolerance = 1e-12; // double sums of the same terms in another order

    private static readonly ProtocolOptions Options = new() { DrawCount = 200 };

    [Fact]
    public void Evaluate_GenderOracle_IsAtChanceWithinOneGender()
    {
        EvaluationReport report = Evaluate(People(40, 3, noise: 1), [EvaluationSystem.GenderOracle(), EvaluationSystem.RandomScores(3)]);

        SystemScores oracle = report.Populations[0].Find(SystemKind.GenderOracle)!;
        foreach (RetrievalDirection direction in Enum.GetValues<RetrievalDirection>())
        {
            // 20 women and 20 men: of 39 others 20 are of the other gender, and 19 tie.
            Assert.Equal((20 / 39.0) + (19 / 39.0 / 2), oracle.Find(Stratum.Everybody, direction)!.Auc.Value, SumTolerance);
            foreach (Stratum stratum in new[] { Stratum.Gender, Stratum.GenderNationalityAge })
            {
                DirectionScores scores = oracle.Find(stratum, direction)!;
                Assert.Equal(0.5, scores.Auc.Value, SumTolerance);
                Assert.Equal(0.5, scores.EqualErrorRate.Value, SumTolerance);
                Assert.Equal(0.5, scores.MatchingAccuracy(2)!.Value, SumTolerance);
            }
        }

        DirectionScores random = report.Find(SystemKind.RandomScores, RetrievalDirection.VoiceToFace)!;
        Assert.Equal(0.5, random.Auc.Value, 0.05); // five standard errors of 3,000 pairs of trials
    }

    [Fact]
    public void Evaluate_Strata_TakeOthersOfTheProbesGroupOnly()
    {
        EmbeddingSet set = People(40, 2, noise: 1);
        string Group(Stratum stratum, EmbeddingRow row) => Strata.GroupOf(stratum, row)!;
        foreach (Stratum stratum in Strata.All)
        {
            // Scores 1 across groups, 0 within: a probe compared with another group loses.
            var spy = EvaluationSystem.OfIdentities(
                SystemKind.Ceiling,
                (voice, face) => voice.Identity == face.Identity ? 0.5 : Group(stratum, voice) == Group(stratum, face) ? 0 : 1);

            SystemScores scores = Evaluate(set, [spy]).Populations[0].Find(SystemKind.Ceiling)!;

            foreach (RetrievalDirection direction in Enum.GetValues<RetrievalDirection>())
            {
                DirectionScores own = scores.Find(stratum, direction)!;
                Assert.All(own.Metrics.Where(figure => !EvaluationMetrics.LowerIsBetter(figure.Key)), figure =>
                    Assert.Equal(1, figure.Value.Value));
                Assert.Equal(0, own.EqualErrorRate.Value);
                Assert.Equal((80, 80, 40), (own.ProbeCount, own.GalleryCount, own.IdentityCount));
            }
        }
    }

    [Fact]
    public void Evaluate_UnknownMetadata_IsLeftOutOfItsStrataOnly()
    {
        EmbeddingSet set = People(40, 2, noise: 1);
        var unknown = new EmbeddingSet(
            set.Values,
            set.Dimension,
            [
                .. set.Rows.Select(
                    row => row with { Age = null, Gender = row.Identity == "p01" ? null : row.Gender, Nationality = row.Identity }),
            ]);

        PopulationScores scores = Evaluate(unknown).Populations[0];

        Assert.Equal(40, scores.Systems[0].Find(Stratum.Everybody, RetrievalDirection.VoiceToFace)!.IdentityCount);
        Assert.Equal(39, scores.Systems[0].Find(Stratum.Gender, RetrievalDirection.VoiceToFace)!.IdentityCount);
        // no two identities share a nationality, no age is known
        Assert.Equal([Stratum.Everybody, Stratum.Gender], scores.Systems[0].Scores.Select(one => one.Stratum).Distinct());
    }

    [Fact]
    public void Evaluate_TwoSplits_AreTwoPopulationsThatNeverMeet()
    {
        EmbeddingSet set = People(40, 2, noise: 1);
        EmbeddingRow[] rows =
        [
            .. set.Rows.Select(
                row => row with { Split = string.CompareOrdinal(row.Identity, "p15") < 0 ? CorpusSplit.Train : CorpusSplit.Test }),
        ];
        var both = new EmbeddingSet(set.Values, set.Dimension, rows);

        EvaluationReport report = Evaluate(both);
        EvaluationReport test = Evaluate(both.Where(row => row.Split == CorpusSplit.Test));

        Assert.Equal([Population.UnseenUnheard, Population.SeenHeard], report.Populations.Select(population => population.Population));
        Assert.Equal([25, 15], report.Populations.Select(population => population.IdentityCount));
        Assert.Equal([50, 30], report.Populations.Select(
            population => population.Systems[0].Find(Stratum.Everybody, RetrievalDirection.VoiceToFace)!.ProbeCount));
        Assert.Equal(test.VoiceToFace.Metrics, report.VoiceToFace.Metrics); // the others change nothing
    }

    [Fact]
    public void Evaluate_FewerThanTenIdentities_Warns()
    {
        PopulationScores few = Evaluate(People(8, 3, noise: 1)).Populations[0];
        PopulationScores enough = Evaluate(People(10, 3, noise: 1)).Populations[0];

        Assert.Equal(
            "unseen-unheard, everybody: 8 identities; with fewer than 10 an interval is too wide to mean anything.", few.Warnings[0]);
        Assert.DoesNotContain(enough.Warnings, warning => warning.Contains("everybody", StringComparison.Ordinal));
    }

    [Fact]
    public void Evaluate_MetricOfFewIdentitiesInALargerStratum_Warns()
    {
        EmbeddingSet set = People(13, 2, noise: 1);
        EmbeddingRow[] rows =
        [
            .. set.Rows.Select(row => row with { Gender = string.CompareOrdinal(row.Identity, "p05") < 0 ? "m" : "f", Age = null }),
        ];

        PopulationScores scores = Evaluate(new EmbeddingSet(set.Values, set.Dimension, rows)).Populations[0];

        // 5 men and 8 women: to choose from 6 to 8 there are only women.
        Assert.Contains(
            "unseen-unheard, same gender, matching_1_of_6, matching_1_of_7, matching_1_of_8: 8 identities; "
            + "with fewer than 10 an interval is too wide to mean anything.",
            scores.Warnings);
        DirectionScores own = scores.Systems[0].Find(Stratum.Gender, RetrievalDirection.VoiceToFace)!;
        Assert.Equal(13, own.Auc.ByIdentity!.Count);
        Assert.Equal((16, 8), (own.MatchingAccuracy(8)!.Count, own.MatchingAccuracy(8)!.ByIdentity!.Count));
        Assert.Null(own.MatchingAccuracy(9));
    }

    [Fact]
    public void Evaluate_AgainstAWorseSystem_DiffersWhereOwnIntervalsOverlap()
    {
        EmbeddingSet set = People(60, 3, noise: 1.5);
        var random = new SeededRandom(8);
        var worse = new EmbeddingSet(
            [.. set.Values.Select(value => value + (float)(0.7 * random.NextGaussian()))], set.Dimension, set.Rows);
        var shuffled = new EmbeddingSet(
            [.. Enumerable.Range(0, worse.Count).Reverse().SelectMany(i => worse[i].ToArray())],
            worse.Dimension,
            [.. worse.Rows.Reverse()]);

        PopulationScores scores =
            Evaluate(set, [EvaluationSystem.OfEmbeddings(SystemKind.Against, shuffled, RankingMetric.Cosine)]).Populations[0];

        DirectionScores own = scores.Systems[0].Find(Stratum.Everybody, RetrievalDirection.VoiceToFace)!,
            other = scores.Systems[1].Find(Stratum.Everybody, RetrievalDirection.VoiceToFace)!;
        DirectionDifference difference = scores.Differences.First(
            one => one is { Stratum: Stratum.Everybody, Direction: RetrievalDirection.VoiceToFace });
        Assert.All(difference.Metrics, pair =>
            Assert.Equal(own.Metrics[pair.Key].Value - other.Metrics[pair.Key].Value, pair.Value.Value, SumTolerance));
        MetricDifference auc = difference.Metrics[EvaluationMetric.Auc];
        Assert.True(auc.Interval!.Value.Low > 0);
        Assert.True(own.Auc.Interval!.Value.Low < other.Auc.Interval!.Value.High);
        Assert.Equal(other.Metrics, Evaluate(worse).VoiceToFace.Metrics); // in its own order, by itself
        Assert.Equal(10, scores.Differences.Count);
    }

    [Fact]
    public void Evaluate_AnotherSystemsRowMissingOrTwice_IsRefused()
    {
        EmbeddingSet set = People(12, 2, noise: 1);
        EmbeddingSet fewer = set.Where(row => row is not { Identity: "p03", Clip: "c1", Modality: Modality.Face });
        var twice = new EmbeddingSet([.. set.Values, .. set[0]], set.Dimension, [.. set.Rows, set.Rows[0]]);

        var missing = Assert.Throws<InvalidDataException>(
            () => Evaluate(set, [EvaluationSystem.OfEmbeddings(SystemKind.Against, fewer, RankingMetric.Cosine)]));
        var doubled = Assert.Throws<InvalidDataException>(() => Evaluate(twice));

        Assert.Equal(
            "The against embeddings lack the face of 'p03/c1'; expected all that are evaluated, "
            + "since only scores on the same trials can be compared.",
            missing.Message);
        Assert.Equal(
            "The model embeddings have the voice of 'p00/c0' twice; expected once, so that a trial has one score.", doubled.Message);
    }

    [Fact]
    public void Evaluate_DuplicatesOfOtherIdentities_AreRefused()
    {
        EmbeddingSet set = People(12, 2, noise: 1);
        float[] values = [.. set.Values];
        for (int i = 0; i < set.Count; i++)
        {
            // p0's two clips under every identity
            set[i % 4].CopyTo(values.AsSpan(i * set.Dimension));
        }

        var e = Assert.Throws<InvalidDataException>(() => Evaluate(new EmbeddingSet(values, set.Dimension, set.Rows)));

        Assert.Equal(
            "24 of 24 voice embeddings equal one of another identity; must be few (the same files under several names?).", e.Message);
    }

    [Fact]
    public void Validate_BadOptions_ReportsEveryFault()
    {
        var e = Assert.Throws<ArgumentException>(
            () => new ProtocolOptions { TrialsPerProbe = 0, DrawCount = -1, Confidence = 1 }.Validate());

        Assert.Equal(
            "'TrialsPerProbe' is 0; must be >= 1. 'DrawCount' is -1; must be >= 0. 'Confidence' is 1; must be > 0 and < 1.",
            e.Message);
    }

    private static EvaluationReport Evaluate(EmbeddingSet set, IReadOnlyList<EvaluationSystem>? others = null) =>
        Evaluator.Evaluate(set, new RankingOptions(), new ClusteringOptions { Eps = 0.2, MinSamples = 2 }, Options, others);

    private static EmbeddingSet People(int people, int clips, double noise) => NormalPeople.Draw(
        people,
        clips,
        noise,
        traits: (p, row) => row with
        {
            Gender = p % 2 == 0 ? "f" : "m",
            Nationality = p / 2 % 2 == 0 ? "Norway" : "India",
            Age = p / 4 % 2 == 0 ? 20 + (p / 8) : 39 - (p / 8),
        });
}

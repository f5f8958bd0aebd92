using CrossModalVae.Clusters;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Evaluation;
using CrossModalVae.Numerics;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Tests.Evaluation;

/// <summary>Of whom an evaluation speaks: unknown genders, small groups, few people, validation people, people with one clip.</summary>
public sealed class PopulationTests : IDisposable
{
    private const double SumTolerance = 1e-12; // double sums of the same terms in another order

    private static readonly RetrievalDirection[] Directions = Enum.GetValues<RetrievalDirection>();

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void GenderOracle_SomeGendersUnknown_IsOverThePeopleWithOne()
    {
        EmbeddingSet set = With(People(30, 3), row => row with { Gender = Number(row) < 12 ? row.Gender : null });
        EmbeddingSet known = set.Where(row => row.Gender is not null);

        PopulationScores scores = Evaluate(set).Populations[0];

        PopulationScores alone = Evaluate(known).Populations[0];
        SystemScores oracle = scores.Find(SystemKind.GenderOracle)!;
        Assert.Equal((30, 12), (scores.IdentityCount, oracle.IdentityCount));
        foreach (RetrievalDirection direction in Directions)
        {
            Assert.Equal(
                alone.Find(SystemKind.GenderOracle)!.Find(Stratum.Everybody, direction)!.Metrics,
                oracle.Find(Stratum.Everybody, direction)!.Metrics);
            DirectionDifference difference = Difference(scores, direction);
            Assert.Equal(12, difference.IdentityCount);
            Assert.Equal(Difference(alone, direction).Metrics, difference.Metrics); // the model on the same twelve
            Assert.NotEqual(
                scores.Systems[0].Find(Stratum.Everybody, direction)!.Auc.Value - oracle.Find(Stratum.Everybody, direction)!.Auc.Value,
                difference.Metrics[EvaluationMetric.Auc].Value);
        }

        Assert.Contains(
            "gender oracle: over the 12 of 30 people with a known gender; the model is compared with it on the same people.", scores.Notes);
    }

    [Theory]
    [InlineData(2, "gender oracle: absent, as 2 of 30 people have a known gender; it takes 5.")]
    [InlineData(0, "gender oracle: absent, as 0 of 30 people have a known gender; it takes 5.")]
    public void GenderOracle_FewGendersKnown_IsAbsentAndSaysSo(int known, string note)
    {
        EmbeddingSet set = With(People(30, 3), row => row with { Gender = Number(row) < known ? row.Gender : null });

        EvaluationReport report = Evaluate(set);

        Assert.Null(report.Populations[0].Find(SystemKind.GenderOracle));
        Assert.Null(report.Populations[0].Systems[0].Find(Stratum.Gender, RetrievalDirection.VoiceToFace));
        Assert.Contains(note, report.Populations[0].Notes);
        Assert.Contains(note, report.Summary);
        Assert.Contains("Against gender alone: not compared.", report.Summary);
    }

    [Fact]
    public void GenderOracle_OneGenderOnly_IsAbsent()
    {
        PopulationScores scores = Evaluate(With(People(12, 2), row => row with { Gender = "f" })).Populations[0];

        Assert.Null(scores.Find(SystemKind.GenderOracle));
        Assert.Contains("gender oracle: absent, as all 12 people with a known gender have the same one.", scores.Notes);
    }

    [Fact]
    public void Strata_GroupsOfFewerThanFive_AreLeftOutAndCounted()
    {
        // Eight Norwegians, four Indians, one Peruvian; nobody of known age.
        EmbeddingSet set = With(People(13, 2), row => row with
        {
            Age = null,
            Nationality = Number(row) < 8 ? "Norway" : Number(row) < 12 ? "India" : "Peru",
        });

        PopulationScores scores = Evaluate(set).Populations[0];

        DirectionScores own = scores.Systems[0].Find(Stratum.Nationality, RetrievalDirection.VoiceToFace)!;
        Assert.Equal((8, 5, 16), (own.IdentityCount, own.SmallGroupIdentityCount, own.GalleryCount));
        Assert.Contains("same nationality: 5 people in groups of fewer than 5 left out.", scores.Notes);
        Assert.Null(scores.Systems[0].Find(Stratum.Age, RetrievalDirection.VoiceToFace));
        Assert.All(
            scores.Systems.SelectMany(system => system.Scores).SelectMany(one => one.Metrics.Values),
            value => Assert.InRange(value.ByIdentity!.Count, 5, 13));
    }

    [Fact]
    public void Evaluate_FourPeople_HasNoMetricAndStillAFile()
    {
        EmbeddingSet test = People(4, 3);
        EmbeddingSet train = With(People(20, 3), row => row with { Identity = $"t{row.Identity}", Split = CorpusSplit.Train });
        var set = new EmbeddingSet([.. test.Values, .. train.Values], test.Dimension, [.. test.Rows, .. train.Rows]);

        EvaluationReport report = Evaluate(set);
        EvaluationFile.Write(_folder["m.json"], report);
        EvaluationReport read = EvaluationFile.Read(_folder["m.json"]);

        Assert.All(report.Populations[0].Systems, system => Assert.Empty(system.Scores));
        Assert.Contains("everybody: no metric of 4 people who ask; it takes 5.", report.Populations[0].Notes);
        Assert.Contains(
            "No metric: 4 people in this split; it takes 5. Put more people into it (corpus folder --test-share), or score another "
            + "(--split).",
            report.Summary);
        Assert.DoesNotContain(report.Summary, line => line.StartsWith("everybody: ", StringComparison.Ordinal));
        Assert.Contains(report.Summary, line => line.StartsWith("Beside it 20 people seen in training: AUC ", StringComparison.Ordinal));
        Assert.Equal(report.Summary, read.Summary);
        Assert.Equal(
            "Fewer than 5 identities ask voice-to-face; there is no metric.",
            Assert.Throws<InvalidOperationException>(() => read.VoiceToFace).Message);
    }

    [Fact]
    public void Evaluate_ValidationPeople_AreAPopulationOfTheirOwn()
    {
        PopulationScores scores = Evaluate(With(People(12, 2), row => row with { Split = CorpusSplit.Validation })).Populations[0];

        Assert.Equal(Population.Validation, scores.Population);
        Assert.StartsWith(
            "12 people not trained on, but the epoch was chosen on them, 24 clips (validation split); ",
            Evaluate(With(People(12, 2), row => row with { Split = CorpusSplit.Validation })).Summary[0],
            StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_PeopleWithOneClip_AreCountedInEveryOutput()
    {
        EmbeddingSet set = People(20, 3).Where(row => Number(row) >= 6 || row.Clip == "c0");

        EvaluationReport report = Evaluate(set);

        PopulationScores scores = report.Populations[0];
        Assert.Equal((20, 6), (scores.IdentityCount, scores.OneClipIdentityCount));
        Assert.Equal((14, 6, 6), (
            report.VoiceToFace.IdentityCount, report.VoiceToFace.LeftOutIdentityCount, report.VoiceToFace.LeftOutProbeCount));
        Assert.Contains(
            "everybody: 6 probes without a positive (--positives other) left out; 6 people do not ask at all; "
            + "others are still compared with them.",
            scores.Notes);
        Assert.EndsWith(
            "positives: other clips of the probe's person, never its own; 6 people have one clip.", report.Summary[0],
            StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_PeopleOfOneModality_DoNotAskAndAreCounted()
    {
        EmbeddingSet set = People(20, 3).Where(
            row => row.Modality == Modality.Joint || (Number(row) >= 4 || row.Modality == Modality.Voice)
                && (Number(row) < 17 || row.Modality == Modality.Face));

        PopulationScores scores = Evaluate(set).Populations[0];

        DirectionScores voices = scores.Systems[0].Find(Stratum.Everybody, RetrievalDirection.VoiceToFace)!;
        DirectionScores faces = scores.Systems[0].Find(Stratum.Everybody, RetrievalDirection.FaceToVoice)!;
        Assert.Equal(13, scores.IdentityCount);
        Assert.Equal((13, 4, 12, 48), (voices.IdentityCount, voices.LeftOutIdentityCount, voices.LeftOutProbeCount, voices.GalleryCount));
        Assert.Equal((13, 3, 9, 51), (faces.IdentityCount, faces.LeftOutIdentityCount, faces.LeftOutProbeCount, faces.GalleryCount));
        Assert.Contains(
            "not among these people: 4 with voices only and 3 with faces only; they do not ask, others are compared with their clips.",
            scores.Notes);
    }

    [Fact]
    public void Evaluate_OnePictureUnderSeveralClips_IsNoted()
    {
        EmbeddingSet set = People(12, 3);
        int[] rows = [.. Enumerable.Range(0, set.Count)];
        foreach (IGrouping<string, int> own in rows
            .Where(row => set.Rows[row].Modality == Modality.Face)
            .GroupBy(row => set.Rows[row].Identity))
        {
            foreach (int row in own)
            {
                rows[row] = own.First();
            }
        }

        var stills = new EmbeddingSet(set.Pick(rows).Values, set.Dimension, set.Rows);

        Assert.DoesNotContain(Evaluate(set).Populations[0].Notes, note => note.Contains("exactly", StringComparison.Ordinal));
        Assert.Contains(
            "36 of 36 faces equal another one of the same person exactly (the same file under several clips?): "
            + "they are fewer trials than they look.",
            Evaluate(stills).Populations[0].Notes);
    }

    [Fact]
    public void Evaluate_ProbeWithoutAPositiveOfAPersonWhoAsks_LeavesNobodyOut()
    {
        EmbeddingSet set = People(12, 3).Where(
            row => Number(row) != 0 || row.Modality != Modality.Face || row.Clip == "c0"); // one face, three voices

        PopulationScores scores = Evaluate(set).Populations[0];

        Assert.Contains(
            "everybody, voice-to-face: 1 probe without a positive (--positives other) left out; others are still compared with them.",
            scores.Notes);
    }

    [Fact]
    public void Evaluate_RowsInAnotherOrder_WriteTheSameFile()
    {
        EmbeddingSet set = People(25, 3);
        int[] order = [.. Enumerable.Range(0, set.Count)];
        new SeededRandom(9).Shuffle(order.AsSpan());

        string first = EvaluationFile.Text(Evaluate(set)), second = EvaluationFile.Text(Evaluate(set.Pick(order)));

        Assert.Equal(first, second);
    }

    [Fact]
    public void Summary_ModelOfMoreThanGender_SaysByHowMuch()
    {
        EmbeddingSet set = People(40, 3);
        var random = new SeededRandom(4);
        var noise = new EmbeddingSet([.. set.Values.Select(_ => (float)random.NextGaussian())], set.Dimension, set.Rows);

        EvaluationReport report = Evaluate(set, EvaluationSystem.OfEmbeddings(SystemKind.Linear, noise, RankingMetric.Cosine));

        Assert.InRange(report.Summary.Count, 8, 14);
        MetricDifference minus = Difference(report.Populations[0], RetrievalDirection.VoiceToFace).Metrics[EvaluationMetric.Auc];
        string gender = Assert.Single(report.Summary, line => line.StartsWith("Against gender alone", StringComparison.Ordinal));
        Assert.Contains(
            FormattableString.Invariant($"): better, by +{minus.Value:0.000} [+{minus.Interval!.Value.Low:0.000}, "),
            gender,
            StringComparison.Ordinal);
        string linear = Assert.Single(
            report.Summary, line => line.StartsWith("Against the linear baseline (CCA) (AUC 0.", StringComparison.Ordinal));
        Assert.Contains("better, by +", linear, StringComparison.Ordinal);
        Assert.Contains(report.Summary, line => line.StartsWith("Modality gap: ", StringComparison.Ordinal));
        Assert.NotNull(report.Find(SystemKind.RandomScores, RetrievalDirection.VoiceToFace)!.Auc.Interval);
        DirectionScores model = report.VoiceToFace;
        Assert.Equal(75, model.VerificationBand.Count);
        Assert.All(model.VerificationBand, at => Assert.InRange(at.Low, 0, at.High));
        Assert.All(
            report.Populations[0].Systems.Skip(1), system => Assert.All(system.Scores, one => Assert.Empty(one.VerificationBand)));
    }

    private static DirectionDifference Difference(PopulationScores scores, RetrievalDirection direction) => scores.Differences.Single(
        one => one.Against == SystemKind.GenderOracle && one.Stratum == Stratum.Everybody && one.Direction == direction);

    private static EvaluationReport Evaluate(EmbeddingSet set, params EvaluationSystem[] more) => Evaluator.Evaluate(
        set,
        new RankingOptions(),
        new ClusteringOptions { Eps = 0.2, MinSamples = 2 },
        new ProtocolOptions { DrawCount = 100 },
        [EvaluationSystem.RandomScores(1), EvaluationSystem.GenderOracle(), .. more]);

    private static int Number(EmbeddingRow row) => int.Parse(row.Identity[1..], System.Globalization.CultureInfo.InvariantCulture);

    private static EmbeddingSet With(EmbeddingSet set, Func<EmbeddingRow, EmbeddingRow> change) =>
        new(set.Values, set.Dimension, [.. set.Rows.Select(change)]);

    private static EmbeddingSet People(int people, int clips) =>
        NormalPeople.Draw(people, clips, traits: (p, row) => row with { Gender = p % 2 == 0 ? "f" : "m" });
}

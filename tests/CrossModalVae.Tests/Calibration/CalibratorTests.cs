using CrossModalVae.Calibration;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Numerics;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Tests.Calibration;

public sealed class CalibratorTests : IDisposable
{
    private const double SinglePrecision = 1e-6; // scores of trials are single precision

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Fit_SeparableIdentities_IsCalibratedOnHeldOutOnes()
    {
        EmbeddingSet embeddings = Corpus(60);

        CalibrationReport report = Calibrator.Fit(embeddings, new CalibrationOptions());

        Assert.True(report.IsHeldOut);
        Assert.Equal((30 * 12L, 30 * (12 + 100L), 30), (report.TargetCount, report.TrialCount, report.People.Count)); // 4 x 3 targets each
        Assert.True(report.Calibration.Slope > 0);
        Assert.Equal(0.5, report.Calibration.TrialPrior);
        Assert.True(report.After.LogLoss < 0.9 * Math.Min(Math.Log(2), report.Before.LogLoss), $"{report.Before} {report.After}");

        // Fitted to 30 people, 6,000 trials: on other 30 the probabilities come true within a tenth.
        CalibrationReport others = Calibrator.Fit(embeddings, new CalibrationOptions { Split = CorpusSplit.Train });
        Assert.InRange(others.After.ExpectedCalibrationError, 0, 0.1);
        Assert.InRange(report.After.ExpectedCalibrationError, 0, 0.1);
        Assert.All(
            report.Reliability, bin => Assert.Equal(bin.Observed is > 0 and < 1, bin.Low <= bin.Observed && bin.Observed <= bin.High));
        Assert.Contains(report.Reliability, bin => bin.High - bin.Low > 0.01);
    }

    [Fact]
    public void Fit_Trials_AreBalancedAndOfTheSplit()
    {
        EmbeddingSet validation = Corpus(20).Where(row => row.Split == CorpusSplit.Validation);
        var options = new CalibrationOptions { TrialsPerIdentity = 7 };

        CalibrationTrials trials = CalibrationTrials.Draw(validation, options, CancellationToken.None);

        Assert.Equal(2 * 7 * 10, trials.Scores.Length);
        Assert.Equal(70, trials.IsTarget.Count(target => target));
        Assert.All(Enumerable.Range(0, 10), person => Assert.Equal(14, trials.Asking.Count(asking => asking == person)));
        Assert.All(Enumerable.Range(0, 140), i => Assert.Equal(trials.IsTarget[i], trials.Asking[i] == trials.Others[i]));
    }

    [Fact]
    public void Fit_ScoresOfTrials_AreScoresOfTheRanker()
    {
        // Two people with one clip each: every trial is one of four known scores.
        EmbeddingSet two = new(
            [1, 0, 4, 3, 0, 1, 3, 4],
            2,
            [
                Row("ann", "1", Modality.Voice),
                Row("ann", "1", Modality.Face),
                Row("bob", "1", Modality.Voice),
                Row("bob", "1", Modality.Face),
            ]);

        CalibrationTrials trials = CalibrationTrials.Draw(two, new CalibrationOptions { TrialsPerIdentity = 1 }, CancellationToken.None);

        Assert.Equal(["ann", "bob"], trials.People);
        Assert.Equal([1, 1, 1, 1], trials.Weights);
        Assert.Equal([0.8f, 0.6f, 0.8f, 0.6f], trials.Scores.Select(score => (float)score));
        Assert.Equal([true, false, true, false], trials.IsTarget);
        Assert.Equal([0, 0, 1, 1], trials.Asking);
        Assert.Equal([0, 1, 1, 0], trials.Others);
    }

    [Fact]
    public void Fit_Identities_ScoreTheTargetByItsOtherClips()
    {
        // ann's voice is her first face exactly; only her second counts, since the first is of the
        // same clip. bob's faces are at 0.8 and 0.6.
        EmbeddingSet set = new(
            [1, 0, 1, 0, 0, 1, 0, 1, 4, 3, 3, 4],
            2,
            [
                Row("ann", "1", Modality.Voice), Row("ann", "1", Modality.Face), Row("ann", "2", Modality.Face),
                Row("bob", "9", Modality.Voice), Row("bob", "1", Modality.Face), Row("bob", "2", Modality.Face),
            ]);
        var options = new CalibrationOptions { TrialsPerIdentity = 1, Identities = IdentityAggregation.Mean };

        CalibrationTrials trials = CalibrationTrials.Draw(set, options, CancellationToken.None);

        double[] byHand = [0, (0.8 + 0.6) / 2, (0.6 + 0.8) / 2, (1 + 0) / 2.0];
        Assert.All(byHand.Zip(trials.Scores), pair => Assert.Equal(pair.First, pair.Second, SinglePrecision));
    }

    [Theory]
    [InlineData(false, 100)]
    [InlineData(false, 5)]
    [InlineData(true, 100)]
    [InlineData(true, 3)]
    public void Draw_AnyNumber_NoPairIsTakenTwice(bool byIdentity, int trialsPerIdentity)
    {
        // p0 has one clip, p1 two, ... p5 six; every pair of clips, and of a clip and a person, has a score of its own.
        EmbeddingSet set = Uneven(6);
        var options = new CalibrationOptions
        {
            TrialsPerIdentity = trialsPerIdentity,
            Identities = byIdentity ? IdentityAggregation.Mean : null,
        };

        CalibrationTrials trials = CalibrationTrials.Draw(set, options, CancellationToken.None);

        Assert.Equal(trials.Scores.Length, trials.Scores.Distinct().Count());
        int clips = 1 + 2 + 3 + 4 + 5 + 6;
        for (int person = 0; person < 6; person++)
        {
            int own = person + 1;
            int targets = byIdentity || own == 1 ? own : own * (own - 1), others = byIdentity ? own * 5 : own * (clips - own);
            int[] mine = [.. Enumerable.Range(0, trials.Scores.Length).Where(i => trials.Asking[i] == person)];
            int[] mineTargets = [.. mine.Where(i => trials.IsTarget[i])];
            Assert.Equal(Math.Min(trialsPerIdentity, targets), mineTargets.Length);
            Assert.Equal(Math.Min(trialsPerIdentity, others), mine.Length - mineTargets.Length);

            // Targets and non-targets weigh the same, and each person as much as another.
            double half = trials.Scores.Length / 12.0;
            Assert.Equal(half, mineTargets.Sum(i => trials.Weights[i]), SinglePrecision);
            Assert.Equal(half, mine.Except(mineTargets).Sum(i => trials.Weights[i]), SinglePrecision);
        }
    }

    [Fact]
    public void Fit_OnePairAPerson_CountsItOnce()
    {
        EmbeddingSet one = Corpus(24).Where(row => row.Clip == "c0");

        CalibrationReport report = Calibrator.Fit(one, new CalibrationOptions());

        Assert.Equal((12, 12 + (12 * 11)), (report.TargetCount, report.TrialCount));
        Assert.Equal(report.TrialCount, report.Reliability.Sum(bin => bin.Count));
        Assert.Equal(0.5, report.Calibration.TrialPrior);
    }

    [Fact]
    public void Fit_ScoresBeyondSinglePrecision_AreCalibrated()
    {
        EmbeddingSet plain = Corpus(24);
        EmbeddingSet large = new(Array.ConvertAll(plain.Values, value => MathF.ScaleB(value, 100)), plain.Dimension, plain.Rows);
        var options = new CalibrationOptions { Metric = RankingMetric.InnerProduct };

        CalibrationReport expected = Calibrator.Fit(plain, options), actual = Calibrator.Fit(large, options);

        Assert.Equal(expected.After, actual.After);
        Assert.Equal(expected.Calibration.Slope, Math.ScaleB(actual.Calibration.Slope, 200), SinglePrecision);
    }

    [Theory]
    [InlineData(RetrievalDirection.VoiceToFace)]
    [InlineData(RetrievalDirection.FaceToVoice)]
    public void Fit_Twice_IsTheSame(RetrievalDirection direction)
    {
        EmbeddingSet embeddings = Corpus(24);
        var options = new CalibrationOptions
        {
            Direction = direction,
            Seed = 7,
            TrialsPerIdentity = 20,
            Identities = IdentityAggregation.TopM(2),
        };

        Assert.Equal(CalibrationFile.Text(Calibrator.Fit(embeddings, options)), CalibrationFile.Text(Calibrator.Fit(embeddings, options)));
        Assert.NotEqual(
            Calibrator.Fit(embeddings, options).Calibration.Slope, Calibrator.Fit(embeddings, options with { Seed = 8 }).Calibration.Slope);
    }

    [Theory]
    [InlineData(RetrievalDirection.VoiceToFace)]
    [InlineData(RetrievalDirection.FaceToVoice)]
    public void Fit_RowsInAnotherOrder_IsTheSame(RetrievalDirection direction)
    {
        EmbeddingSet embeddings = Corpus(24);
        int[] order = [.. Enumerable.Range(0, embeddings.Count)];
        new SeededRandom(5).Shuffle(order.AsSpan());
        var options = new CalibrationOptions { Direction = direction, Identities = IdentityAggregation.TopM(2) };

        CalibrationReport first = Calibrator.Fit(embeddings, options);
        CalibrationReport second = Calibrator.Fit(embeddings.Pick(order), options);

        Assert.Equal(CalibrationFile.Text(first), CalibrationFile.Text(second));
    }

    [Fact]
    public void Fit_FewIdentities_IsNotHeldOut() => Assert.False(Calibrator.Fit(Corpus(10), new CalibrationOptions()).IsHeldOut);

    [Fact]
    public void Fit_TestSplit_IsRefusedUnlessSaid()
    {
        EmbeddingSet embeddings = Corpus(20, CorpusSplit.Test);
        var options = new CalibrationOptions { Split = CorpusSplit.Test };

        var e = Assert.Throws<ArgumentException>(() => Calibrator.Fit(embeddings, options));

        Assert.Equal(
            "'Split' is test: probabilities fitted to identities that are then evaluated look better than they are; "
            + "must be validation, or 'AllowTest' must say that nobody is evaluated.",
            e.Message);
        Assert.Equal(CorpusSplit.Test, Calibrator.Fit(embeddings, options with { AllowTest = true }).Split);
    }

    [Fact]
    public void Fit_PersonInTwoSplits_IsRefused()
    {
        EmbeddingSet good = Corpus(20);
        var leaking = new EmbeddingSet(
            good.Values, good.Dimension, [.. good.Rows.Select((row, i) => i == 0 ? row with { Split = CorpusSplit.Test } : row)]);

        var e = Assert.Throws<InvalidDataException>(() => Calibrator.Fit(leaking, new CalibrationOptions()));

        Assert.StartsWith("Identity 'p000' has clips in the validation and the test split", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_NoSuchRows_SaysWhatIsMissing()
    {
        var e = Assert.Throws<InvalidDataException>(() => Calibrator.Fit(Corpus(20, CorpusSplit.Test), new CalibrationOptions()));
        Assert.Equal("The embeddings have no row of the validation split; expected some (cmvae embed --split).", e.Message);

        var voices = Assert.Throws<ArgumentException>(
            () => Calibrator.Fit(Corpus(20).Where(row => row.Modality == Modality.Voice), new CalibrationOptions()));
        Assert.StartsWith(
            "The rows have 0 identities with both a voice and a face; must have at least 2 to tell people apart.",
            voices.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Options_SeveralFaults_ReportsAll()
    {
        var e = Assert.Throws<ArgumentException>(new CalibrationOptions { Prior = 1, TrialsPerIdentity = 0 }.Validate);

        Assert.Equal("'Prior' is 1; must be > 0 and < 1. 'TrialsPerIdentity' is 0; must be >= 1.", e.Message);
    }

    [Theory]
    [InlineData(false, 0.1)]
    [InlineData(true, 0.5)]
    [InlineData(true, null)]
    public void File_WrittenAndRead_IsTheSame(bool byIdentity, double? prior)
    {
        CalibrationReport report = Calibrator.Fit(
            Corpus(24), new CalibrationOptions { Prior = prior, Identities = byIdentity ? IdentityAggregation.TopM(3) : null });

        CalibrationFile.Write(_folder["c.json"], report);
        CalibrationReport read = CalibrationFile.Read(_folder["c.json"]);

        Assert.Equal((prior is not null, prior ?? 0.5), (read.IsPriorGiven, read.Calibration.Prior));
        Assert.Equal(report.People, read.People);
        Assert.Equal(report.Reliability, read.Reliability);
        Assert.Equal(report with { People = [], Reliability = [] }, read with { People = [], Reliability = [] });
    }

    [Theory]
    [InlineData("\"by\": \"clip\"", "\"by\": \"identity\"", "'by' is \"identity\"; expected also 'aggregate', as by identity asks for it.")]
    [InlineData("\"by\": \"clip\"", "\"by\": \"clip\", \"aggregate\": \"best\"",
        "'aggregate' is \"best\"; expected none, as it belongs to by identity.")]
    [InlineData("\"by\": \"clip\"", "\"by\": \"identity\", \"aggregate\": \"top-m\"",
        "'by' is \"identity\"; expected also 'top_count', as aggregate top-m asks for it.")]
    [InlineData("\"by\": \"clip\"", "\"by\": \"clip\", \"shrinkage\": 3",
        "'shrinkage' is 3; expected none, as it belongs to aggregate shrunken-mean.")]
    [InlineData("\"trial_count\": 1344", "\"trial_count\": 1346", "'trial_count' is 1346; expected 1344, as the reliability table counts.")]
    public void File_FieldsThatContradict_AreRefused(string old, string changed, string sentence)
    {
        string text = CalibrationFile.Text(Calibrator.Fit(Corpus(24), new CalibrationOptions()));
        Assert.Contains(old, text, StringComparison.Ordinal);

        var e = Assert.Throws<InvalidDataException>(
            () => CalibrationFile.Read(_folder.Write("c.json", text.Replace(old, changed, StringComparison.Ordinal))));

        Assert.EndsWith(sentence, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Require_OtherScores_NamesEveryDifference()
    {
        CalibrationReport report = Calibrator.Fit(Corpus(24), new CalibrationOptions());

        report.Require(RetrievalDirection.VoiceToFace, RankingMetric.Cosine, null);
        var e = Assert.Throws<ArgumentException>(
            () => report.Require(RetrievalDirection.FaceToVoice, RankingMetric.Euclidean, IdentityAggregation.TopM(3)));

        Assert.Equal(
            "The calibration is for other scores: direction face-to-voice is asked for, it was fitted to voice-to-face; "
            + "metric euclidean is asked for, it was fitted to cosine; "
            + "ranked identities by the mean of their 3 best clips is asked for, it was fitted to clips. Calibrate those that are ranked.",
            e.Message);
    }

    private static EmbeddingRow Row(string identity, string clip, Modality modality, CorpusSplit split = CorpusSplit.Validation) =>
        new() { Identity = identity, Clip = clip, Modality = modality, Split = split };

    // Each person has one clip more than the one before.
    private static EmbeddingSet Uneven(int people)
    {
        var random = new SeededRandom(4);
        EmbeddingRow[] rows =
        [
            .. Enumerable.Range(0, people).SelectMany(p => Enumerable.Range(0, p + 1)
                .SelectMany(c => new[] { Row($"p{p}", $"c{c}", Modality.Voice), Row($"p{p}", $"c{c}", Modality.Face) })),
        ];
        return new EmbeddingSet([.. Enumerable.Range(0, 5 * rows.Length).Select(_ => (float)random.NextGaussian())], 5, rows);
    }

    // Half of the people in one split, half in training.
    private static EmbeddingSet Corpus(int people, CorpusSplit first = CorpusSplit.Validation)
    {
        var values = new List<float>();
        var rows = new List<EmbeddingRow>();
        for (int p = 0; p < people; p++)
        {
            var random = SeededRandom.For(11, $"person {p}");
            double[] centre = [.. Enumerable.Range(0, 8).Select(_ => random.NextGaussian())];
            for (int clip = 0; clip < 4; clip++)
            {
                foreach (Modality modality in (Modality[])[Modality.Voice, Modality.Face])
                {
                    values.AddRange(centre.Select(x => (float)(x + random.NextGaussian())));
                    rows.Add(Row($"p{p:000}", $"c{clip}", modality, p < people / 2 ? first : CorpusSplit.Train));
                }
            }
        }

        return new EmbeddingSet([.. values], 8, rows);
    }
}

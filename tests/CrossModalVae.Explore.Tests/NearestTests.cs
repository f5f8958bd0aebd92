using CrossModalVae.Calibration;
using CrossModalVae.Metrics;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Explore.Tests;

public sealed class NearestTests : IDisposable
{
    private const double Tolerance = 1e-9;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void For_EveryRow_IsWhatSortingAllCosinesGives()
    {
        EmbeddingSet set = ExploreData.People(12, 3);
        using Explorer explorer = ExploreData.Load(_folder, set);

        for (int row = 0; row < set.Count; row++)
        {
            NearestClips found = explorer.Nearest.For(row, CancellationToken.None);

            (int Row, double Score)[] expected = [.. Others(set, row).OrderByDescending(other => other.Score)];
            Assert.Equal(expected.Take(10).Select(match => match.Row), found.Matches.Select(match => match.Row));
            Assert.All(found.Matches.Zip(expected), pair => Assert.Equal(pair.Second.Score, pair.First.Score, Tolerance));
            (int Row, double Score) own = expected.First(other => set.Rows[other.Row].Identity == set.Rows[row].Identity);
            Assert.Equal(own.Row, found.Own!.Row);
            Assert.Equal(own.Score, found.Own.Score, Tolerance);
            Assert.Null(found.Own.Probability);
        }
    }

    [Fact]
    public void ForAll_Rows_AreEachRowsOwn()
    {
        EmbeddingSet set = ExploreData.People(12, 3);
        using Explorer explorer = ExploreData.Load(_folder, set);

        IReadOnlyList<Match>[] all = [.. explorer.Nearest.ForAll(null, CancellationToken.None)];

        Assert.Equal(set.Count, all.Length);
        Assert.All(all.Index(), found => Assert.Equal(explorer.Nearest.For(found.Index, CancellationToken.None).Matches, found.Item));
    }

    [Fact]
    public void Ranks_OfEveryRow_CountThePeopleAboveTheRightOne()
    {
        EmbeddingSet set = ExploreData.People(15, 3, noise: 1.5);
        using Explorer explorer = ExploreData.Load(_folder, set);

        explorer.ComputeRanks();

        int[] expected = [.. Enumerable.Range(0, set.Count).Select(row => RankOf(set, row))];
        Assert.Equal(expected, explorer.Ranks.Ranks);
        Assert.Contains(expected, rank => rank > 5); // some are wrong, else nothing is shown
    }

    // A person with one recording has no other to be found by.
    [Fact]
    public void For_PersonWithOneClip_FindsItsOwnRecording()
    {
        EmbeddingSet set = ExploreData.People(5, 1, noise: 0.1);
        using Explorer explorer = ExploreData.Load(_folder, set);
        explorer.ComputeRanks();

        Assert.Equal(1, explorer.Nearest.For(0, CancellationToken.None).Matches[0].Row);
        Assert.All(explorer.Ranks.Ranks, rank => Assert.Equal(1, rank));
    }

    [Fact]
    public void Ranks_EqualScores_CountHalf()
    {
        EmbeddingRow[] rows =
        [
            ExploreData.Row("a", "1", Modality.Voice),
            .. new[] { "a", "b", "c", "d", "e" }.Select(identity => ExploreData.Row(identity, "1", Modality.Face)),
            ExploreData.Row("f", "1", Modality.Voice),
        ];
        using Explorer explorer = ExploreData.Load(_folder, new EmbeddingSet([.. rows.SelectMany(_ => new[] { 1f, 0f })], 2, rows));

        explorer.ComputeRanks();

        // Four other people have the same score as a: rank 1 + 4 / 2. Two voices are among the faces' gallery; f has no face.
        Assert.Equal([3, 1, 0, 0, 0, 0, 0], explorer.Ranks.Ranks);
    }

    [Fact]
    public void Ranks_TooManyPairs_AreOfEvenlySpacedRows()
    {
        EmbeddingSet set = ExploreData.People(10, 2); // 40 rows, 20 of the other modality: 800 pairs
        using Explorer explorer = ExploreData.Load(_folder, set);

        var ranks = new ErrorRanks(explorer.Map, explorer.Nearest, mostPairs: 200);
        ranks.Compute(null, CancellationToken.None);

        Assert.Equal(10, ranks.Total);
        Assert.Equal(
            Enumerable.Range(0, 40).Where(row => row % 4 == 0),
            ranks.Ranks.Index().Where(rank => rank.Item != ErrorRanks.Unknown).Select(rank => rank.Index));
    }

    [Fact]
    public void For_Calibrated_HasTheCalibrationsProbability()
    {
        var calibration = new ScoreCalibration { Slope = 4, Intercept = -2 };
        using Explorer explorer = ExploreData.Load(
            _folder,
            ExploreData.People(12, 3),
            options => options with { Calibrations = [Report(RetrievalDirection.VoiceToFace, calibration)] });

        NearestClips voice = explorer.Nearest.For(0, CancellationToken.None), face = explorer.Nearest.For(1, CancellationToken.None);

        ScoreCalibration atPrior = calibration with { Prior = 1.0 / 12 };
        Assert.All(voice.Matches, match => Assert.Equal(atPrior.Probability(match.Score), match.Probability!.Value, Tolerance));
        Assert.All(face.Matches, match => Assert.Null(match.Probability));
    }

    [Fact]
    public void Load_CalibrationsThatDoNotFit_AreRefused()
    {
        CalibrationReport report = Report(RetrievalDirection.VoiceToFace, new ScoreCalibration { Slope = 1, Intercept = 0 });
        EmbeddingSet set = ExploreData.People(3, 1);

        ArgumentException twice = Assert.Throws<ArgumentException>(
            () => ExploreData.Load(_folder, set, options => options with { Calibrations = [report, report] }));
        ArgumentException metric = Assert.Throws<ArgumentException>(
            () => ExploreData.Load(_folder, set, options => options with { Calibrations = [report], Metric = RankingMetric.Euclidean }));

        Assert.Equal("Two calibrations are for the direction voice-to-face; must be one for each direction at most.", twice.Message);
        Assert.Contains("metric euclidean is asked for, it was fitted to cosine", metric.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void For_Gallery_RanksItsRowsOfTheOtherModality()
    {
        EmbeddingSet set = ExploreData.People(6, 2);
        EmbeddingSet others = ExploreData.People(9, 2, seed: 5);
        EmbeddingRow[] named = [.. others.Rows.Select(row => row.Identity == "p00" ? row : row with { Identity = $"g{row.Identity}" })];
        EmbeddingSet gallery = new(others.Values, others.Dimension, named);
        using (GalleryWriter writer = GalleryWriter.Create(_folder["gallery"], new GalleryOptions { Dimension = ExploreData.Dimension }))
        {
            writer.Append(gallery);
        }

        using Explorer explorer = ExploreData.Load(_folder, set, options => options with { Gallery = _folder["gallery"] });
        NearestClips found = explorer.Nearest.For(0, CancellationToken.None);

        (string Name, double Score)[] expected =
        [
            .. Enumerable.Range(0, gallery.Count)
                .Where(row => gallery.Rows[row].Modality == Modality.Face && gallery.Rows[row] is not { Identity: "p00", Clip: "c0" })
                .Select(row => ($"{gallery.Rows[row].Identity}/{gallery.Rows[row].Clip}", Cosine(set[0], gallery[row])))
                .OrderByDescending(match => match.Item2),
        ];
        Assert.Equal(expected.Take(10).Select(match => match.Name), found.Matches.Select(match => $"{match.Identity}/{match.Clip}"));
        Assert.All(found.Matches, match => Assert.Equal(match.Identity == "p00" ? 3 : -1, match.Row)); // p00/c1's face is on the map too
    }

    private static CalibrationReport Report(RetrievalDirection direction, ScoreCalibration calibration) => new()
    {
        Direction = direction,
        Metric = RankingMetric.Cosine,
        Split = CorpusSplit.Validation,
        Seed = 1,
        Calibration = calibration,
        TrialCount = 2,
        People = ["x", "y"],
        Before = new ProbabilityLosses(0, 0, 0),
        After = new ProbabilityLosses(0, 0, 0),
        IsHeldOut = false,
        Reliability = [],
    };

    // The other modality's rows but the query's own recording.
    private static IEnumerable<(int Row, double Score)> Others(EmbeddingSet set, int query) => Enumerable.Range(0, set.Count)
        .Where(row => set.Rows[row].Modality != set.Rows[query].Modality
            && (set.Rows[row].Identity, set.Rows[row].Clip) != (set.Rows[query].Identity, set.Rows[query].Clip))
        .Select(row => (row, Cosine(set[query], set[row])));

    private static int RankOf(EmbeddingSet set, int query)
    {
        Dictionary<string, double> best = Others(set, query).GroupBy(other => set.Rows[other.Row].Identity)
            .ToDictionary(person => person.Key, person => person.Max(other => other.Score));
        return 1 + best.Count(person => person.Value > best[set.Rows[query].Identity]);
    }

    private static double Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double dot = 0, squareA = 0, squareB = 0;
        for (int d = 0; d < a.Length; d++)
        {
            dot += (double)a[d] * b[d];
            squareA += (double)a[d] * a[d];
            squareB += (double)b[d] * b[d];
        }

        return dot / Math.Sqrt(squareA * squareB);
    }
}

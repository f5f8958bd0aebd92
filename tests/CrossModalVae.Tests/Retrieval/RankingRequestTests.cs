using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Metrics;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Tests.Retrieval;

public class RankingRequestTests
{
    // Cosines and means of them in double precision.
    private const double Rounding = 1e-9;

    // In the plane: ann at 0 and 90 degrees, bob at 45, cid at 180.
    private static readonly EmbeddingSet Gallery = new(
        [1, 0, 1, 1, 0, 2, -3, 0],
        2,
        [Row("ann", "v/1", "f"), Row("bob", "v/1", "m"), Row("ann", "v/2", "f"), Row("cid", "w/1", "m")]);

    private static readonly double Diagonal = Math.Sqrt(0.5);

    [Fact]
    public void Rank_Clips_AreNearestFirst()
    {
        IReadOnlyList<RankedMatch> matches = Rank(new RankingRequest { Count = 3 }, ("zoe", "1", [2, 0]));

        AssertMatches(matches, ("ann", "v/1", 1), ("bob", "v/1", Diagonal), ("ann", "v/2", 0));
        Assert.All(matches, match => Assert.Null(match.ClipCount));
        Assert.All(matches, match => Assert.Null(match.Probability));
    }

    [Fact]
    public void Rank_IdentitiesByMean_CountAllTheirClips()
    {
        IReadOnlyList<RankedMatch> matches = Rank(new RankingRequest { Identities = IdentityAggregation.Mean }, ("zoe", "1", [2, 0]));

        AssertMatches(matches, ("bob", "v/1", Diagonal), ("ann", "v/1", 0.5), ("cid", "w/1", -1));
        Assert.Equal([1, 2, 1], matches.Select(match => match.ClipCount));
    }

    [Theory]
    [InlineData("ann", 1, 1, 2)] // the nearest of all
    [InlineData("bob", 1, 2, 1)]
    [InlineData("cid", 1, 4, 1)] // the last, and not among the one listed
    [InlineData("zoe", 1, null, 0)]
    public void RankAndPlace_Clips_FindsTheBestOfTheOwnOnes(string identity, int count, int? rank, int own)
    {
        EmbeddingSet probe = new([2, 0], 2, [Row(identity, "1", "f") with { Modality = Modality.Voice }]);
        var ranker = new Ranker(Gallery);
        var request = new RankingRequest { Count = count };

        (IReadOnlyList<RankedMatch> matches, RankingPlace place) = request.RankAndPlace(ranker, probe);

        Assert.Equal(request.Rank(ranker, probe), matches);
        Assert.Equal(new RankingPlace(rank, 4, own, 3), place);
        Assert.Equal(rank is null ? null : 5.0 / (own + 1), place.ChanceRank);
    }

    [Theory]
    [InlineData("ann", 2)]
    [InlineData("bob", 1)]
    [InlineData("cid", 3)]
    [InlineData("zoe", null)]
    public void RankAndPlace_Identities_CountsIdentities(string identity, int? rank)
    {
        EmbeddingSet probe = new([2, 0], 2, [Row(identity, "1", "f") with { Modality = Modality.Voice }]);
        var request = new RankingRequest { Count = 1, Identities = IdentityAggregation.Mean };

        (IReadOnlyList<RankedMatch> matches, RankingPlace place) = request.RankAndPlace(new Ranker(Gallery), probe);

        Assert.Equal("bob", Assert.Single(matches).Identity);
        Assert.Equal(new RankingPlace(rank, 3, rank is null ? 0 : 1, 3), place);
        Assert.Equal(rank is null ? null : 2.0, place.ChanceRank);
    }

    [Fact]
    public void RankAndPlace_Filter_RanksWhatPasses()
    {
        EmbeddingSet probe = new([2, 0], 2, [Row("cid", "1", "f") with { Modality = Modality.Voice }]);

        var request = new RankingRequest { Filter = new RankingFilter { Gender = "m" } };
        (_, RankingPlace place) = request.RankAndPlace(new Ranker(Gallery), probe);

        Assert.Equal(new RankingPlace(2, 2, 1, 2), place);
    }

    [Fact]
    public void Rank_IdentitiesByBest_IsWhatTheRankerSays()
    {
        var ranker = new Ranker(Gallery);

        var request = new RankingRequest { Identities = IdentityAggregation.Best };
        IReadOnlyList<RankedMatch> matches = request.Rank(ranker, [0.3f, 0.9f]);

        Assert.Equal(ranker.RankIdentities([0.3f, 0.9f], 10), matches);
        Assert.Equal( // the mean of the one best clip: the same by the way that looks at every clip
            (request with { Identities = IdentityAggregation.TopM(1) }).Rank(ranker, [0.3f, 0.9f]), matches);
    }

    [Fact]
    public void Rank_Filtered_ListsOnlyRowsThatPass()
    {
        var request = new RankingRequest { Filter = new RankingFilter { Gender = "m" } };

        AssertMatches(Rank(request, ("zoe", "1", [2, 0])), ("bob", "v/1", Diagonal), ("cid", "w/1", -1));
    }

    [Fact]
    public void Rank_WithoutTheQuerysClip_LeavesOnlyItOut()
    {
        var request = new RankingRequest
        {
            Filter = new RankingFilter { Exclude = QueryExclusion.Clip },
            Identities = IdentityAggregation.Mean,
        };

        AssertMatches(Rank(request, ("ann", "v/1", [2, 0])), ("bob", "v/1", Diagonal), ("ann", "v/2", 0), ("cid", "w/1", -1));
    }

    [Fact]
    public void Rank_NoRowPasses_NamesTheFilter()
    {
        var request = new RankingRequest { Filter = new RankingFilter { Gender = "f", Split = CorpusSplit.Train } };

        var e = Assert.Throws<ArgumentException>(() => Rank(request, ("zoe", "1", [2, 0])));

        Assert.StartsWith("None of the gallery's 4 rows passes the filter: gender f, split train.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rank_SeveralClipsByMeanEmbedding_WeighEveryClipTheSame()
    {
        // Lengths 2 and 100, directions 0 and 90 degrees: the mean of directions is the diagonal.
        IReadOnlyList<RankedMatch> matches = Rank(new RankingRequest { Count = 1 }, ("zoe", "1", [2, 0]), ("zoe", "2", [0, 100]));

        AssertMatches(matches, ("bob", "v/1", 1));
    }

    [Fact]
    public void Rank_SeveralClipsByMeanScore_AveragesEachRow()
    {
        var request = new RankingRequest { Combination = ProbeCombination.MeanScore };

        AssertMatches(
            Rank(request, ("zoe", "1", [2, 0]), ("zoe", "2", [0, 100])),
            ("bob", "v/1", Diagonal),
            ("ann", "v/1", 0.5),
            ("ann", "v/2", 0.5),
            ("cid", "w/1", -0.5));
    }

    [Fact]
    public void Rank_SeveralClipsByBestScore_TakesEachRowsNearest()
    {
        var request = new RankingRequest { Combination = ProbeCombination.BestScore, Filter = new RankingFilter { Gender = "f" } };

        AssertMatches(Rank(request, ("zoe", "1", [2, 0]), ("zoe", "2", [1, 1])), ("ann", "v/1", 1), ("ann", "v/2", Diagonal));
    }

    [Theory]
    [InlineData(ProbeCombination.MeanScore)]
    [InlineData(ProbeCombination.BestScore)]
    [InlineData(ProbeCombination.MeanEmbedding)]
    public void Rank_OneClip_IsTheSameHoweverClipsAreCombined(ProbeCombination combination) =>
        Assert.Equal(
            new Ranker(Gallery).Rank([0.3f, 0.9f], 4), Rank(new RankingRequest { Combination = combination }, ("zoe", "1", [0.3f, 0.9f])));

    [Fact]
    public void Rank_MeanEmbeddingOfPosteriors_IsRefused()
    {
        var posteriors = new EmbeddingSet(Gallery.Values, 2, Gallery.Rows, [.. Enumerable.Repeat(1f, 8)]);
        var ranker = new Ranker(posteriors, RankingMetric.GaussianWasserstein);

        var e = Assert.Throws<ArgumentException>(() => new RankingRequest().Rank(ranker, posteriors));

        Assert.Equal(
            "The metric gaussian-wasserstein compares more than means, and 'Combination' is mean-embedding; "
            + "must be mean-score or best-score to combine several clips.",
            e.Message);
        Assert.Equal(4, new RankingRequest { Combination = ProbeCombination.MeanScore }.Rank(ranker, posteriors).Count);
    }

    [Fact]
    public void Rank_Calibrated_HasProbabilitiesOfTheScores()
    {
        var calibration = new ScoreCalibration { Slope = 4, Intercept = -1 };

        IReadOnlyList<RankedMatch> matches = Rank(
            new RankingRequest { Calibration = calibration, Identities = IdentityAggregation.Mean }, ("zoe", "1", [2, 0]));

        Assert.Equal(matches.Select(match => (double?)calibration.Probability(match.Score)), matches.Select(match => match.Probability));
        Assert.Equal(1 / (1 + Math.Exp(1 - (4 * Diagonal))), matches[0].Probability!.Value, Rounding);
    }

    [Fact]
    public void Rank_NoProbe_IsRefused()
    {
        var e = Assert.Throws<ArgumentException>(() => new RankingRequest().Rank(new Ranker(Gallery), Gallery.Slice(0, 0)));

        Assert.StartsWith("'probes' is empty; must have at least one clip.", e.Message, StringComparison.Ordinal);
    }

    private static EmbeddingRow Row(string identity, string clip, string gender) =>
        new() { Identity = identity, Clip = clip, Modality = Modality.Face, Split = CorpusSplit.Test, Gender = gender };

    private static IReadOnlyList<RankedMatch> Rank(
        RankingRequest request, params (string Identity, string Clip, float[] Values)[] probes) =>
            request.Rank(
                new Ranker(Gallery),
                new EmbeddingSet(
                    [.. probes.SelectMany(probe => probe.Values)],
                    2,
                    [.. probes.Select(probe => Row(probe.Identity, probe.Clip, "f") with { Modality = Modality.Voice })]));

    private static void AssertMatches(IReadOnlyList<RankedMatch> matches, params (string Identity, string Clip, double Score)[] expected)
    {
        Assert.Equal(
            expected.Select((one, i) => (i + 1, one.Identity, one.Clip)),
            matches.Select(match => (match.Rank, match.Identity, match.Clip)));
        Assert.All(expected.Zip(matches), pair => Assert.Equal(pair.First.Score, pair.Second.Score, Rounding));
    }
}

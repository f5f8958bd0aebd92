using CrossModalVae.Numerics;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Tests.Retrieval;

public class IdentityAggregationTests
{
    private const double Rounding = 1e-12;

    // Rows 0..5 of ann, bob, ann, cid, bob, ann, nearest first.
    private static readonly string[] Owners = ["ann", "bob", "ann", "cid", "bob", "ann"];
    private static readonly RankedRow[] Found = [new(3, 0.9), new(0, 0.8), new(1, 0.7), new(4, 0.7), new(2, 0.2), new(5, -0.1)];

    [Fact]
    public void Rank_Best_IsEachIdentitysNearestClip() =>
        AssertRanked(IdentityAggregation.Best, ("cid", 3, 1, 0.9), ("ann", 0, 3, 0.8), ("bob", 1, 2, 0.7));

    [Fact]
    public void Rank_Mean_IsTheMeanOfAllClips() =>
        AssertRanked(IdentityAggregation.Mean, ("cid", 3, 1, 0.9), ("bob", 1, 2, 0.7), ("ann", 0, 3, 0.3));

    [Fact]
    public void Rank_TopM_IsTheMeanOfTheNearestOnes() =>
        AssertRanked(IdentityAggregation.TopM(2), ("cid", 3, 1, 0.9), ("bob", 1, 2, 0.7), ("ann", 0, 3, 0.5));

    [Fact]
    public void Rank_ShrunkenMean_IsNearerToTheGallerysMeanByTheClips()
    {
        // Means 0.9, 0.7 and 0.3 of 1, 2 and 3 clips, their mean 19 / 30; with k = 1 they keep 1/2, 2/3 and 3/4 of their distance to it.
        const double Centre = 1.9 / 3;
        AssertRanked(
            IdentityAggregation.ShrunkenMean with { Shrinkage = 1 },
            ("cid", 3, 1, Centre + ((0.9 - Centre) / 2)),
            ("bob", 1, 2, Centre + ((0.7 - Centre) * 2 / 3)),
            ("ann", 0, 3, Centre + ((0.3 - Centre) * 3 / 4)));

        // By default k is the square root of the most clips.
        Assert.Equal(
            (IdentityAggregation.ShrunkenMean with { Shrinkage = Math.Sqrt(3) }).Rank(Found, row => Owners[row], 9),
            IdentityAggregation.ShrunkenMean.Rank(Found, row => Owners[row], 9));
        Assert.Equal(
            IdentityAggregation.Mean.Rank(Found, row => Owners[row], 9).Select(one => one.Identity),
            (IdentityAggregation.ShrunkenMean with { Shrinkage = 0 }).Rank(Found, row => Owners[row], 9).Select(one => one.Identity));
    }

    // Nobody is nearer than anybody: with a fair rule one-clip people are first as often as they are there.
    [Theory]
    [InlineData(IdentityScore.Mean, 0.9, 1)]
    [InlineData(IdentityScore.Best, 0, 0.2)]
    [InlineData(IdentityScore.ShrunkenMean, 0.4, 0.6)]
    public void Rank_RandomScores_OneClipPeopleAreFirst(IdentityScore score, double atLeast, double atMost)
    {
        const int Draws = 400, People = 60, Clips = 9;
        string[] owners = [.. Enumerable.Range(0, People).SelectMany(p => Enumerable.Repeat($"p{p:00}", p % 2 == 0 ? 1 : Clips))];
        var random = new SeededRandom(8);
        int first = 0, amongTen = 0;
        for (int draw = 0; draw < Draws; draw++)
        {
            RankedRow[] found =
                [.. owners.Select((_, row) => new RankedRow(row, random.NextGaussian())).OrderByDescending(row => row.Score)];
            IReadOnlyList<RankedIdentity> ranked = new IdentityAggregation { Score = score }.Rank(found, row => owners[row], 10);
            first += ranked[0].ClipCount == 1 ? 1 : 0;
            amongTen += ranked.Count(identity => identity.ClipCount == 1);
        }

        Assert.InRange((double)first / Draws, atLeast, atMost);
        Assert.InRange(amongTen / (10.0 * Draws), atLeast * 0.9, Math.Min(1, atMost));
    }

    [Fact]
    public void Rank_TopM_IsBestAtOneAndMeanWithoutEnd()
    {
        Assert.Equal(
            IdentityAggregation.Best.Rank(Found, row => Owners[row], 9), IdentityAggregation.TopM(1).Rank(Found, row => Owners[row], 9));
        Assert.Equal(
            IdentityAggregation.Mean.Rank(Found, row => Owners[row], 9),
            IdentityAggregation.TopM(int.MaxValue).Rank(Found, row => Owners[row], 9));
    }

    [Fact]
    public void Rank_EqualIdentities_AreOrderedByTheRowOfTheirBestClip()
    {
        RankedRow[] found = [new(1, 0.5), new(3, 0.5), new(0, 0.5)];

        IReadOnlyList<RankedIdentity> ranked = IdentityAggregation.Mean.Rank([.. found.OrderBy(row => row.Row)], row => Owners[row], 9);

        Assert.Equal(["ann", "bob", "cid"], ranked.Select(identity => identity.Identity));
    }

    [Fact]
    public void Rank_FewerThanAskedFor_ListsThoseThereAre()
    {
        Assert.Equal(2, IdentityAggregation.Mean.Rank(Found, row => Owners[row], 2).Count);
        Assert.Empty(IdentityAggregation.Mean.Rank([], row => Owners[row], 2));
    }

    [Theory]
    [InlineData(IdentityScore.Best, 1)]
    [InlineData(IdentityScore.Mean, 1)]
    [InlineData(IdentityScore.TopM, 1)]
    [InlineData(IdentityScore.TopM, 3)]
    [InlineData(IdentityScore.TopM, 100)]
    public void Rank_ManyRows_IsWhatSortingEachIdentityGives(IdentityScore score, int topCount)
    {
        var random = new SeededRandom(5);
        string[] owners = [.. Enumerable.Range(0, 500).Select(_ => $"p{random.NextInt32(40)}")];

        // Scores of few values, so that many are equal.
        double[] scores = [.. owners.Select(_ => random.NextInt32(50) / 8.0)];
        RankedRow[] found = [.. scores.Select((value, row) => new RankedRow(row, value)).OrderByDescending(row => row.Score)];

        IReadOnlyList<RankedIdentity> ranked = new IdentityAggregation { Score = score, TopCount = topCount }.Rank(
            found, row => owners[row], 100);

        var expected = owners.Select((owner, row) => (Owner: owner, Row: row)).GroupBy(pair => pair.Owner).Select(group =>
        {
            int[] rows = [.. group.Select(pair => pair.Row).OrderByDescending(row => scores[row]).ThenBy(row => row)];
            int used = score switch { IdentityScore.Best => 1, IdentityScore.Mean => rows.Length, _ => Math.Min(topCount, rows.Length) };
            return (group.Key, Row: rows[0], rows.Length, Score: rows.Take(used).Sum(row => scores[row]) / used, Best: scores[rows[0]]);
        }).OrderByDescending(one => one.Score).ThenByDescending(one => one.Best).ThenBy(one => one.Row);
        Assert.Equal(expected.Select(one => new RankedIdentity(one.Key, one.Row, one.Length, one.Score)), ranked);
    }

    [Fact]
    public void Combine_ClipsInAnyOrder_ScoresAsRankDoes()
    {
        Assert.Equal(0.8, IdentityAggregation.Best.Combine([0.2, 0.8, -0.1]), Rounding);
        Assert.Equal(0.3, IdentityAggregation.Mean.Combine([0.2, 0.8, -0.1]), Rounding);
        Assert.Equal(0.5, IdentityAggregation.TopM(2).Combine([0.2, 0.8, -0.1]), Rounding);
        IdentityAggregation shrunken = IdentityAggregation.ShrunkenMean;
        Assert.Equal(
            shrunken.Rank(Found, row => Owners[row], 1)[0].Score,
            shrunken.Combine([0.9], shrunken.ShrinkageOf([[0.8, 0.2, -0.1], [0.9], [0.7, 0.7]])),
            Rounding);
    }

    [Fact]
    public void Validate_SeveralFaults_ReportsAll()
    {
        var e = Assert.Throws<ArgumentException>(
            new IdentityAggregation { Score = (IdentityScore)7, TopCount = 0, Shrinkage = -1 }.Validate);

        Assert.Equal(
            "'Score' is 7; must be one of Best, Mean, TopM, ShrunkenMean. 'TopCount' is 0; must be >= 1. 'Shrinkage' is -1; must be >= 0.",
            e.Message);
    }

    private static void AssertRanked(IdentityAggregation aggregation, params (string Identity, int Row, int Clips, double Score)[] expected)
    {
        IReadOnlyList<RankedIdentity> ranked = aggregation.Rank(Found, row => Owners[row], 10);

        Assert.Equal(
            expected.Select(one => (one.Identity, one.Row, one.Clips)), ranked.Select(one => (one.Identity, one.BestRow, one.ClipCount)));
        Assert.All(expected.Zip(ranked), pair => Assert.Equal(pair.First.Score, pair.Second.Score, Rounding));
    }
}

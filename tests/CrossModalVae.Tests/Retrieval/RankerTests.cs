using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Numerics;
using CrossModalVae.Retrieval;
using CrossModalVae.Tests.Oracles;

namespace CrossModalVae.Tests.Retrieval;

public class RankerTests
{
    // Sums of some hundred doubles in another order.
    private const double Tolerance = 1e-12;

    public static TheoryData<RankingMetric> Metrics => [.. Enum.GetValues<RankingMetric>()];

    [Theory]
    [MemberData(nameof(Metrics))]
    public void Search_OneByOneAndInBatches_IsWhatSortingEverythingGives(RankingMetric metric)
    {
        foreach ((int count, int dimension, int k) in new[]
        {
            (1, 1, 1), (5, 3, 9), (300, 16, 7), (1000, 5, 10), (2100, 37, 3), (5000, 100, 10),
        })
        {
            EmbeddingSet gallery = Random(count, dimension, seed: count);
            EmbeddingSet queries = Random(9, dimension, seed: 7);
            var ranker = new Ranker(gallery, metric);

            RankedRow[][] batch = ranker.Search(queries, k);

            for (int q = 0; q < queries.Count; q++)
            {
                RankedRow[] expected = SortedRanking.Of(metric, Parts(queries, q, metric), row => Parts(gallery, row, metric), count, k);
                Assert.Equal(expected.Select(found => found.Row), batch[q].Select(found => found.Row));
                Assert.All(expected.Zip(batch[q]), pair => Assert.Equal(pair.First.Score, pair.Second.Score, Tolerance));
                Assert.Equal(batch[q], ranker.Search(One(queries, q), k)[0]);
            }

            // After some queries rows are screened in another way.
            for (int again = 0; again < 2 * queries.Count; again++)
            {
                Assert.Equal(batch[again % queries.Count], ranker.Search(One(queries, again % queries.Count), k)[0]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Metrics))]
    public void Search_AnyNumberOfThreads_GivesTheSameBits(RankingMetric metric)
    {
        EmbeddingSet gallery = Random(9000, 20, seed: 1), queries = Random(30, 20, seed: 2);

        RankedRow[][] one = new Ranker(gallery, metric, 1).Search(queries, 12);
        RankedRow[][] five = new Ranker(gallery, metric, 5).Search(queries, 12);

        Assert.Equal(one.SelectMany(rows => rows), five.SelectMany(rows => rows));
        Assert.Equal(one[3], new Ranker(gallery, metric, 3).Search(One(queries, 3), 12)[0]);
    }

    [Theory]
    [MemberData(nameof(Metrics))]
    public void Search_EqualRows_AreOrderedByRow(RankingMetric metric)
    {
        EmbeddingSet three = Random(3, 10, seed: 3);
        EmbeddingSet gallery = Repeated(three, 3000); // row i is row i % 3
        var ranker = new Ranker(gallery, metric);
        int nearest = ranker.Search(One(three, 0), 1)[0][0].Row;

        RankedRow[][] batch = ranker.Search(Repeated(One(three, 0), 20), 5);

        Assert.All(
            batch, rows => Assert.Equal([nearest, nearest + 3, nearest + 6, nearest + 9, nearest + 12], rows.Select(found => found.Row)));
        for (int again = 0; again < 12; again++)
        {
            Assert.Equal(batch[0], ranker.Search(One(three, 0), 5)[0]);
        }

        Assert.Single(batch[0].Select(found => found.Score).Distinct());
    }

    [Theory]
    [MemberData(nameof(Metrics))]
    public void Search_Masked_RanksWhatTheMaskAllows(RankingMetric metric)
    {
        EmbeddingSet gallery = Random(4000, 17, seed: 4), queries = Random(5, 17, seed: 5);
        var ranker = new Ranker(gallery, metric);
        RowMask mask = RowMask.Where(gallery.Rows, row => row.Gender == "f");

        RankedRow[][] batch = ranker.Search(queries, 6, mask);

        for (int q = 0; q < queries.Count; q++)
        {
            RankedRow[] expected = SortedRanking.Of(
                metric, Parts(queries, q, metric), row => Parts(gallery, row, metric), 4000, 6, row => gallery.Rows[row].Gender == "f");
            Assert.Equal(expected.Select(found => found.Row), batch[q].Select(found => found.Row));
            for (int again = 0; again < 4; again++)
            {
                Assert.Equal(batch[q], ranker.Search(One(queries, q), 6, mask)[0]);
            }
        }
    }

    [Theory]
    [InlineData(1e-25f)]
    [InlineData(1e-12f)]
    [InlineData(1e12f)]
    [InlineData(1e25f)]
    public void Search_NumbersOfAnySize_AreRankedExactly(float size)
    {
        foreach (RankingMetric metric in new[] { RankingMetric.Cosine, RankingMetric.InnerProduct, RankingMetric.Euclidean })
        {
            EmbeddingSet gallery = Scaled(Random(1500, 12, seed: 6), size), queries = Scaled(Random(4, 12, seed: 7), size);
            var ranker = new Ranker(gallery, metric);

            RankedRow[][] batch = ranker.Search(queries, 8);

            for (int q = 0; q < queries.Count; q++)
            {
                RankedRow[] expected = SortedRanking.Of(metric, Parts(queries, q, metric), row => Parts(gallery, row, metric), 1500, 8);
                Assert.Equal(expected.Select(found => found.Row), batch[q].Select(found => found.Row));
                for (int again = 0; again < 4; again++)
                {
                    Assert.Equal(batch[q], ranker.Search(queries[q], 8));
                }
            }
        }
    }

    [Fact]
    public void Search_FarFromTheOrigin_IsRankedExactly()
    {
        EmbeddingSet near = Random(3000, 10, seed: 8), queries = Random(10, 10, seed: 9);
        EmbeddingSet gallery = Shifted(near, 4096), shiftedQueries = Shifted(queries, 4096);
        foreach (RankingMetric metric in new[] { RankingMetric.Cosine, RankingMetric.InnerProduct, RankingMetric.Euclidean })
        {
            RankedRow[][] batch = new Ranker(gallery, metric).Search(shiftedQueries, 4);

            for (int q = 0; q < queries.Count; q++)
            {
                RankedRow[] expected = SortedRanking.Of(
                    metric, Parts(shiftedQueries, q, metric), row => Parts(gallery, row, metric), 3000, 4);
                Assert.Equal(expected.Select(found => found.Row), batch[q].Select(found => found.Row));
            }

            var ranker = new Ranker(gallery, metric);
            for (int again = 0; again < 2 * queries.Count; again++)
            {
                Assert.Equal(batch[again % queries.Count], ranker.Search(shiftedQueries[again % queries.Count], 4));
            }
        }
    }

    [Fact]
    public void Search_RowOfZeros_HasCosineZero()
    {
        var ranker = new Ranker(Set([0, 0, 1, 0, -1, 0], 2));

        Assert.Equal([new RankedRow(1, 1), new RankedRow(0, 0), new RankedRow(2, -1)], ranker.Search([2, 0], 3));
        Assert.Equal([new RankedRow(0, 0), new RankedRow(1, 0), new RankedRow(2, 0)], ranker.Search([0, 0], 3));
    }

    [Fact]
    public void Search_MoreThanThereAre_ListsAll()
    {
        var ranker = new Ranker(Set([3, 1, 2], 1), RankingMetric.Euclidean);

        Assert.Equal([new RankedRow(1, 0), new RankedRow(2, -1), new RankedRow(0, -2)], ranker.Search([1f], 50));
    }

    [Fact]
    public void Search_EmptyGallery_FindsNothing()
    {
        var ranker = new Ranker(new EmbeddingSet([], 3, []));

        Assert.Empty(ranker.Search([1, 2, 3], 5));
        Assert.Equal(2, ranker.Search(Random(2, 3, seed: 1), 5).Length);
    }

    [Fact]
    public void Search_NothingAllowed_FindsNothing()
    {
        var ranker = new Ranker(Random(10, 3, seed: 1));

        Assert.Empty(ranker.Search([1, 2, 3], 5, RowMask.Where(10, _ => false)));
    }

    [Fact]
    public void Search_WrongQuery_IsRefused()
    {
        var ranker = new Ranker(Random(10, 3, seed: 1));

        Assert.Equal(
            "'query' has 2 values; the gallery's rows have 3.", Assert.Throws<ArgumentException>(() => ranker.Search([1, 2], 1)).Message);
        Assert.Equal(
            "'query' has NaN as value 1; must be finite.",
            Assert.Throws<ArgumentException>(() => ranker.Search([1, float.NaN, 2], 1)).Message);
        Assert.Equal(
            "'query' has Infinity in row 1 as value 0; must be finite.",
            Assert.Throws<ArgumentException>(() => ranker.Search(Set([1, 2, 3, float.PositiveInfinity, 2, 3], 3), 1)).Message);
        Assert.Equal(
            "'mask' is over 9 rows; the gallery has 10. (Parameter 'mask')",
            Assert.Throws<ArgumentException>(() => ranker.Search([1, 2, 3], 1, RowMask.Where(9, _ => true))).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => ranker.Search([1, 2, 3], 0));
    }

    [Fact]
    public void Search_MetricThatNeedsMoreThanMeans_SaysWhatIsMissing()
    {
        EmbeddingSet whole = Random(10, 3, seed: 1);
        EmbeddingSet means = Set(whole.Values, 3);

        Assert.Equal(
            "The metric gaussian-wasserstein needs standard deviations; the gallery is without (cmvae embed --standard-deviations keeps "
            + "them). (Parameter 'gallery')",
            Assert.Throws<ArgumentException>(() => new Ranker(means, RankingMetric.GaussianWasserstein)).Message);
        Assert.Equal(
            "The metric ms-vae needs reconstructions; the queries are without.",
            Assert.Throws<ArgumentException>(() => new Ranker(whole, RankingMetric.MsVae).Search(means, 1)).Message);
        Assert.Equal(
            "The metric gaussian-wasserstein needs standard deviations; the query is without.",
            Assert.Throws<ArgumentException>(() => new Ranker(whole, RankingMetric.GaussianWasserstein).Search([1, 2, 3], 1)).Message);
    }

    [Fact]
    public void Constructor_NotFinite_NamesTheFirst()
    {
        EmbeddingSet set = Random(5000, 3, seed: 1);
        set.Values[(3 * 4000) + 2] = float.NaN;
        set.Values[(3 * 3000) + 1] = float.NegativeInfinity;

        var e = Assert.Throws<ArgumentException>(() => new Ranker(set));

        Assert.Equal("'gallery' has -Infinity in row 3000 as value 1; must be finite. (Parameter 'gallery')", e.Message);
    }

    [Fact]
    public void Score_EveryRow_IsWhatSearchReports()
    {
        EmbeddingSet gallery = Random(700, 9, seed: 1);
        var ranker = new Ranker(gallery, RankingMetric.MsVae);
        EmbeddingSet queries = Random(2, 9, seed: 2);
        var scores = new float[700];

        ranker.Score(queries, 1, scores);

        Assert.All(ranker.Search(queries, 700)[1], found => Assert.Equal((float)found.Score, scores[found.Row]));
    }

    [Fact]
    public void RankIdentities_EachOnce_ByItsNearestRow()
    {
        EmbeddingRow Row(string identity, string clip) =>
            new() { Identity = identity, Clip = clip, Modality = Modality.Face, Split = CorpusSplit.Test };
        var ranker = new Ranker(
            new EmbeddingSet([5, 1, 2, 4], 1, [Row("ann", "a1"), Row("bob", "b1"), Row("bob", "b2"), Row("ann", "a2")]),
            RankingMetric.Euclidean);

        Assert.Equal(
            [new RankedMatch(1, "bob", "b1", 0) { ClipCount = 2 }, new RankedMatch(2, "ann", "a2", -3) { ClipCount = 2 }],
            ranker.RankIdentities([1f], 5));
    }

    [Theory]
    [MemberData(nameof(Metrics))]
    public void RankIdentities_AnyCountAndMask_IsTheDistinctOnesOfAWholeRanking(RankingMetric metric)
    {
        foreach ((EmbeddingSet gallery, int workers) in new[]
        {
            (Random(1, 4, seed: 1), 1),
            (Random(3000, 6, seed: 2), 3),
            (Repeated(Random(40, 6, seed: 3), 2000), 2), // many ties
            (OneCrowd(Random(3000, 6, seed: 4)), 2), // most rows are of one identity, so the best rows are of few
        })
        {
            var ranker = new Ranker(gallery, metric, workers);
            EmbeddingSet queries = Random(3, gallery.Dimension, seed: 9);
            RowMask women = RowMask.Where(gallery.Rows, row => row.Gender == "f"), nobody = RowMask.Where(gallery.Rows, _ => false);
            foreach (RowMask? mask in new[] { null, women, nobody })
            {
                for (int q = 0; q < queries.Count; q++)
                {
                    RankedRow[] all = ranker.Search(One(queries, q), gallery.Count, mask)[0];
                    Dictionary<string, int> clips = all.CountBy(found => gallery.Rows[found.Row].Identity).ToDictionary();
                    RankedMatch[] expected =
                    [
                        .. ranker.Named([.. all.DistinctBy(found => gallery.Rows[found.Row].Identity)])
                            .Select(match => match with { ClipCount = clips[match.Identity] }),
                    ];
                    foreach (int count in new[] { 1, 2, 7, 100, int.MaxValue })
                    {
                        Assert.Equal(expected.Take(count), ranker.RankIdentities(queries, q, count, mask));
                    }
                }
            }
        }

        static EmbeddingSet OneCrowd(EmbeddingSet set) => new(
            set.Values,
            set.Dimension,
            [.. set.Rows.Select((row, i) => i % 50 == 0 ? row : row with { Identity = "crowd" })],
            set.StandardDeviations,
            set.Reconstructions);
    }

    /// <summary>Scores of all rows are those of a search for all rows, in single precision.</summary>
    [Theory]
    [InlineData(RankingMetric.Cosine)]
    [InlineData(RankingMetric.InnerProduct)]
    [InlineData(RankingMetric.Euclidean)]
    public void Score_OfEveryRow_IsItsScoreInASearch(RankingMetric metric)
    {
        EmbeddingSet gallery = Random(37, 6, 1), queries = Random(3, 6, 2);
        var ranker = new Ranker(gallery, metric);
        float[] scores = new float[37], ofSet = new float[37];

        ranker.Score(queries.Values.AsSpan(12, 6), scores);
        ranker.Score(queries, 2, ofSet);

        Assert.Equal(ranker.Search(queries, 37)[2].OrderBy(row => row.Row).Select(row => (float)row.Score), scores);
        Assert.Equal(scores, ofSet);
    }

    [Fact]
    public void Search_WhatDoesNotFit_IsRefused()
    {
        EmbeddingSet gallery = Random(5, 6, 1), queries = Random(2, 6, 2);
        var ranker = new Ranker(gallery, RankingMetric.Cosine);
        var mask = RowMask.Where(4, _ => true);

        Assert.Throws<ArgumentOutOfRangeException>(() => ranker.Search(queries, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ranker.Search(queries.Values.AsMemory(), 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ranker.RankIdentities(queries, 0, 0));
        Assert.Throws<ArgumentException>(() => ranker.Search(queries, 1, mask));
        Assert.Throws<ArgumentException>(() => ranker.Search(queries.Values.AsMemory(), 1, mask));
        Assert.Throws<ArgumentException>(() => ranker.RankIdentities(queries, 0, 1, mask));
        Assert.Throws<ArgumentException>(() => ranker.Score(queries, 0, new float[4]));
        Assert.Throws<ArgumentException>(() => ranker.Score(queries.Values.AsSpan(0, 6), new float[6]));
    }

    private static double[][] Parts(EmbeddingSet set, int row, RankingMetric metric) => metric switch
    {
        RankingMetric.GaussianWasserstein =>
        [
            Doubles(set.Values, set.Dimension, row),
            Doubles(set.StandardDeviations!, set.Dimension, row),
        ],
        RankingMetric.MsVae => [Doubles(set.Values, set.Dimension, row), Doubles(set.Reconstructions!, set.ReconstructionLength, row)],
        _ => [Doubles(set.Values, set.Dimension, row)],
    };

    private static double[] Doubles(float[] values, int length, int row) =>
        [.. values.Skip(row * length).Take(length).Select(value => (double)value)];

    private static EmbeddingSet One(EmbeddingSet set, int row) => new(
        set[row].ToArray(),
        set.Dimension,
        [set.Rows[row]],
        set.StandardDeviations!.AsSpan(row * set.Dimension, set.Dimension).ToArray(),
        set.Reconstructions!.AsSpan(row * set.ReconstructionLength, set.ReconstructionLength).ToArray());

    private static EmbeddingSet Repeated(EmbeddingSet set, int count)
    {
        int times = count / set.Count;
        return new EmbeddingSet(
            [.. Enumerable.Repeat(set.Values, times).SelectMany(values => values)],
            set.Dimension,
            [.. Enumerable.Repeat(set.Rows, times).SelectMany(rows => rows)],
            [.. Enumerable.Repeat(set.StandardDeviations!, times).SelectMany(values => values)],
            [.. Enumerable.Repeat(set.Reconstructions!, times).SelectMany(values => values)]);
    }

    private static EmbeddingSet Scaled(EmbeddingSet set, float by) => Set([.. set.Values.Select(value => value * by)], set.Dimension);

    private static EmbeddingSet Shifted(EmbeddingSet set, float by) => Set([.. set.Values.Select(value => value + by)], set.Dimension);

    private static EmbeddingSet Set(float[] values, int dimension) => new(values, dimension, Rows(values.Length / dimension));

    private static EmbeddingSet Random(int count, int dimension, int seed)
    {
        var random = new SeededRandom(seed);
        float[] Values(int length, double spread) => [.. Enumerable.Range(0, length).Select(_ => (float)(spread * random.NextGaussian()))];
        return new EmbeddingSet(
            Values(count * dimension, 1),
            dimension,
            Rows(count),
            [.. Values(count * dimension, 0.5).Select(MathF.Abs)],
            Values(count * ((2 * dimension) + 1), 0.7));
    }

    private static EmbeddingRow[] Rows(int count) =>
    [
        .. Enumerable.Range(0, count).Select(i => new EmbeddingRow
        {
            Identity = $"p{i / 3}",
            Clip = $"c{i}",
            Modality = Modality.Face,
            Split = CorpusSplit.Test,
            Gender = i * 7 % 5 < 2 ? "f" : "m",
        }),
    ];
}

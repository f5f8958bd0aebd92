namespace CrossModalVae.Numerics.Tests;

public class SeededRandomTests
{
    // Five standard errors of the mean of 100,000 draws of unit variance.
    private const double MeanTolerance = 5 / 316.2;

    [Fact]
    public void NextUInt64_SameSeed_SameStream()
    {
        var first = new SeededRandom(7);
        var second = new SeededRandom(7);

        ulong[] a = [.. Enumerable.Range(0, 100).Select(_ => first.NextUInt64())];
        ulong[] b = [.. Enumerable.Range(0, 100).Select(_ => second.NextUInt64())];

        Assert.Equal(a, b);
        Assert.Equal(100, a.Distinct().Count());
    }

    [Fact]
    public void For_OtherKeyOrSeed_OtherStream()
    {
        ulong[] firsts =
        [
            SeededRandom.For(1, "a").NextUInt64(),
            SeededRandom.For(1, "b").NextUInt64(),
            SeededRandom.For(2, "a").NextUInt64(),
        ];

        Assert.Equal(3, firsts.Distinct().Count());
    }

    [Fact]
    public void NextGaussian_ManyDraws_HasZeroMeanAndUnitVariance()
    {
        var random = new SeededRandom(3);

        double[] draws = [.. Enumerable.Range(0, 100_000).Select(_ => random.NextGaussian())];

        Assert.InRange(draws.Average(), -MeanTolerance, MeanTolerance);
        Assert.InRange(draws.Average(x => x * x), 1 - (2 * MeanTolerance), 1 + (2 * MeanTolerance));
    }

    [Fact]
    public void NextLaplace_ManyDraws_HasUnitVarianceAndALaplacesTails()
    {
        var random = new SeededRandom(5);

        double[] draws = [.. Enumerable.Range(0, 200_000).Select(_ => random.NextLaplace())];

        Assert.InRange(draws.Average(), -MeanTolerance, MeanTolerance);
        Assert.InRange(draws.Average(x => x * x), 1 - (2 * MeanTolerance), 1 + (2 * MeanTolerance));
        Assert.InRange(draws.Average(Math.Abs), Math.Sqrt(0.5) - MeanTolerance, Math.Sqrt(0.5) + MeanTolerance); // b
        double beyond = draws.Count(x => x > 2) / 200_000.0;
        Assert.InRange(beyond, 0.9 * Math.Exp(-2 * Math.Sqrt(2)) / 2, 1.1 * Math.Exp(-2 * Math.Sqrt(2)) / 2);
    }

    [Fact]
    public void NextInt32_ManyDraws_CoversEveryValueEvenly()
    {
        var random = new SeededRandom(4);
        var counts = new int[7];

        for (int i = 0; i < 70_000; i++)
        {
            counts[random.NextInt32(7)]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 9_500, 10_500));
    }

    [Fact]
    public void Shuffle_Items_KeepsThemAll()
    {
        int[] items = [.. Enumerable.Range(0, 50)];

        new SeededRandom(5).Shuffle(items.AsSpan());

        Assert.Equal(Enumerable.Range(0, 50), items.Order());
        Assert.NotEqual(Enumerable.Range(0, 50), items);
    }
}

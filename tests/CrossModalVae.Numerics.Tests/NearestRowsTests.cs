namespace CrossModalVae.Numerics.Tests;

/// <summary>Against sorting all distances, in double precision.</summary>
public class NearestRowsTests
{
    [Theory]
    [InlineData(1, 2, 1, 1)]
    [InlineData(2, 33, 3, 32)]
    [InlineData(3, 500, 2, 7)]
    [InlineData(4, 500, 100, 90)]
    [InlineData(5, 1200, 20, 5)]
    public void Find_AmongThemselves_AgreesWithSortingEverything(int seed, int count, int dimension, int k)
    {
        float[] values = Values(seed, count, dimension);
        foreach (DistanceMetric metric in Enum.GetValues<DistanceMetric>())
        {
            PointTiles points = PointTiles.Create(values, count, dimension, metric);

            NearestRows found = NearestRows.Find(points, points, k);

            AssertSorted(found, values, count, values, count, dimension, k, metric, isSame: true);
        }
    }

    [Theory]
    [InlineData(6, 1, 400, 12, 400)]
    [InlineData(7, 90, 33, 5, 4)]
    [InlineData(8, 300, 900, 64, 10)]
    public void Find_AmongOthers_AgreesWithSortingEverything(int seed, int count, int otherCount, int dimension, int k)
    {
        float[] values = Values(seed, count, dimension), others = Values(seed + 100, otherCount, dimension);
        foreach (DistanceMetric metric in Enum.GetValues<DistanceMetric>())
        {
            PointTiles gallery = PointTiles.Create(others, otherCount, dimension, metric);

            NearestRows found = NearestRows.Find(gallery.CreateOther(values, count), gallery, k);

            AssertSorted(found, values, count, others, otherCount, dimension, k, metric, isSame: false);
        }
    }

    [Fact]
    public void Find_EqualDistances_OrdersByRow()
    {
        float[] values = [.. Enumerable.Range(0, 300).Select(i => (float)(i % 3))]; // a hundred of each of three points
        PointTiles points = PointTiles.Create(values, 300, 1, DistanceMetric.Euclidean);

        NearestRows found = NearestRows.Find(points, points, 5);

        Assert.Equal([3, 6, 9, 12, 15], found.Rows[..5]);
        Assert.Equal([1, 4, 7, 10, 13], found.Rows[(5 * 298)..(5 * 299)].Select(row => row));
    }

    [Fact]
    public void Find_MoreThanThereAre_IsRefused()
    {
        PointTiles points = PointTiles.Create([1, 2, 3], 3, 1, DistanceMetric.Euclidean);

        Assert.Throws<ArgumentOutOfRangeException>(() => NearestRows.Find(points, points, 3));
    }

    // Every fifth row repeats another, so that there are ties.
    private static float[] Values(int seed, int count, int dimension)
    {
        var random = new SeededRandom(seed);
        var values = new float[count * dimension];
        for (int i = 0; i < count; i++)
        {
            for (int d = 0; d < dimension; d++)
            {
                values[(i * dimension) + d] = i % 5 == 4 ? values[(i / 2 * dimension) + d] : (float)((i % 7) + random.NextGaussian());
            }
        }

        return values;
    }

    private static void AssertSorted(
        NearestRows found, float[] values, int count, float[] others, int otherCount, int dimension, int k, DistanceMetric metric,
        bool isSame)
    {
        for (int i = 0; i < count; i++)
        {
            var all = Enumerable.Range(0, otherCount).Where(j => !isSame || j != i)
                .Select(j =>
                    (Row: j, Distance: Distance(values.AsSpan(i * dimension, dimension), others.AsSpan(j * dimension, dimension), metric)))
                .OrderBy(pair => pair.Distance).ThenBy(pair => pair.Row).Take(k).ToArray();
            Assert.Equal(all.Select(pair => pair.Row), found.Rows[(i * k)..((i + 1) * k)]);
            Assert.Equal(all.Select(pair => pair.Distance), found.Distances[(i * k)..((i + 1) * k)]);
        }
    }

    private static double Distance(ReadOnlySpan<float> x, ReadOnlySpan<float> y, DistanceMetric metric)
    {
        double dot = 0, xx = 0, yy = 0, square = 0;
        for (int d = 0; d < x.Length; d++)
        {
            dot += (double)x[d] * y[d];
            xx += (double)x[d] * x[d];
            yy += (double)y[d] * y[d];
            square += ((double)x[d] - y[d]) * ((double)x[d] - y[d]);
        }

        return metric == DistanceMetric.Euclidean ? Math.Sqrt(square) : Math.Max(0, 1 - (dot / (Math.Sqrt(xx) * Math.Sqrt(yy))));
    }
}

using CrossModalVae.Projection;

namespace CrossModalVae.Analysis.Tests.Projection;

public class TSneTransformTests
{
    private const int Fitted = 700;
    private const int Wide = GoldenProjection.Dimension;

    private static readonly Lazy<TSneResult> Fit = new(
        () => new TSne(new TSneOptions { IterationCount = 500 }).Fit(GoldenProjection.Points[..(Fitted * Wide)], Fitted, Wide));

    [Fact]
    public void Transform_HeldOutPoints_LandAmongTheirNeighbours()
    {
        float[] points = GoldenProjection.Points;
        int heldOut = GoldenProjection.PointCount - Fitted;

        float[] places = Fit.Value.Transform(points[(Fitted * Wide)..], heldOut);

        // Its nearest point of the layout is one of its 30 nearest of the input, nearly always: a random place has 30 in 700 odds.
        int among = 0;
        for (int q = 0; q < heldOut; q++)
        {
            int shown = Enumerable.Range(0, Fitted).MinBy(j => Distance(places.AsSpan(2 * q, 2), Fit.Value.Layout.Span.Slice(2 * j, 2)));
            float[] query = points[((Fitted + q) * Wide)..((Fitted + q + 1) * Wide)];
            int[] nearest = [.. Enumerable.Range(0, Fitted).OrderBy(j => Distance(query, points.AsSpan(j * Wide, Wide))).Take(30)];
            among += nearest.Contains(shown) ? 1 : 0;
        }

        Assert.InRange(among, 0.85 * heldOut, heldOut);
    }

    [Fact]
    public void Transform_FittedPoints_LandNearTheirPlaces()
    {
        float[] places = Fit.Value.Transform(GoldenProjection.Points[..(50 * Wide)], 50);

        double size = Math.Sqrt(Fit.Value.Layout.ToArray().Average(value => (double)value * value));
        double Off(int i) => Distance(places.AsSpan(2 * i, 2), Fit.Value.Layout.Span.Slice(2 * i, 2));
        double[] off = [.. Enumerable.Range(0, 50).Select(Off).Order()];
        Assert.InRange(off[25], 0, 0.1 * size);
    }

    [Fact]
    public void Transform_OneAtATime_IsTheSameAsTogether()
    {
        float[] queries = GoldenProjection.Points[(Fitted * Wide)..((Fitted + 20) * Wide)];

        float[] together = Fit.Value.Transform(queries, 20);
        float[] single = [.. queries.Chunk(Wide).SelectMany(query => Fit.Value.Transform(query, 1))];

        Assert.Equal(together, single);
    }

    [Fact]
    public void Transform_PointFarFromAll_GivesAFinitePlace()
    {
        float[] places = Fit.Value.Transform([.. Enumerable.Repeat(1e4f, Wide)], 1);

        Assert.All(places, value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void Transform_NoRows_GivesNone() => Assert.Empty(Fit.Value.Transform([], 0));

    [Fact]
    public void Transform_OtherLength_Throws() =>
        Assert.Equal(
            "'values' has 21 numbers; must have 1 rows x 20 = 20. (Parameter 'values')",
            Assert.Throws<ArgumentException>(() => Fit.Value.Transform(new float[21], 1)).Message);

    private static double Distance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int k = 0; k < a.Length; k++)
        {
            sum += (a[k] - b[k]) * (double)(a[k] - b[k]);
        }

        return Math.Sqrt(sum);
    }
}

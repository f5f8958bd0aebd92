using static CrossModalVae.Analysis.Tests.Clustering.ClusterShapes;

namespace CrossModalVae.Numerics.Tests;

public class SpatialOrderTests
{
    private const int Tile = DotBlock.Lanes;

    [Theory]
    [InlineData(1, 3)]
    [InlineData(33, 3)]
    [InlineData(2047, 5)]
    [InlineData(2048, 5)] // from here on by cells first
    [InlineData(5003, 40)]
    public void Compute_AnyPoints_HasEachOnce(int count, int dimension)
    {
        float[] points = Groups(count, count, dimension, 5, 0);

        int[] order = SpatialOrder.Compute(points, count, dimension, CancellationToken.None);

        Assert.Equal(Enumerable.Range(0, count), order.Order());
        Assert.Equal(order, SpatialOrder.Compute(points, count, dimension, CancellationToken.None));
    }

    [Fact]
    public void Compute_EqualPoints_HasEachOnce() =>
        Assert.Equal(Enumerable.Range(0, 3000), SpatialOrder.Compute(new float[3000 * 4], 3000, 4, CancellationToken.None).Order());

    [Fact]
    public void Compute_GroupsOfManyDimensions_KeepsThemTogether()
    {
        // A hundred groups that halves across random directions would tear apart: then a tile has some 25 of them.
        const int Count = 5000, Dimension = 50, GroupCount = 100;
        var random = new SeededRandom(3);
        float[] centres = [.. Enumerable.Range(0, GroupCount * Dimension).Select(_ => (float)(1.5 * random.NextGaussian()))];
        var points = new float[Count * Dimension]; // [N, D]
        for (int i = 0; i < points.Length; i++)
        {
            points[i] = centres[(i / Dimension % GroupCount * Dimension) + (i % Dimension)] + (float)random.NextGaussian();
        }

        int[] order = SpatialOrder.Compute(points, Count, Dimension, CancellationToken.None);

        Assert.InRange(order.Chunk(Tile).Average(tile => tile.Select(row => row % GroupCount).Distinct().Count()), 1, 5);
    }
}

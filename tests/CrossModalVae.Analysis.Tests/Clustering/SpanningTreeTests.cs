using CrossModalVae.Clustering;
using CrossModalVae.Numerics;

namespace CrossModalVae.Analysis.Tests.Clustering;

/// <summary>The sorted weights of a minimum spanning tree are the same for every one that is minimal, ties or not.</summary>
public class SpanningTreeTests
{
    [Theory]
    [InlineData(2, 3, 0, 1)]
    [InlineData(33, 1, 3, 2)]
    [InlineData(300, 2, 30, 1)]
    [InlineData(300, 7, 3, 5)]
    [InlineData(700, 100, 3, 5)]
    [InlineData(700, 100, 0, 16)]
    public void Find_RandomGroups_WeightsOfPrimsTree(int count, int dimension, double spread, int minSamples)
    {
        float[] values = ClusterShapes.Groups(count + dimension, count, dimension, spread, offset: 0);

        foreach (DistanceMetric metric in Enum.GetValues<DistanceMetric>())
        {
            AssertMinimal(values, count, dimension, metric, minSamples);
        }
    }

    [Fact]
    public void Find_Grid_WeightsOfPrimsTree()
    {
        float[] values = [.. Enumerable.Range(0, 400).SelectMany(i => new float[] { i % 20, i / 20 })];

        AssertMinimal(values, 400, 2, DistanceMetric.Euclidean, 1);
        AssertMinimal(values, 400, 2, DistanceMetric.Euclidean, 6);
    }

    [Fact]
    public void Find_TightGroupsFarApart_WeightsOfPrimsTree()
    {
        // More rows in a group than neighbours in a list, so that no list leads out of it.
        float[] values = [.. Enumerable.Range(0, 1000).SelectMany(i => new float[] { i / 25 * 100, i / 25 % 7 * 30, i % 25, i % 5 })];

        AssertMinimal(values, 1000, 4, DistanceMetric.Euclidean, 3);
    }

    private static void AssertMinimal(float[] values, int count, int dimension, DistanceMetric metric, int minSamples)
    {
        PointTiles points = PointTiles.Create(values, count, dimension, metric);
        NearestRows nearest = NearestRows.Find(points, points, Math.Min(minSamples, count - 1));
        double[] core = [.. Enumerable.Range(0, count).Select(row => nearest.Distances[(row * nearest.K) + nearest.K - 1])];
        double[] expected = Prim(ClusterShapes.Distances(values, count, dimension, metric), core);

        // One board for all pairs of components, and one for the components.
        foreach (int pairsPerPoint in new[] { SpanningTree.PairsPerPoint, 0 })
        {
            List<SpanningEdge> edges = SpanningTree.Find(points, nearest, core, pairsPerPoint);

            Assert.Equal(expected, edges.Select(edge => edge.Weight).Order());
        }
    }

    private static double[] Prim(double[] distances, double[] core)
    {
        int count = core.Length;
        double[] nearest = [.. Enumerable.Repeat(double.PositiveInfinity, count)];
        var isOpen = Enumerable.Repeat(true, count).ToArray();
        var weights = new List<double>();
        for (int last = 0; weights.Count < count - 1;)
        {
            isOpen[last] = false;
            for (int i = 0; i < count; i++)
            {
                nearest[i] = Math.Min(nearest[i], Math.Max(distances[(last * count) + i], Math.Max(core[last], core[i])));
            }

            last = Enumerable.Range(0, count).Where(i => isOpen[i]).MinBy(i => nearest[i]);
            weights.Add(nearest[last]);
        }

        return [.. weights.Order()];
    }
}

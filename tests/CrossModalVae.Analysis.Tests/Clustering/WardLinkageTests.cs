using CrossModalVae.Clustering;
using CrossModalVae.Numerics;

namespace CrossModalVae.Analysis.Tests.Clustering;

public class WardLinkageTests
{
    [Theory]
    [InlineData(1, new[] { 0, 0, 0, 0, 0 })]
    [InlineData(2, new[] { 0, 0, 0, 1, 1 })]
    [InlineData(3, new[] { 0, 0, 1, 2, 2 })]
    [InlineData(4, new[] { 0, 0, 1, 2, 3 })]
    [InlineData(5, new[] { 0, 1, 2, 3, 4 })]
    public void Cut_PointsOnALine_MergesWhatAddsLeast(int count, int[] expected)
    {
        // Merges: 0 and 1 add 1/2; 10 and 12 add 2; {0, 1} and 3.5 add 2/3 x 3^2 = 6; the rest joins last.
        Assert.Equal(expected, WardLinkage.Cut([0, 1, 3.5f, 10, 12], 5, 1, DistanceMetric.Euclidean, count));
    }

    [Fact]
    public void Cut_Cosine_LooksAtDirectionsOnly()
    {
        float[] rows = [1, 0, 100, 1, 0, 2, 1, 50];

        Assert.Equal([0, 0, 1, 1], WardLinkage.Cut(rows, 4, 2, DistanceMetric.Cosine, 2));
    }

    [Fact]
    public void Cut_WhatCannotBeCut_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => WardLinkage.Cut([0, float.NaN], 2, 1, DistanceMetric.Euclidean, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => WardLinkage.Cut([0, 1], 2, 1, DistanceMetric.Euclidean, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => WardLinkage.Cut([0, 1], 2, 1, DistanceMetric.Euclidean, 3));
    }

    [Theory]
    [InlineData(1, 40, 3)]
    [InlineData(2, 90, 7)]
    [InlineData(3, 60, 2)]
    public void Cut_RandomGroups_EqualsMergingAllPairsByDefinition(int seed, int count, int clusterCount)
    {
        float[] points = ClusterShapes.Groups(seed, count, 3, spread: 2, offset: 0);

        int[] labels = WardLinkage.Cut(points, count, 3, DistanceMetric.Euclidean, clusterCount);

        Assert.Equal(Direct(points, count, 3, clusterCount), labels);
    }

    // Of all pairs of clusters, the one whose union adds least to the sum of squares about the means: O(n^3), no update formula.
    private static int[] Direct(float[] points, int count, int dimension, int clusterCount)
    {
        List<List<int>> clusters = [.. Enumerable.Range(0, count).Select(i => new List<int> { i })];
        while (clusters.Count > clusterCount)
        {
            (int one, int other) = (
                from a in Enumerable.Range(0, clusters.Count)
                from b in Enumerable.Range(0, a)
                select (b, a)).MinBy(pair => Squares([.. clusters[pair.b], .. clusters[pair.a]])
                    - Squares(clusters[pair.b]) - Squares(clusters[pair.a]));
            clusters[one].AddRange(clusters[other]);
            clusters.RemoveAt(other);
        }

        var labels = new int[count];
        foreach ((int number, List<int> cluster) in clusters.OrderBy(cluster => cluster.Min()).Index())
        {
            cluster.ForEach(i => labels[i] = number);
        }

        return labels;

        double Squares(List<int> cluster) => Enumerable.Range(0, dimension).Sum(d =>
        {
            double mean = cluster.Average(i => (double)points[(i * dimension) + d]);
            return cluster.Sum(i => Math.Pow(points[(i * dimension) + d] - mean, 2));
        });
    }
}

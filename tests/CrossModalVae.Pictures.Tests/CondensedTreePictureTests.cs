using CrossModalVae.Clustering;
using CrossModalVae.Numerics;
using ScottPlot;
using ScottPlot.Plottables;

namespace CrossModalVae.Pictures.Tests;

public class CondensedTreePictureTests
{
    private const double Exact = 1e-9;

    // Two groups of three points, 1 apart within and 10 between: they split at 10, and end at 2, the farthest second neighbour.
    private static readonly float[] Line = [0, 1, 2, 12, 13, 14];

    [Fact]
    public void Draw_TwoGroups_AreTwoLimbsBelowTheRoot()
    {
        HdbscanResult result = Fit(Line, 3, 2);

        Picture picture = CondensedTreePicture.Draw(result.CondensedTree, result.Labels);

        Polygon[] limbs = [.. picture.Panels[0].Plot.PlottableList.OfType<Polygon>()];
        Assert.Equal([Palette.Pale, Palette.Blue, Palette.Orange], limbs.Select(limb => limb.FillColor));
        AxisLimits[] boxes = [.. limbs.Select(limb => limb.GetAxisLimits())];
        Assert.Equal((0, 6, 10), (boxes[0].Left, boxes[0].Right, boxes[0].Bottom), Near);
        Assert.Equal((3, 2, 10), (boxes[1].Right - boxes[1].Left, boxes[1].Bottom, boxes[1].Top), Near);
        Assert.Equal((3, 2, 10), (boxes[2].Right - boxes[2].Left, boxes[2].Bottom, boxes[2].Top), Near);
        Assert.Equal(6, Math.Max(boxes[1].Right, boxes[2].Right), Exact);
        Assert.Equal(["2 clusters", "0: 3 points", "1: 3 points"], picture.LegendTexts());
        Assert.Empty(picture.Collisions());

        static bool Near((double, double, double) a, (double, double, double) b) =>
            Math.Abs(a.Item1 - b.Item1) < Exact && Math.Abs(a.Item2 - b.Item2) < Exact && Math.Abs(a.Item3 - b.Item3) < Exact;
    }

    [Fact]
    public void Draw_EqualPointsAndNoise_StayFinite()
    {
        HdbscanResult result = Fit([0, 0, 0, 0, 5, 5, 5, 5, 100], 4, 2);

        Picture picture = CondensedTreePicture.Draw(result.CondensedTree, result.Labels);

        Assert.Equal(["2 clusters", "0: 4 points", "1: 4 points", "in none: 1 point"], picture.LegendTexts());
        Assert.All(
            picture.Panels[0].Plot.PlottableList.OfType<Polygon>().SelectMany(limb => limb.Coordinates),
            corner => Assert.True(double.IsFinite(corner.X) && double.IsFinite(corner.Y)));
        Assert.DoesNotContain("NaN", picture.ToSvg(), StringComparison.Ordinal);
    }

    [Fact]
    public void Draw_ManyClusters_HaveALegendThatEnds()
    {
        HdbscanResult result = Fit([.. Enumerable.Range(0, 80).Select(i => (float)((i / 4 * 100) + (i % 4 * (1 + (i / 40.0)))))], 4, 2);

        Picture picture = CondensedTreePicture.Draw(result.CondensedTree, result.Labels);

        Assert.Equal(20, result.ClusterCount);
        Assert.Equal("and 5 more", picture.LegendTexts()[^1]);
        Assert.Equal(1 + CondensedTreePicture.LargestLegendCount + 1, picture.LegendTexts().Length);
        Assert.Empty(picture.Collisions());
    }

    [Fact]
    public void Draw_BadTrees_AreRefused()
    {
        HdbscanResult result = Fit(Line, 3, 2);

        Assert.Equal(
            "'tree' is empty; must have at least one entry to draw. (Parameter 'tree')",
            Assert.Throws<ArgumentException>(() => CondensedTreePicture.Draw([], result.Labels)).Message);
        Assert.Equal(
            "'tree' has edges of 8 points; must have 9, as there are labels. (Parameter 'tree')",
            Assert.Throws<ArgumentException>(
                () => CondensedTreePicture.Draw(result.CondensedTree, [.. result.Labels, 0, 0, 0])).Message);
    }

    private static HdbscanResult Fit(float[] values, int minClusterSize, int minSamples) => new Hdbscan(
        new HdbscanOptions { MinClusterSize = minClusterSize, MinSamples = minSamples, Metric = DistanceMetric.Euclidean })
        .Fit(values, values.Length, 1);
}

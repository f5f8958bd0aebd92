using CrossModalVae.Analysis.Tests.Oracles;
using CrossModalVae.Numerics;
using CrossModalVae.Projection;

namespace CrossModalVae.Analysis.Tests.Projection;

public class TSneForceTests
{
    // Sums of some thousand terms in single precision.
    private const double ExactTolerance = 2e-5;

    // Of the forces' root mean square, at the spacing in use; Barnes-Hut at scikit-learn's angle of 0.5 errs by 1 to 3 percent.
    private const double GridForceTolerance = 0.012;
    private const double GridZTolerance = 0.001;

    private static readonly LayoutLoops Loops = new(null, CancellationToken.None);

    public static TheoryData<int, double> Layouts =>
        new() { { 2_000, 60 }, { 1_999, 150 }, { 500, 12 }, { 500, 1 }, { 300, 3e-4 }, { 3_000, 220 } };

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Exact_AnyLayout_IsTheDefinition(int count, double span)
    {
        (double force, double z) = Errors(new ExactRepulsion(count, Loops), count, span);

        Assert.InRange(force, 0, ExactTolerance);
        Assert.InRange(z, 0, ExactTolerance);
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Grid_AnyLayout_IsNearTheDefinition(int count, double span)
    {
        (double force, double z) = Errors(new GridRepulsion(TSne.GridSpacing, Loops), count, span);

        Assert.InRange(force, 0, GridForceTolerance);
        Assert.InRange(z, 0, GridZTolerance);
    }

    // Points without structure shrink to a speck during early exaggeration: 24,000 normal ones did, and crashed.
    [Theory]
    [InlineData(3e-7f, 1e-12)]
    [InlineData(-3e-7f, 1e-13)]
    [InlineData(1, 2e-7)]
    [InlineData(-1000, 1e-3)]
    public void Compute_SpeckFarFromTheOrigin_EveryPointIsOnTheGrid(float centre, double spread)
    {
        const int Count = 2_000;
        var random = new SeededRandom(1);
        float[] x = [.. Enumerable.Range(0, Count).Select(_ => (float)(centre + (spread * random.NextGaussian())))];
        float[] y = [.. Enumerable.Range(0, Count).Select(_ => (float)(centre + (spread * random.NextGaussian())))];
        var forceX = new float[Count];
        var forceY = new float[Count];

        double z = new GridRepulsion(TSne.GridSpacing, Loops).Compute(x, y, forceX, forceY);

        Assert.InRange(z / ((double)Count * (Count - 1)), 0.999, 1.001);
        Assert.All(forceX.Concat(forceY), force => Assert.True(float.IsFinite(force)));
    }

    [Fact]
    public void Grid_FinerNodes_ErrsLess()
    {
        (double coarse, _) = Errors(new GridRepulsion(TSne.GridSpacing, Loops), 1_000, 80);
        (double fine, _) = Errors(new GridRepulsion(TSne.GridSpacing / 2, Loops), 1_000, 80);

        // Cubic splines: the error falls with the fourth power of the spacing.
        Assert.InRange(fine, 0, coarse / 8);
    }

    [Fact]
    public void Grid_OneLayoutAfterAnother_DoesNotRemember()
    {
        var grid = new GridRepulsion(TSne.GridSpacing, Loops);
        Errors(grid, 500, 300);

        Assert.Equal(Errors(new GridRepulsion(TSne.GridSpacing, Loops), 500, 20), Errors(grid, 500, 20));
    }

    [Fact]
    public void Grid_AllAtOnePlace_HasNoForce()
    {
        var x = new float[10];
        Array.Fill(x, 3f);
        var force = new float[10];

        double z = new GridRepulsion(TSne.GridSpacing, Loops).Compute(x, x, force, force);

        Assert.Equal(90, z, 0.5);
        Assert.All(force, value => Assert.Equal(0, value, 1e-4));
    }

    [Fact]
    public void Attraction_SparseRows_IsTheDefinition()
    {
        const int Count = 60;
        SparseRows joint = TSne.JointProbabilities(
            PointTiles.Create(GoldenProjection.Few[..(Count * 20)], Count, 20, DistanceMetric.Euclidean), 7, Loops);
        var dense = new double[Count, Count];
        for (int i = 0; i < Count; i++)
        {
            for (int e = joint.Starts[i]; e < joint.Starts[i + 1]; e++)
            {
                dense[i, joint.Columns[e]] = joint.Values[e];
            }
        }

        (float[] x, float[] y) = Layout(Count, 20);
        (double[] expectedX, double[] expectedY) = DirectTsne.Attraction(dense, x, y);
        var forceX = new float[Count];
        var forceY = new float[Count];

        Attraction.Compute(joint, x, y, forceX, forceY, Loops);

        double size = Math.Sqrt(expectedX.Concat(expectedY).Average(force => force * force));
        for (int i = 0; i < Count; i++)
        {
            Assert.Equal(expectedX[i], forceX[i], ExactTolerance * size);
            Assert.Equal(expectedY[i], forceY[i], ExactTolerance * size);
        }
    }

    // Root mean square of the force's error over that of the force, and Z's relative error.
    private static (double Force, double Z) Errors(IRepulsion repulsion, int count, double span)
    {
        (float[] x, float[] y) = Layout(count, span);
        (double[] expectedX, double[] expectedY, double expectedZ) = DirectTsne.Repulsion(x, y);
        var forceX = new float[count];
        var forceY = new float[count];
        double z = repulsion.Compute(x, y, forceX, forceY);
        double error = 0, size = 0;
        for (int i = 0; i < count; i++)
        {
            error += Square(forceX[i] - expectedX[i]) + Square(forceY[i] - expectedY[i]);
            size += Square(expectedX[i]) + Square(expectedY[i]);
        }

        return (Math.Sqrt(error / size), Math.Abs(z - expectedZ) / expectedZ);
    }

    private static double Square(double value) => value * value;

    // Blobs over a square, off the origin.
    private static (float[] X, float[] Y) Layout(int count, double span)
    {
        var random = new SeededRandom(3);
        (double X, double Y)[] centres =
        [
            .. Enumerable.Range(0, 25).Select(_ => (random.NextDouble(-0.5, 0.5), random.NextDouble(-0.5, 0.5))),
        ];
        var x = new float[count];
        var y = new float[count];
        for (int i = 0; i < count; i++)
        {
            x[i] = (float)(span * (centres[i % 25].X + (0.03 * random.NextGaussian()) + 0.2));
            y[i] = (float)(span * (centres[i % 25].Y + (0.03 * random.NextGaussian()) - 0.1));
        }

        return (x, y);
    }
}

using CrossModalVae.Analysis.Tests.Projection;
using CrossModalVae.Metrics;

namespace CrossModalVae.Analysis.Tests.Metrics;

public class TrustworthinessTests
{
    // The golden file holds single precision.
    private const double Tolerance = 1e-6;

    [Fact]
    public void Score_ScikitLearnsCase_GivesItsValues()
    {
        float[] expected = GoldenProjection.Read("trustworthiness");
        float[] points = GoldenProjection.Points;
        float[] layout = GoldenProjection.Read("layout");

        Assert.Equal(expected[0], Trustworthiness.Score(points, layout, 800, 20, 2, 5), Tolerance);
        Assert.Equal(expected[1], Trustworthiness.Score(points, layout, 800, 20, 2, 12), Tolerance);
    }

    [Fact]
    public void Score_FourPointsByHand()
    {
        // Input 0, 1, 3, 7; shown 0, 1, 7, 3: the nearest shown of each is 1, 0, 3, 1, of input
        // ranks 1, 1, 3, 2. Excess over 1: 0, 0, 2, 1.
        double score = Trustworthiness.Score([0, 1, 3, 7], [0, 1, 7, 3], 4, 1, 1, 1);

        Assert.Equal(1 - (2.0 / (4 * 1 * (8 - 3 - 1)) * 3), score, 12);
    }

    [Fact]
    public void Score_TheInputItself_IsOne() =>
        Assert.Equal(1, Trustworthiness.Score(GoldenProjection.Points, GoldenProjection.Points, 800, 20, 20));

    [Fact]
    public void Score_Sample_IsNearTheWhole()
    {
        float[] points = GoldenProjection.Points;
        float[] layout = GoldenProjection.Read("layout");

        double whole = Trustworthiness.Score(points, layout, 800, 20, 2);
        double sample = Trustworthiness.Score(points, layout, 800, 20, 2, sampleCount: 200);

        Assert.Equal(whole, sample, 0.01);
        Assert.NotEqual(whole, sample);
        Assert.Equal(whole, Trustworthiness.Score(points, layout, 800, 20, 2, sampleCount: 5_000));
    }

    [Fact]
    public void Score_BadInput_Throws()
    {
        Assert.Equal(
            "'neighbourCount' is 2; must be at least 1 and below half of the 4 points. (Parameter 'neighbourCount')",
            Assert.Throws<ArgumentOutOfRangeException>(() => Trustworthiness.Score(new float[4], new float[4], 4, 1, 1, 2)).Message);
        Assert.Equal(
            "'values' and 'layout' have 4 and 3 numbers; must have 4 rows x 1 and x 1.",
            Assert.Throws<ArgumentException>(() => Trustworthiness.Score(new float[4], new float[3], 4, 1, 1, 1)).Message);
    }
}

using CrossModalVae.Pictures.Drawing;
using ScottPlot;

namespace CrossModalVae.Pictures.Tests.Drawing;

public class AxisTests
{
    private const double Exact = 1e-12;

    [Fact]
    public void Share_Linear_IsProportional()
    {
        var axis = new Axis("", -10, 30);

        Assert.Equal(0, axis.Fraction(-10), Exact);
        Assert.Equal(0.25, axis.Fraction(0), Exact);
        Assert.Equal(1, axis.Fraction(30), Exact);
    }

    [Fact]
    public void Share_Probit_IsProportionalToNormalQuantiles()
    {
        // Two standard deviations on both sides.
        var axis = new Axis("", 2.275013194817921, 97.7249868051821) { Probit = true };

        Assert.Equal(0.5, axis.Fraction(50), Exact);
        Assert.Equal(0.75, axis.Fraction(84.1344746068543), 1e-9); // one standard deviation up, percentage by scipy.stats.norm.cdf
        Assert.Equal(0.25, axis.Fraction(15.8655253931457), 1e-9);
    }

    [Theory]
    [InlineData(new double[] { 5, 5 }, 2.3, 7.7)]
    [InlineData(new double[] { 0, 0 }, -1.08, 1.08)]
    [InlineData(new double[] { 1, 2, 3 }, 0.92, 3.08)]
    public void Around_Values_LeavesALittleRoom(double[] values, double low, double high)
    {
        Axis axis = Axis.Covering("", values);

        Assert.Equal(low, axis.Low, Exact);
        Assert.Equal(high, axis.High, Exact);
    }

    [Fact]
    public void Around_FromZero_StartsThereUnlessAValueIsBelow()
    {
        Assert.Equal(0, Axis.Covering("", [2, 4], fromZero: true).Low);
        Assert.True(Axis.Covering("", [-1, 4], fromZero: true).Low < -1);
    }

    [Theory]
    [InlineData(0, 1e9, 600)]
    [InlineData(-12345678, -12345670, 400)]
    [InlineData(0.1, 0.1000004, 500)]
    [InlineData(0, 100, 60)]
    [InlineData(0, 100, 5)]
    [InlineData(3, 87, 1000)]
    public void Ticks_AnyLength_LabelsKeepTheirDistance(double low, double high, double length)
    {
        const double PixelsPerLetter = 8;
        var axis = new Axis("", low, high);

        IReadOnlyList<Tick> ticks = axis.Ticks(length, Extent);

        Assert.NotEmpty(ticks);
        for (int i = 1; i < ticks.Count; i++)
        {
            double room = length * (axis.Fraction(ticks[i].Position) - axis.Fraction(ticks[i - 1].Position));
            double needed = (Extent(ticks[i].Label) + Extent(ticks[i - 1].Label)) / 2;
            Assert.True(room >= needed, $"{ticks[i - 1].Label} and {ticks[i].Label} are {room} apart");
        }

        static double Extent(string text) => PixelsPerLetter * text.Length;
    }

    [Fact]
    public void Ticks_Probit_AreTheUsualOnesAndHoldTheMiddle()
    {
        var axis = new Axis("", 0.1, 99.9) { Probit = true };

        Assert.Equal(["0.1", "1", "5", "20", "50", "80", "95", "99", "99.9"], axis.Ticks(270, _ => 26).Select(tick => tick.Label));
    }
}

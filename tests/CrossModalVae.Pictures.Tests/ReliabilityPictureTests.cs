using CrossModalVae.Metrics;
using ScottPlot;

namespace CrossModalVae.Pictures.Tests;

public class ReliabilityPictureTests
{
    private const double Exact = 1e-9;

    [Fact]
    public void Draw_Table_HasAMarkARowAtItsShares()
    {
        Picture picture = ReliabilityPicture.Draw([new(0.1, 0.2, 300, 0.15, 0.25), new(0.6, 0.5, 100)]);

        (double X, double Y, MarkerStyle Style)[] marks = picture.Marks();
        Assert.Equal(2, marks.Length);
        Assert.Equal(0.1, marks[0].X, Exact);
        Assert.Equal(0.2, marks[0].Y, Exact);
        (double X, double Y, double Radius)[] discs = picture.Discs(Palette.Blue);
        Assert.Equal(picture.Frame().Left + (0.1 * picture.Frame().Width), discs[0].X, 0.011);
        Assert.Equal(3, Math.Pow(discs[0].Radius / discs[1].Radius, 2), 0.02); // areas as the trials
        (double X, double Y)[] interval = Assert.Single(picture.Curves("interval"));
        Assert.Equal([0.15, 0.25], interval.Select(end => Math.Round(end.Y, 9)));
        Assert.Equal([(0.0, 0.0), (1.0, 1.0)], Assert.Single(picture.Curves("calibrated")));
        Assert.Equal(["observed", "400 trials", "calibrated", "area: trials"], picture.LegendTexts());
        Assert.Empty(picture.Collisions());
    }

    [Fact]
    public void Draw_RowsOfFewTrials_ArePaleAndUnconnected()
    {
        ReliabilityBin[] bins =
            [new(0.1, 0.1, 300), new(0.3, 0.2, 200), new(0.5, 1, 1, 0, 1), new(0.7, 0.6, 80), new(0.8, 0.9, 25), new(0.95, 0, 24)];

        Picture picture = ReliabilityPicture.Draw(bins);

        (double X, double Y)[][] curves = picture.Curves("curve");
        Assert.Equal(2, curves.Length); // on either side of the row of one trial
        Assert.Equal([0.1, 0.3], curves[0].Select(point => Math.Round(point.X, 9)));
        Assert.Equal([0.7, 0.8], curves[1].Select(point => Math.Round(point.X, 9)));
        Assert.Equal(
            [Palette.Blue, Palette.Blue, Palette.Pale, Palette.Blue, Palette.Blue, Palette.Pale],
            picture.Marks().Select(mark => mark.Style.FillColor));
        Assert.Equal(["observed", "630 trials", "fewer than 25", "calibrated", "area: trials"], picture.LegendTexts());
        Assert.DoesNotContain( // no blue interval
            picture.Strokes(Palette.Blue), stroke => stroke.Length == 2 && stroke[0].X == stroke[1].X);
        Assert.Empty(picture.Collisions());
    }

    [Fact]
    public void Draw_BadTables_AreRefused()
    {
        Assert.Equal("'bins' is empty; must have at least one entry to draw. (Parameter 'bins')", Refusal());
        Assert.Equal(
            "'bins' has Observed NaN at entry 0; must be 0 to 1. (Parameter 'bins')", Refusal(new ReliabilityBin(0.5, double.NaN, 1)));
        Assert.Equal("'bins' has Count 0 at entry 0; must be at least 1. (Parameter 'bins')", Refusal(new ReliabilityBin(0.5, 0.5, 0)));
        Assert.Equal(
            "'bins' has Predicted 0.2 at entry 1 after 0.5; must be ascending. (Parameter 'bins')",
            Refusal(new ReliabilityBin(0.5, 0.5, 1), new ReliabilityBin(0.2, 0.5, 1)));

        static string Refusal(params ReliabilityBin[] bins) =>
            Assert.Throws<ArgumentException>(() => ReliabilityPicture.Draw(bins)).Message;
    }
}

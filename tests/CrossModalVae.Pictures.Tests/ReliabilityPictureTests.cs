using System.Xml.Linq;
using CrossModalVae.Metrics;
using CrossModalVae.Pictures.Drawing;

namespace CrossModalVae.Pictures.Tests;

public class ReliabilityPictureTests
{
    [Fact]
    public void Draw_Table_HasAMarkARowAtItsShares()
    {
        Picture picture = ReliabilityPicture.Draw([new(0.1, 0.2, 300, 0.15, 0.25), new(0.6, 0.5, 100)]);

        PixelBox frame = picture.Frame();
        XElement[] marks = picture.Svg("bin");
        Assert.Equal(2, marks.Length);
        Assert.Equal(frame.Left + (0.1 * frame.Width), marks[0].Number("cx"), 0.01);
        Assert.Equal(frame.Bottom - (0.2 * frame.Height), marks[0].Number("cy"), 0.01);
        Assert.Equal(3, Math.Pow(marks[0].Number("r") / marks[1].Number("r"), 2), 0.02); // areas as the trials
        Assert.Single(picture.Svg("interval"));
        Assert.Equal(["observed", "400 trials, mean gap 10.0%", "calibrated", "area: trials"], picture.Texts("legend"));
        Assert.Empty(picture.Collisions());
    }

    [Fact]
    public void Draw_BadTables_AreRefused()
    {
        Assert.Equal("'bins' is empty; must have at least one entry to draw. (Parameter 'bins')", Refusal());
        Assert.Equal("'bins' has Observed NaN at entry 0; must be 0 to 1. (Parameter 'bins')", Refusal(new ReliabilityBin(0.5, double.NaN, 1)));
        Assert.Equal("'bins' has Count 0 at entry 0; must be at least 1. (Parameter 'bins')", Refusal(new ReliabilityBin(0.5, 0.5, 0)));
        Assert.Equal(
            "'bins' has Predicted 0.2 at entry 1 after 0.5; must be ascending. (Parameter 'bins')", Refusal(new ReliabilityBin(0.5, 0.5, 1), new ReliabilityBin(0.2, 0.5, 1)));

        static string Refusal(params ReliabilityBin[] bins) => Assert.Throws<ArgumentException>(() => ReliabilityPicture.Draw(bins)).Message;
    }
}

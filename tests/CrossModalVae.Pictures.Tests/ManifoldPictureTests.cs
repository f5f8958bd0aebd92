using System.Xml.Linq;
using CrossModalVae.Pictures.Drawing;

namespace CrossModalVae.Pictures.Tests;

public class ManifoldPictureTests
{
    // SVG coordinates have two decimals.
    private const double SvgRounding = 0.0051;

    private static readonly ManifoldPoint[] Four =
    [
        new(-10, 0, "ann", Modality.Face), new(10, 0, "ann", Modality.Voice), new(0, -5, "bob", Modality.Face), new(0, 5, "bob", Modality.Joint),
    ];

    [Fact]
    public void Draw_Points_LieWhereTheAxesSay()
    {
        Picture picture = ManifoldPicture.Draw(Four);

        PixelBox frame = picture.Frame();
        (double middleX, double middleY) = ((frame.Left + frame.Right) / 2, (frame.Top + frame.Bottom) / 2);
        XElement[] faces = picture.Svg("face");
        Assert.Equal(2, faces.Length);
        Assert.Equal(middleY, faces[0].Number("cy"), SvgRounding);
        Assert.Equal(middleX, faces[1].Number("cx"), SvgRounding);
        double unitX = (middleX - faces[0].Number("cx")) / 10;
        double unitY = (faces[1].Number("cy") - middleY) / 5;
        Assert.Equal(unitX, unitY, SvgRounding); // a unit is as long in both directions
        Assert.Equal(frame.Width, unitX * 20 * 1.08, 0.01 * frame.Width); // the wider range fills the frame but for 4 % at each end

        XElement voice = Assert.Single(picture.Svg("voice"));
        PixelPoint[] corners = voice.Points();
        Assert.Equal(3, corners.Length);
        Assert.Equal(middleX + (10 * unitX), corners.Average(corner => corner.X), SvgRounding);
        Assert.Equal(middleY, corners.Average(corner => corner.Y), SvgRounding);
        Assert.Equal(4, Assert.Single(picture.Svg("joint")).Points().Length);
    }

    [Fact]
    public void Draw_Png_ShowsTheMarksColours()
    {
        Picture picture = ManifoldPicture.Draw(Four);

        XElement ann = picture.Svg("face")[0];
        XElement bob = picture.Svg("face")[1];
        Assert.Equal(Palette.Blue, picture.Pixel(ann.Number("cx"), ann.Number("cy")));
        Assert.Equal(Palette.Orange, picture.Pixel(bob.Number("cx"), bob.Number("cy")));
        Assert.Equal(Colour.White, picture.Pixel(ann.Number("cx") + 20, ann.Number("cy") + 20));
    }

    [Fact]
    public void Draw_Twice_GivesTheSameBytes()
    {
        Assert.Equal(ManifoldPicture.Draw(Four).ToSvg(), ManifoldPicture.Draw([.. Four]).ToSvg());
        Assert.Equal(ManifoldPicture.Draw(Four).ToPng(), ManifoldPicture.Draw([.. Four]).ToPng());
    }

    [Fact]
    public void Draw_ManyIdentities_ColoursThoseWithMostPointsAndSaysHowManyAreGrey()
    {
        ManifoldPoint[] points =
        [
            .. Enumerable.Range(0, 30).Select(i => new ManifoldPoint(i, i % 7, $"p{i:00}", Modality.Face)),
            .. Enumerable.Range(25, 5).Select(i => new ManifoldPoint(i, 3 + (i % 7), $"p{i:00}", Modality.Voice)),
        ];

        Picture picture = ManifoldPicture.Draw(points, legendCount: 7);

        Assert.Equal(["modality", "voice", "face", "30 identities", "p00", "p01", "p25", "p26", "p27", "p28", "p29", "23 others in grey"], picture.Texts("legend"));
        Assert.Equal(23, picture.Svg("face").Count(mark => mark.Attribute("fill")!.Value == Colour.Pale.Hex));
        Assert.All(picture.Svg("face").Take(23), mark => Assert.Equal(Colour.Pale.Hex, mark.Attribute("fill")!.Value)); // beneath the others
        Assert.All(picture.Svg("voice"), mark => Assert.NotEqual(Colour.Pale.Hex, mark.Attribute("fill")!.Value));
    }

    [Fact]
    public void Draw_FullLegend_NothingOverlapsAndNoMarkLiesBesideTheFrame()
    {
        ManifoldPoint[] points =
        [
            .. Enumerable.Range(0, 600).Select(i =>
                new ManifoldPoint(1000 * Math.Sin(i), 40 * Math.Cos(1.7 * i), $"a rather long name of an identity {i % 60}", (Modality)(i % 3))),
        ];

        Picture picture = ManifoldPicture.Draw(points, ManifoldPicture.LargestLegendCount, "first component", "second component");

        Assert.Empty(picture.Collisions());
        PixelBox frame = picture.Frame();
        Assert.All(picture.Svg("face"), mark => Assert.InRange(mark.Number("cx"), frame.Left, frame.Right));
        Assert.All(picture.Svg("face"), mark => Assert.InRange(mark.Number("cy"), frame.Top, frame.Bottom));
        Assert.All(picture.Scene.Items.OfType<TextItem>().Where(text => text.Kind == "legend"), text => Assert.True(text.Box.Left > frame.Right));
    }

    [Fact]
    public void Draw_OnePoint_IsInTheMiddle()
    {
        Picture picture = ManifoldPicture.Draw([new(3, 4, "ann", Modality.Face)]);

        PixelBox frame = picture.Frame();
        XElement face = Assert.Single(picture.Svg("face"));
        Assert.Equal((frame.Left + frame.Right) / 2, face.Number("cx"), SvgRounding);
        Assert.Equal((frame.Top + frame.Bottom) / 2, face.Number("cy"), SvgRounding);
    }

    [Fact]
    public void Draw_NothingOrNaN_IsRefused()
    {
        ArgumentException empty = Assert.Throws<ArgumentException>(() => ManifoldPicture.Draw([]));
        ArgumentException nan = Assert.Throws<ArgumentException>(() => ManifoldPicture.Draw([Four[0], Four[1] with { Y = double.NaN }]));

        Assert.Equal("'points' is empty; must have at least one entry to draw. (Parameter 'points')", empty.Message);
        Assert.Equal("'points' has Y NaN at entry 1; must be finite. (Parameter 'points')", nan.Message);
    }

    [Fact]
    public void Draw_IdentityWithMarkup_IsEscaped()
    {
        const string Name = "<b>&\"x\u0001";

        Picture picture = ManifoldPicture.Draw([new(0, 0, Name, Modality.Face)]);

        Assert.Contains("&lt;b&gt;&amp;\"x\uFFFD", picture.ToSvg(), StringComparison.Ordinal);
        Assert.Equal("<b>&\"x\uFFFD", picture.Texts("legend")[^1]);
    }

    [Fact]
    public void Draw_LegendWithoutRoom_SaysWhatToChange()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(
            () => ManifoldPicture.Draw(Four, options: new PictureOptions { Width = 140, Height = 100 }));

        Assert.EndsWith("pixels for its data; must be at least 40 x 40: choose a larger Width or Height, or a smaller FontSize.", e.Message, StringComparison.Ordinal);
    }
}

using ScottPlot;

namespace CrossModalVae.Pictures.Tests;

public class ManifoldPictureTests
{
    private const double Exact = 1e-6;

    // SVG coordinates come from single precision.
    private const double Rounding = 0.011;

    private static readonly ManifoldPoint[] Four =
    [
        new(-10, 0, "ann", Modality.Face), new(10, 0, "ann", Modality.Voice),
        new(0, -5, "bob", Modality.Face), new(0, 5, "bob", Modality.Joint),
    ];

    [Fact]
    public void Draw_Points_LieWhereTheAxesSay()
    {
        Picture picture = ManifoldPicture.Draw(Four);

        PixelRect frame = picture.Frame();
        (double X, double Y, MarkerStyle Style)[] marks = picture.Marks();
        Assert.Equal(
            [MarkerShape.FilledCircle, MarkerShape.FilledTriangleUp, MarkerShape.FilledCircle, MarkerShape.FilledDiamond],
            marks.Select(mark => mark.Style.Shape));
        Assert.Equal([0.5, 0.5], new[] { marks[0].Y, marks[1].Y }, Near);
        Assert.Equal([0.5, 0.5], new[] { marks[2].X, marks[3].X }, Near);
        double unitX = (marks[1].X - marks[0].X) * frame.Width / 20;
        double unitY = (marks[3].Y - marks[2].Y) * frame.Height / 10;
        Assert.Equal(unitX, unitY, 1e-3); // a unit is as long in both directions
        Assert.Equal(frame.Width, unitX * 20 * 1.08, 0.01 * frame.Width); // the wider range fills the frame but for 4 % at each end
        (double x, double y, _) = Assert.Single(picture.Discs(Palette.Blue));
        Assert.Equal(frame.Left + (marks[0].X * frame.Width), x, Rounding);
        Assert.Equal(frame.VerticalCenter, y, Rounding);

        static bool Near(double a, double b) => Math.Abs(a - b) < Exact;
    }

    [Fact]
    public void Draw_AxesWithoutNames_HaveNoNumbers()
    {
        Picture plain = ManifoldPicture.Draw(Four);
        Picture named = ManifoldPicture.Draw(Four, xLabel: "first", yLabel: "second");

        Assert.Empty(plain.Panels[0].Plot.Axes.Bottom.TickTexts());
        Assert.Empty(plain.Panels[0].Plot.Axes.Left.TickTexts());
        Assert.Equal(
            plain.LegendTexts().Append("Voices and faces").Order(StringComparer.Ordinal), plain.Texts().Order(StringComparer.Ordinal));
        Assert.NotEmpty(named.Panels[0].Plot.Axes.Bottom.TickTexts());
        Assert.Contains("first", named.Texts());
    }

    [Theory]
    [InlineData(100, 60)]
    [InlineData(100, 100)]
    [InlineData(60, 100)]
    [InlineData(1000, 1)]
    [InlineData(1, 1000)]
    public void Draw_PointsOfAnyShape_LeaveNoHalfEmpty(double width, double height)
    {
        ManifoldPoint[] points =
            [.. Enumerable.Range(0, 50).Select(i => new ManifoldPoint(width * (i % 7 / 6.0), height * (i % 5 / 4.0), "p", Modality.Face))];

        Picture picture = ManifoldPicture.Draw(points);

        (double X, double Y, MarkerStyle Style)[] marks = picture.Marks();
        double acrossX = marks.Max(mark => mark.X) - marks.Min(mark => mark.X);
        double acrossY = marks.Max(mark => mark.Y) - marks.Min(mark => mark.Y);
        Assert.InRange(Math.Max(acrossX, acrossY), 0.85, 1);
        Assert.InRange(picture.Frame().Width, 300, 900);
        Assert.InRange(picture.Frame().Height, 300, 900);
        if (Math.Max(width, height) < 500)
        {
            Assert.InRange(Math.Min(acrossX, acrossY), 0.85, 1);
        }
    }

    [Fact]
    public void Draw_Classes_AreNamedAndThoseWithoutOneAreGrey()
    {
        ManifoldPoint[] points =
        [
            new(0, 0, "cluster 0", Modality.Face), new(1, 0, "cluster 0", Modality.Voice), new(5, 5, "cluster 2", Modality.Face),
            new(5, 6, "cluster 10", Modality.Face),
            .. Enumerable.Range(0, 3).Select(i => new ManifoldPoint(2, i, "in no cluster", Modality.Face) { IsUnclassed = true }),
        ];

        Picture picture = ManifoldPicture.Draw(
            points, options: new PictureOptions { Title = "Clusters" }, noun: ("cluster", "clusters"));

        Assert.Equal(
            ["modality", "voice", "face", "3 clusters", "cluster 0", "cluster 2", "cluster 10", "in no cluster, 3 in grey"],
            picture.LegendTexts());
        Assert.Equal(3, picture.Discs(Palette.Pale).Length);
    }

    [Fact]
    public void Draw_Png_ShowsTheMarksColours()
    {
        Picture picture = ManifoldPicture.Draw(Four);

        (double x, double y, _) = picture.Discs(Palette.Blue)[0];
        Assert.Equal(Palette.Blue, picture.Pixel(x, y));
        Assert.Equal(Palette.White, picture.Pixel(x + 20, y + 20));
        (x, y, _) = picture.Discs(Palette.Orange)[0];
        Assert.Equal(Palette.Orange, picture.Pixel(x, y));
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

        Assert.Equal(
            ["modality", "voice", "face", "30 identities", "p00", "p01", "p25", "p26", "p27", "p28", "p29", "23 others in grey"],
            picture.LegendTexts());
        Assert.Equal(23, picture.Discs(Palette.Pale).Length);
        MarkerStyle[] styles = [.. picture.Marks().Select(mark => mark.Style)];
        Assert.All(styles.Take(23), style => Assert.Equal(Palette.Pale, style.FillColor)); // beneath the others
        Assert.All(styles.Skip(23), style => Assert.NotEqual(Palette.Pale, style.FillColor));
        Assert.Equal(5, styles.Count(style => style.Shape == MarkerShape.FilledTriangleUp));
    }

    [Fact]
    public void Draw_FullLegend_NothingOverlapsAndNoMarkLiesBesideTheFrame()
    {
        ManifoldPoint[] points =
        [
            .. Enumerable.Range(0, 600).Select(i => new ManifoldPoint(
                1000 * Math.Sin(i), 40 * Math.Cos(1.7 * i), $"a rather long name of an identity {i % 60}", (Modality)(i % 3))),
        ];

        Picture picture = ManifoldPicture.Draw(points, ManifoldPicture.LargestLegendCount, "first component", "second component");

        Assert.Empty(picture.Collisions());
        Assert.All(picture.Marks(), mark => Assert.InRange(mark.X, 0, 1));
        Assert.All(picture.Marks(), mark => Assert.InRange(mark.Y, 0, 1));
        Assert.Equal(600, picture.Marks().Length);
        PictureReading.AssertLegendIsBesideTheFrame(picture);
    }

    [Theory]
    [InlineData(700, 360, 16)]
    [InlineData(400, 300, 9)]
    [InlineData(1600, 500, 20)]
    public void Draw_LowPicture_PutsTheLegendInColumns(double width, double height, double fontSize)
    {
        ManifoldPoint[] points = [.. Enumerable.Range(0, 30).Select(i => new ManifoldPoint(i, i * i % 17, $"p{i:00}", Modality.Face))];

        Picture picture = ManifoldPicture.Draw(points, options: new PictureOptions { Width = width, Height = height, FontSize = fontSize });

        Assert.Equal(24, picture.LegendTexts().Length);
        Assert.Empty(picture.Collisions());
        PictureReading.AssertLegendIsBesideTheFrame(picture);
    }

    [Fact]
    public void Draw_OnePoint_IsInTheMiddle()
    {
        Picture picture = ManifoldPicture.Draw([new(3, 4, "ann", Modality.Face)]);

        (double x, double y, _) = Assert.Single(picture.Discs(Palette.Blue));
        Assert.Equal(picture.Frame().HorizontalCenter, x, Rounding);
        Assert.Equal(picture.Frame().VerticalCenter, y, Rounding);
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
        const string Name = "<b>&\"x\u0001\n]]>";

        Picture picture = ManifoldPicture.Draw([new(0, 0, Name, Modality.Face)]);

        Assert.Contains("&lt;b&gt;&amp;\"x\uFFFD\uFFFD]]&gt;", picture.ToSvg(), StringComparison.Ordinal);
        Assert.Contains("<b>&\"x\uFFFD\uFFFD]]>", picture.Texts());
    }

    [Fact]
    public void Draw_IdentitiesInScriptsThatTheFontLacks_KeepTheirNamesInSvg()
    {
        string[] names = ["李四", "張三", "하나", "Ωμέγα", "Женя", "\U0001F600a"];

        Picture picture = ManifoldPicture.Draw([.. names.Select((name, i) => new ManifoldPoint(i, i, name, Modality.Face))]);

        Assert.Equal(names.Order(StringComparer.Ordinal), picture.Texts().Intersect(names).Order(StringComparer.Ordinal));
        Assert.DoesNotContain('\uFFFD', picture.ToSvg());
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData(" a  b ")]
    public void Draw_IdentityOfSpaces_IsDrawn(string name)
    {
        Picture picture = ManifoldPicture.Draw([new(0, 0, name, Modality.Face)], options: new PictureOptions { Title = name });

        Assert.Equal(name.Trim().Length == 0 ? 0 : 2, picture.Texts().Count(text => text == "a b")); // in the title and in the legend
        Assert.Equal(Palette.Blue, picture.Pixel(picture.Frame().HorizontalCenter, picture.Frame().VerticalCenter));
    }

    [Fact]
    public void Draw_LegendWithoutRoom_SaysWhatToChange()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(
            () => ManifoldPicture.Draw(Four, options: new PictureOptions { Width = 140, Height = 100 }));

        Assert.EndsWith(
            "pixels for its data; must be at least 40 x 40: choose a larger Width or Height, or a smaller FontSize.",
            e.Message,
            StringComparison.Ordinal);
    }
}

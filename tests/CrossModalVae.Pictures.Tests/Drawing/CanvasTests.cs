using CrossModalVae.Faces;
using CrossModalVae.Pictures.Drawing;

namespace CrossModalVae.Pictures.Tests.Drawing;

public class CanvasTests
{
    private const int Size = 40;

    // Share of a pixel's blackness; coverage is measured by the distance to an edge, exact for straight edges along the axes.
    private const double AreaTolerance = 0.02;

    [Fact]
    public void Fill_Rectangle_CoversPixelsByTheirShare()
    {
        var canvas = new Canvas(Size, Size);

        canvas.Fill(new PixelBox(10.25, 10, 20, 20.5).Corners, Colour.Black, 1);

        Assert.Equal(0, Darkness(canvas, 9, 15));
        Assert.Equal(0.75, Darkness(canvas, 10, 15), AreaTolerance);
        Assert.Equal(1, Darkness(canvas, 11, 15));
        Assert.Equal(0.5, Darkness(canvas, 15, 20), AreaTolerance);
        Assert.Equal(0, Darkness(canvas, 20, 15));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(7.3)]
    [InlineData(15)]
    public void Disc_AnyRadius_HasItsArea(double radius)
    {
        var canvas = new Canvas(Size, Size);

        canvas.Disc(new PixelPoint(20.2, 19.7), radius, Colour.Black);

        double area = Math.PI * radius * radius;
        Assert.Equal(area, Area(canvas), AreaTolerance * area);
    }

    [Fact]
    public void Fill_Triangle_HasItsArea()
    {
        var canvas = new Canvas(Size, Size);

        canvas.Fill([new(5.3, 4.1), new(33.7, 12.2), new(11.9, 35.5)], Colour.Black, 1);

        double area = Math.Abs(((33.7 - 5.3) * (35.5 - 4.1)) - ((11.9 - 5.3) * (12.2 - 4.1))) / 2;
        Assert.Equal(area, Area(canvas), AreaTolerance * area);
    }

    [Fact]
    public void Stroke_LineOfOnePixel_IsSharp()
    {
        var canvas = new Canvas(Size, Size);

        canvas.Stroke([[new(5.5, 10.5), new(30.5, 10.5)]], 1, Colour.Black);

        Assert.Equal([0, 1, 0], new[] { 9, 10, 11 }.Select(y => Darkness(canvas, 20, y)));
    }

    [Fact]
    public void Stroke_SlantedLine_HasItsAreaAndRoundEnds()
    {
        var canvas = new Canvas(Size, Size);

        canvas.Stroke([[new(8, 8), new(29, 36)]], 4, Colour.Black);

        double area = (35 * 4) + (Math.PI * 4);
        Assert.Equal(area, Area(canvas), AreaTolerance * area);
    }

    [Fact]
    public void Stroke_CrossingLines_AreNotPaintedTwice()
    {
        var one = new Canvas(Size, Size);
        var twice = new Canvas(Size, Size);
        PixelPoint[] line = [new(5, 7), new(33, 21)];

        one.Stroke([line], 1.6, Colour.Black);
        twice.Stroke([line, [.. line.Reverse()]], 1.6, Colour.Black);

        Assert.Equal(one.Pixels.ToArray(), twice.Pixels.ToArray());
    }

    [Fact]
    public void Fill_Opacity_MixesWithWhatIsThere()
    {
        var canvas = new Canvas(Size, Size);

        canvas.Fill(new PixelBox(0, 0, Size, Size).Corners, Colour.Black, 0.25);

        Assert.Equal(0.25, Darkness(canvas, 20, 20), AreaTolerance);
    }

    [Fact]
    public void Shapes_BeyondTheEdge_AreCut()
    {
        var canvas = new Canvas(Size, Size);

        canvas.Disc(new PixelPoint(0, 0), 10, Colour.Black);
        canvas.Fill(new PixelBox(-10, 30, 5, 60).Corners, Colour.Black, 1);
        canvas.Stroke([[new(20, -20), new(60, 20)]], 2, Colour.Black);
        canvas.Disc(new PixelPoint(-100, -100), 5, Colour.Black);
        canvas.Fill(new PixelBox(100, 100, 150, 150).Corners, Colour.Black, 1);

        Assert.Equal(1, Darkness(canvas, 0, 0));
        Assert.Equal(1, Darkness(canvas, 0, 39));
        Assert.Equal(0, Darkness(canvas, 20, 20));
    }

    [Fact]
    public void Photograph_ShrunkAndGrown_ShowsTheMeans()
    {
        var pixels = new byte[3 * 8 * 8];
        for (int i = 0; i < 64; i++)
        {
            pixels.AsSpan(3 * i, 3).Fill(i % 8 < 4 ? (byte)0 : (i / 8 % 2 == 0) == (i % 2 == 0) ? (byte)100 : (byte)200);
        }

        var canvas = new Canvas(Size, Size);
        canvas.Photograph(new PixelBox(0, 0, 4, 4), new FaceImage(pixels, 8, 8));
        canvas.Photograph(new PixelBox(10, 10, 26, 26), new FaceImage(pixels, 8, 8));

        Assert.Equal([0, 0, 150, 150, 255], Enumerable.Range(0, 5).Select(x => (int)canvas.Pixels[3 * ((2 * Size) + x)]));
        Assert.Equal([255, 0, 100, 200, 255], new[] { 9, 10, 18, 20, 26 }.Select(x => (int)canvas.Pixels[3 * ((10 * Size) + x)]));
    }

    private static double Darkness(Canvas canvas, int x, int y) => 1 - (canvas.Pixels[3 * ((y * canvas.Width) + x)] / 255.0);

    private static double Area(Canvas canvas)
    {
        double area = 0;
        for (int i = 0; i < canvas.Width * canvas.Height; i++)
        {
            area += 1 - (canvas.Pixels[3 * i] / 255.0);
        }

        return area;
    }
}

using CrossModalVae.Pictures.Drawing;

namespace CrossModalVae.Pictures.Tests.Drawing;

public class CanvasPainterTests
{
    [Fact]
    public void Paint_DashedLine_HasItsDashesAndGaps()
    {
        var scene = new Scene(100, 20);
        scene.Line(new(0, 10), new(100, 10), new LineStyle(Colour.Black, 4, [12, 8]));

        Canvas canvas = CanvasPainter.Paint(scene, 1);

        bool[] dark = [.. Enumerable.Range(0, 100).Select(x => canvas.Pixels[3 * ((10 * 100) + x)] < 128)];
        Assert.All(Enumerable.Range(0, 5), dash => Assert.True(dark[(20 * dash) + 6]));
        Assert.All(Enumerable.Range(0, 5), dash => Assert.False(dark[(20 * dash) + 16]));
        Assert.Equal(60, dark.Count(pixel => pixel)); // twelve of twenty, round ends included
    }

    [Fact]
    public void Paint_DashesOverManyShortPieces_AreThoseOfTheWholeLine()
    {
        var whole = new Scene(100, 20);
        var pieces = new Scene(100, 20);
        var style = new LineStyle(Colour.Black, 2, [9, 6]);
        whole.Line(new(0, 10), new(99, 10), style);
        pieces.Add(new StrokeItem([.. Enumerable.Range(0, 100).Select(x => new PixelPoint(x, 10))], style));

        byte[] expected = CanvasPainter.Paint(whole, 1).Pixels.ToArray();
        byte[] actual = CanvasPainter.Paint(pieces, 1).Pixels.ToArray();

        Assert.All(expected.Zip(actual), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 128)); // ends of dashes may differ by half a pixel
        Assert.InRange(expected.Zip(actual).Count(pair => pair.First != pair.Second), 0, 3 * 4 * 14); // and only they
    }

    [Theory]
    [InlineData(nameof(TextAnchor.Start), 30, 60)]
    [InlineData(nameof(TextAnchor.Middle), 15, 45)]
    [InlineData(nameof(TextAnchor.End), 0, 30)]
    public void Paint_Text_LiesInItsBox(string anchor, int left, int right)
    {
        const string Text = "Hagel";
        double size = 30 / StrokeFont.Width(Text, 1);
        var scene = new Scene(60, 40);
        scene.Text(30, 25, Text, size, Enum.Parse<TextAnchor>(anchor));

        PixelBox ink = Ink(new Picture(scene));

        Assert.InRange(ink.Left, left, left + 2);
        Assert.InRange(ink.Right, right - 2, right);
        Assert.InRange(ink.Top, 25 - (StrokeFont.Ascent * size) - 1, 25 - (0.65 * size));
        Assert.InRange(ink.Bottom, 25 + (0.15 * size), 25 + (StrokeFont.Descent * size) + 1);
    }

    [Fact]
    public void Paint_TextUpwards_IsTurnedToTheLeft()
    {
        double size = 30 / StrokeFont.Width("Hagel", 1);
        var scene = new Scene(40, 60);
        scene.Text(25, 45, "Hagel", size, upwards: true);

        PixelBox ink = Ink(new Picture(scene));

        Assert.InRange(ink.Bottom, 43, 45);
        Assert.InRange(ink.Top, 15, 17);
        Assert.InRange(ink.Left, 25 - (StrokeFont.Ascent * size) - 1, 25 - (0.65 * size));
    }

    private static PixelBox Ink(Picture picture)
    {
        Canvas canvas = CanvasPainter.Paint(picture.Scene, 1);
        (int X, int Y)[] dark =
        [
            .. from y in Enumerable.Range(0, canvas.Height)
               from x in Enumerable.Range(0, canvas.Width)
               where canvas.Pixels[3 * ((y * canvas.Width) + x)] < 128
               select (x, y),
        ];
        return new PixelBox(dark.Min(p => p.X), dark.Min(p => p.Y), dark.Max(p => p.X) + 1, dark.Max(p => p.Y) + 1);
    }
}

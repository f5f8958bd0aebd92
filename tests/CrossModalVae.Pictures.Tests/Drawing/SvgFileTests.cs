using CrossModalVae.Pictures.Drawing;
using SkiaSharp;

namespace CrossModalVae.Pictures.Tests.Drawing;

public class SvgFileTests
{
    [Fact]
    public void Write_OneOfEach_IsThisDocument()
    {
        using var sheet = new Sheet(200, 100.5);
        var brush = new Brush(sheet);
        brush.Line(Palette.Orange, 1.5, (0, 0), (1.0051, 2.5), (3, 4));
        brush.Frame(SKRect.Create(1, 2, 3, 4), Palette.Green, 5);
        brush.Disc(7, 8, 2.5, Palette.Blue, Palette.White);
        brush.Text("a < b & \"c\" → d", 10, 20, 13, SKTextAlign.Center, Palette.Ink, bold: true);
        brush.Text("end", 30, 20, 13, SKTextAlign.Right, Palette.Ink);

        string svg = sheet.Finish().ToSvg();

        const string Fit = "lengthAdjust=\"spacingAndGlyphs\"";
        const string Families = "Arimo, Arial, 'Liberation Sans', Helvetica, sans-serif";
        const string Round = "stroke-linecap=\"round\" stroke-linejoin=\"round\"";
        const string Size = "width=\"200\" height=\"100.5\" viewBox=\"0 0 200 100.5\"";
        const string Spaces = "xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\"";
        const string Bold = "font-size=\"13\" font-weight=\"bold\"";
        string[] expected =
        [
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>",
            $"<svg {Spaces} {Size} font-family=\"{Families}\">",
            "  <rect fill=\"white\" width=\"200\" height=\"101\" />",
            $"  <path fill=\"none\" stroke=\"#E69F00\" stroke-width=\"1.5\" {Round} d=\"M0 0L1.01 2.5L3 4\" />",
            $"  <rect fill=\"none\" stroke=\"#009E73\" stroke-width=\"5\" {Round} x=\"1\" y=\"2\" width=\"3\" height=\"4\" />",
            "  <ellipse fill=\"#0072B2\" cx=\"7\" cy=\"8\" rx=\"2.5\" ry=\"2.5\" />",
            $"  <ellipse fill=\"none\" stroke=\"white\" stroke-width=\"1.2\" {Round} cx=\"7\" cy=\"8\" rx=\"2.5\" ry=\"2.5\" />",
            $"  <text fill=\"#222\" transform=\"translate(10 20)\" {Bold} x=\"0\" y=\"0\" "
                + $"text-anchor=\"middle\" textLength=\"94.32\" {Fit}>a &lt; b &amp; \"c\" → d</text>",
            "  <text fill=\"#222\" transform=\"translate(30 20)\" font-size=\"13\" x=\"0\" y=\"0\" "
                + $"text-anchor=\"end\" textLength=\"21.69\" {Fit}>end</text>",
            "</svg>",
            "",
        ];
        Assert.Equal(expected, svg.Split('\n'));
    }
}

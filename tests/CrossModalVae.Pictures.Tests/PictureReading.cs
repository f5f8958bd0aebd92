using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CrossModalVae.Pictures.Drawing;
using ScottPlot;
using ScottPlot.Plottables;
using SkiaSharp;

namespace CrossModalVae.Pictures.Tests;

/// <summary>What a reader of a picture's files finds in them, and what ScottPlot was told to draw.</summary>
internal static partial class PictureReading
{
    private const double Ascent = 0.73; // of Arimo's capitals and digits, as a share of the size
    private const double Descent = 0.21;

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    /// <summary>The elements of a name in the SVG document, in the order they are painted.</summary>
    public static XElement[] Elements(this Picture picture, string name) => [.. XDocument.Parse(picture.ToSvg()).Descendants(Svg + name)];

    /// <summary>Every text of the SVG document.</summary>
    public static string[] Texts(this Picture picture) => [.. picture.Elements("text").Select(text => text.Value)];

    /// <summary>The texts of the legend at the right, each of which is also in the SVG document.</summary>
    public static string[] LegendTexts(this Picture picture)
    {
        string[] legend = [.. picture.Panels[0].Plot.Axes.GetPanels().OfType<SideLegend>().Single().Texts];
        Assert.Empty(legend.Except(picture.Texts()));
        return legend;
    }

    public static double Number(this XElement element, string attribute) => Parse(element.Attribute(attribute)!.Value);

    /// <summary>The frame that the data of a panel lie in.</summary>
    public static PixelRect Frame(this Picture picture, int panel = 0) => picture.Panels[panel].Plot.LastRender.DataRect;

    public static string[] TickTexts(this IAxis axis) => [.. axis.TickGenerator.Ticks.Select(tick => tick.Label)];

    /// <summary>The curves of a name in a panel, as shares of the frame from its lower left corner.</summary>
    public static (double X, double Y)[][] Curves(this Picture picture, string name, int panel = 0)
    {
        Plot plot = picture.Panels[panel].Plot;
        return
        [
            .. plot.PlottableList.OfType<Scatter>().Where(scatter => scatter.LegendText == name)
                .Select(scatter => scatter.Data.GetScatterPoints().Select(point => Share(plot, point)).ToArray()),
        ];
    }

    /// <summary>The marks of a panel in the order of their painting, as shares of the frame from its lower left corner.</summary>
    public static (double X, double Y, MarkerStyle Style)[] Marks(this Picture picture, int panel = 0)
    {
        Plot plot = picture.Panels[panel].Plot;
        return
        [
            .. plot.PlottableList.OfType<StyledMarkers>().SelectMany(cloud => cloud.Marks)
                .Select(mark => (Share(plot, mark.At).X, Share(plot, mark.At).Y, mark.Style)),
        ];
    }

    /// <summary>The solid lines of a colour in the SVG document: the points of each, in pixels.</summary>
    public static (double X, double Y)[][] Strokes(this Picture picture, Color colour) =>
    [
        .. picture.Elements("path").Where(path => path.Attribute("stroke")?.Value == Hex(colour))
            .Select(path => Points(path.Attribute("d")!.Value)),
    ];

    /// <summary>The discs of a colour within the frame in the SVG document: centre and radius, in pixels.</summary>
    public static (double X, double Y, double Radius)[] Discs(this Picture picture, Color colour) =>
    [
        .. picture.Elements("ellipse").Where(disc => disc.Attribute("fill")?.Value == Hex(colour))
            .Select(disc => (disc.Number("cx"), disc.Number("cy"), disc.Number("rx"))).Where(disc => disc.Item1 <= picture.Frame().Right),
    ];

    /// <summary>The colour of the PNG file at scale 1, where a place of the picture lies.</summary>
    public static Color Pixel(this Picture picture, double x, double y)
    {
        using SKBitmap image = SKBitmap.Decode(picture.ToPng(1));
        return Color.FromSKColor(image.GetPixel((int)x, (int)y));
    }

    /// <summary>Every two texts of the picture that lie on each other, and every text that leaves it.</summary>
    public static string[] Collisions(this Picture picture)
    {
        (string Text, SKRect Box)[] texts = [.. picture.Elements("text").Select(text => (text.Value, Box(text)))];
        var faults = new List<string>();
        for (int i = 0; i < texts.Length; i++)
        {
            SKRect box = texts[i].Box;
            if (box.Left < 0 || box.Top < 0 || box.Right > picture.Width || box.Bottom > picture.Height)
            {
                faults.Add($"'{texts[i].Text}' is clipped");
            }

            IEnumerable<string> beneath = texts.Take(i).Where(other => box.IntersectsWith(other.Box)).Select(other => other.Text);
            faults.AddRange(beneath.Select(other => $"'{texts[i].Text}' lies on '{other}'"));
        }

        return [.. faults];
    }

    /// <summary>Every text of the legend lies at the right of the frame and within the picture.</summary>
    public static void AssertLegendIsBesideTheFrame(Picture picture)
    {
        string[] legend = picture.LegendTexts();
        XElement[] texts = [.. picture.Elements("text").Where(text => legend.Contains(text.Value))];
        Assert.True(texts.Length >= legend.Length);
        Assert.All(texts, text => Assert.InRange(Box(text).Left, picture.Frame().Right, picture.Width));
        Assert.All(texts, text => Assert.InRange(Box(text).Right, picture.Frame().Right, picture.Width));
    }

    /// <summary>The box of a text's letters: transform is a translation, or a matrix for text upwards.</summary>
    public static SKRect Box(XElement text)
    {
        float[] t = [.. Numbers().Matches(text.Attribute("transform")!.Value).Select(number => (float)Parse(number.Value))];
        (double left, double length, double size) = (text.Number("x"), text.Number("textLength"), text.Number("font-size"));
        left -= text.Attribute("text-anchor")?.Value switch { "middle" => length / 2, "end" => length, _ => 0 };
        var box = new SKRect(
            (float)left, (float)(text.Number("y") - (Ascent * size)), (float)(left + length), (float)(text.Number("y") + (Descent * size)));
        SKMatrix move = t.Length == 2 ? SKMatrix.CreateTranslation(t[0], t[1]) : new SKMatrix(t[0], t[2], t[4], t[1], t[3], t[5], 0, 0, 1);
        return move.MapRect(box);
    }

    private static string Hex(Color colour) => string.Create(CultureInfo.InvariantCulture, $"#{colour.R:X2}{colour.G:X2}{colour.B:X2}");

    private static (double X, double Y) Share(Plot plot, Coordinates at)
    {
        AxisLimits limits = plot.Axes.GetLimits();
        return ((at.X - limits.Left) / limits.HorizontalSpan, (at.Y - limits.Bottom) / limits.VerticalSpan);
    }

    private static (double X, double Y)[] Points(string path)
    {
        double[] numbers = [.. Numbers().Matches(path).Select(number => Parse(number.Value))];
        return [.. numbers.Chunk(2).Select(pair => (pair[0], pair[1]))];
    }

    private static double Parse(string number) => double.Parse(number, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"-?\d+(\.\d+)?(e-?\d+)?")]
    private static partial Regex Numbers();
}

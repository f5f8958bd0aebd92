using System.Text.RegularExpressions;
using System.Xml.Linq;
using SkiaSharp;

namespace CrossModalVae.Pictures.Drawing;

/// <summary>
/// A drawing as an SVG document. SkiaSharp writes it; this adds the view box, so that it scales, and makes each text one string of a fixed
/// length in the first of some fonts of equal widths, where SkiaSharp places every letter by itself and names the embedded font alone.
/// </summary>
internal static partial class SvgFile
{
    private const string Families = "Arimo, Arial, 'Liberation Sans', Helvetica, sans-serif";
    private const double AnchorSlack = 0.5; // in pixels

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    /// <summary>
    /// The document; <paramref name="foreign"/> has the texts with letters that the embedded font lacks, those that look the same in the
    /// order of their painting.
    /// </summary>
    public static string Write(Picture picture, IReadOnlyList<string> foreign)
    {
        (double width, double height) = (picture.Width, picture.Height);
        using var stream = new MemoryStream();
        using (SKCanvas canvas = SKSvgCanvas.Create(SKRect.Create((float)width, (float)height), stream))
        {
            picture.DrawOn(canvas);
        }

        stream.Position = 0;
        XDocument document = XDocument.Load(stream);
        document.Root!.SetAttributeValue("width", Number(width)); // SkiaSharp rounds
        document.Root.SetAttributeValue("height", Number(height));
        document.Root.SetAttributeValue("viewBox", $"0 0 {Number(width)} {Number(height)}");
        document.Root.SetAttributeValue("font-family", Families);
        Dictionary<string, Queue<string>> originals =
            foreign.GroupBy(text => Collapsed(EmbeddedFont.Shown(text))).ToDictionary(same => same.Key, same => new Queue<string>(same));
        document.Descendants(Svg + "text").Where(text => Collapsed(text.Value).Length == 0).Remove();
        foreach (XElement text in document.Descendants(Svg + "text"))
        {
            Simplify(text, originals);
        }

        // ScottPlot clips a legend to its text, which a reader's font may make longer.
        document.Descendants(Svg + "clipPath").Remove();
        document.Descendants(Svg + "g").Attributes("clip-path").Remove();
        foreach (XElement path in document.Descendants(Svg + "path"))
        {
            path.SetAttributeValue("d", LongNumbers().Replace(path.Attribute("d")!.Value, found => Number(Parse(found.ValueSpan))));
        }

        return $"{document.Declaration}\n{document}\n".ReplaceLineEndings("\n");
    }

    private static void Simplify(XElement text, Dictionary<string, Queue<string>> originals)
    {
        string shown = Collapsed(text.Value);
        double size = Parse(text.Attribute("font-size")!.Value);
        bool bold = text.Attribute("font-weight") is not null;
        double x = First(text.Attribute("x")!);
        double length = EmbeddedFont.Width(shown, size, bold);

        // Labels are painted around their place: where a text starts says what of it lies there, and a font of another width keeps that.
        string? anchor = Math.Abs(x + (length / 2)) < AnchorSlack ? "middle" : Math.Abs(x + length) < AnchorSlack ? "end" : null;
        text.SetAttributeValue("font-family", null);
        text.SetAttributeValue("font-weight", bold ? "bold" : null);
        text.SetAttributeValue("x", Number(anchor is null ? x : 0));
        text.SetAttributeValue("y", Number(First(text.Attribute("y")!)));
        text.SetAttributeValue("text-anchor", anchor);
        text.SetAttributeValue("textLength", Number(length));
        text.SetAttributeValue("lengthAdjust", "spacingAndGlyphs");
        text.Value = originals.TryGetValue(shown, out Queue<string>? same) && same.TryDequeue(out string? original) ? original : shown;
    }

    // As SVG shows it, and SkiaSharp writes it already.
    private static string Collapsed(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static double First(XAttribute list) => Parse(list.Value.AsSpan(0, list.Value.IndexOf(',', StringComparison.Ordinal)));

    private static double Parse(ReadOnlySpan<char> number) => double.Parse(number, CultureInfo.InvariantCulture);

    // A number of a path with more digits than anybody sees, or with an exponent.
    [GeneratedRegex(@"-?\d+(\.\d{3,}(e-?\d+)?|(\.\d+)?e-?\d+)")]
    private static partial Regex LongNumbers();

    /// <summary>Two decimals are a hundredth of a pixel; never "-0".</summary>
    private static string Number(double value) => (Math.Round(value, 2) + 0.0).ToString("0.##", CultureInfo.InvariantCulture);
}

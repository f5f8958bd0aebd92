using System.Globalization;
using System.Text;

namespace CrossModalVae.Pictures.Drawing;

/// <summary>A scene as an SVG 1.1 document: the same bytes for the same scene on every machine (a photograph's bytes are its PNG encoder's).</summary>
internal static class SvgWriter
{
    public static string Write(Scene scene)
    {
        var svg = new StringBuilder();
        svg.Append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        svg.Append(
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"{N(scene.Width)}\" height=\"{N(scene.Height)}\" viewBox=\"0 0 {N(scene.Width)} {N(scene.Height)}\" font-family=\"sans-serif\">\n");
        svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"{N(scene.Width)}\" height=\"{N(scene.Height)}\" fill=\"#FFFFFF\"/>\n");
        foreach (SceneItem item in scene.Items)
        {
            Append(svg, item);
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void Append(StringBuilder svg, SceneItem item)
    {
        switch (item)
        {
            case StrokeItem stroke:
                svg.Append("<polyline").Append(Class(item)).Append(" points=\"").Append(Points(stroke.Points)).Append("\" fill=\"none\"").Append(Stroke(stroke.Style)).Append("/>\n");
                break;
            case FillItem fill:
                string opacity = fill.Opacity < 1 ? $" fill-opacity=\"{N(fill.Opacity)}\"" : "";
                svg.Append("<polygon").Append(Class(item)).Append(" points=\"").Append(Points(fill.Points)).Append('"').Append(Fill(fill.Fill)).Append(opacity)
                    .Append(Outline(fill.Outline, fill.OutlineWidth)).Append("/>\n");
                break;
            case CircleItem circle:
                svg.Append("<circle").Append(Class(item)).Append($" cx=\"{N(circle.Centre.X)}\" cy=\"{N(circle.Centre.Y)}\" r=\"{N(circle.Radius)}\"").Append(Fill(circle.Fill))
                    .Append(Outline(circle.Outline, circle.OutlineWidth)).Append("/>\n");
                break;
            case TextItem text:
                AppendText(svg, text);
                break;
            case ImageItem image:
                PixelBox box = image.Box;
                svg.Append("<image").Append(Class(item)).Append($" x=\"{N(box.Left)}\" y=\"{N(box.Top)}\" width=\"{N(box.Width)}\" height=\"{N(box.Height)}\"")
                    .Append(" preserveAspectRatio=\"none\" xlink:href=\"data:image/png;base64,")
                    .Append(Convert.ToBase64String(PngFile.Bytes(image.Image.Pixels, image.Image.Width, image.Image.Height))).Append("\"/>\n");
                break;
            default:
                throw new ArgumentException($"'item' is a {item.GetType().Name}; SVG has no element for it.", nameof(item));
        }
    }

    private static void AppendText(StringBuilder svg, TextItem text)
    {
        string anchor = text.Anchor switch { TextAnchor.Start => "", TextAnchor.Middle => " text-anchor=\"middle\"", _ => " text-anchor=\"end\"" };
        string turn = text.Upwards ? $" transform=\"rotate(-90 {N(text.At.X)} {N(text.At.Y)})\"" : "";
        svg.Append("<text").Append(Class(text)).Append($" x=\"{N(text.At.X)}\" y=\"{N(text.At.Y)}\" font-size=\"{N(text.Size)}\"").Append(text.Bold ? " font-weight=\"bold\"" : "")
            .Append(anchor).Append(turn).Append(Fill(text.Colour)).Append('>').Append(Escape(text.Text)).Append("</text>\n");
    }

    private static string Class(SceneItem item) => item.Kind is null ? "" : $" class=\"{item.Kind}\"";

    private static string Fill(Colour colour) => $" fill=\"{colour.Hex}\"";

    private static string Stroke(LineStyle style)
    {
        string dash = style.Dash is null ? "" : $" stroke-dasharray=\"{string.Join(' ', style.Dash.Select(N))}\"";
        string cap = style.Dash is null ? "round" : "butt";
        return $" stroke=\"{style.Colour.Hex}\" stroke-width=\"{N(style.Width)}\" stroke-linecap=\"{cap}\" stroke-linejoin=\"round\"{dash}";
    }

    private static string Outline(Colour? outline, double width) =>
        outline is Colour colour ? $" stroke=\"{colour.Hex}\" stroke-width=\"{N(width)}\" stroke-linejoin=\"round\"" : "";

    private static string Points(IReadOnlyList<PixelPoint> points) => string.Join(' ', points.Select(point => $"{N(point.X)},{N(point.Y)}"));

    /// <summary>Two decimals are a hundredth of a pixel; never "-0".</summary>
    private static string N(double value) => (Math.Round(value, 2) + 0.0).ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>Text of an element; what XML 1.0 cannot hold at all becomes the replacement character.</summary>
    internal static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '&':
                    escaped.Append("&amp;");
                    break;
                case '<':
                    escaped.Append("&lt;");
                    break;
                case '>':
                    escaped.Append("&gt;");
                    break;
                case < 0x20 or 0xFFFE or 0xFFFF:
                    escaped.Append(Rune.ReplacementChar);
                    break;
                default:
                    escaped.Append(rune);
                    break;
            }
        }

        return escaped.ToString();
    }
}

using System.Globalization;
using System.Xml.Linq;
using CrossModalVae.Pictures.Drawing;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace CrossModalVae.Pictures.Tests;

/// <summary>What a reader of a picture's files finds in them.</summary>
internal static class PictureReading
{
    /// <summary>The elements of a class in the SVG document, in the order they are painted.</summary>
    public static XElement[] Svg(this Picture picture, string kind) =>
        [.. XDocument.Parse(picture.ToSvg()).Root!.Elements().Where(element => element.Attribute("class")?.Value == kind)];

    public static string[] Texts(this Picture picture, string kind) => [.. picture.Svg(kind).Select(element => element.Value)];

    public static double Number(this XElement element, string attribute) => double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);

    public static PixelPoint[] Points(this XElement element) =>
    [
        .. element.Attribute("points")!.Value.Split(' ').Select(pair => pair.Split(',')).Select(pair =>
            new PixelPoint(double.Parse(pair[0], CultureInfo.InvariantCulture), double.Parse(pair[1], CultureInfo.InvariantCulture))),
    ];

    public static PixelBox Frame(this Picture picture)
    {
        PixelPoint[] corners = picture.Svg("frame")[0].Points();
        return new PixelBox(corners[0].X, corners[0].Y, corners[2].X, corners[2].Y);
    }

    /// <summary>The colour of the PNG file at scale 1, where a place of the picture lies.</summary>
    public static Colour Pixel(this Picture picture, double x, double y)
    {
        using Image<Rgb24> image = Image.Load<Rgb24>(picture.ToPng(1));
        Rgb24 pixel = image[(int)x, (int)y];
        return new Colour(pixel.R, pixel.G, pixel.B);
    }

    /// <summary>Every two texts of the picture that lie on each other, and every text that leaves it.</summary>
    public static string[] Collisions(this Picture picture)
    {
        TextItem[] texts = [.. picture.Scene.Items.OfType<TextItem>()];
        var all = new PixelBox(0, 0, picture.Width, picture.Height);
        var faults = new List<string>();
        for (int i = 0; i < texts.Length; i++)
        {
            PixelBox box = texts[i].Box;
            if (box.Left < all.Left || box.Top < all.Top || box.Right > all.Right || box.Bottom > all.Bottom)
            {
                faults.Add($"'{texts[i].Text}' is clipped");
            }

            for (int j = 0; j < i; j++)
            {
                if (box.Overlaps(texts[j].Box))
                {
                    faults.Add($"'{texts[i].Text}' lies on '{texts[j].Text}'");
                }
            }
        }

        return [.. faults];
    }
}

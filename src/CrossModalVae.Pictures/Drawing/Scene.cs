namespace CrossModalVae.Pictures.Drawing;

/// <summary>What a picture shows, in the order it is painted, on white; both back ends draw exactly this.</summary>
internal sealed class Scene(double width, double height)
{
    private readonly List<SceneItem> _items = [];

    /// <summary>In pixels at scale 1.</summary>
    public double Width { get; } = width;

    /// <summary>In pixels at scale 1.</summary>
    public double Height { get; } = height;

    public IReadOnlyList<SceneItem> Items => _items;

    public void Add(SceneItem item) => _items.Add(item);

    public void Line(PixelPoint from, PixelPoint to, LineStyle style, string? kind = null) => Add(new StrokeItem([from, to], style, kind));

    public void Text(
        double x, double y, string text, double size, TextAnchor anchor = TextAnchor.Start, Colour? colour = null, bool bold = false, bool upwards = false, string? kind = null) =>
        Add(new TextItem(new PixelPoint(x, y), text, size, anchor, colour ?? Colour.Ink, bold, upwards, kind));

    /// <summary>A mark of a scatter or a legend: shape, thin dark outline, centre.</summary>
    public void Mark(PixelPoint at, MarkShape shape, double radius, MarkStyle style, string? kind = null)
    {
        double outline = Math.Max(0.5, radius / 6);
        if (shape == MarkShape.Circle)
        {
            Add(new CircleItem(at, radius, style.Fill, style.Outline, outline, kind));
        }
        else
        {
            Add(new FillItem(Outline(at, shape, radius), style.Fill, 1, style.Outline, outline, kind));
        }

        if (style.Centre is Colour centre)
        {
            Add(new CircleItem(at, radius * 0.42, centre));
        }
    }

    // Same area as the circle, centre of gravity at the place.
    private static PixelPoint[] Outline(PixelPoint at, MarkShape shape, double radius)
    {
        if (shape == MarkShape.Triangle)
        {
            const double Corner = 1.555; // sqrt(4 pi / (3 sqrt 3)), to its corners
            double r = Corner * radius;
            double half = r * 0.8660254037844386;
            return [new(at.X, at.Y - r), new(at.X + half, at.Y + (r / 2)), new(at.X - half, at.Y + (r / 2))];
        }

        double d = 1.2533141373155001 * radius; // sqrt(pi / 2)
        return [new(at.X, at.Y - d), new(at.X + d, at.Y), new(at.X, at.Y + d), new(at.X - d, at.Y)];
    }
}

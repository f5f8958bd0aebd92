using ScottPlot;
using SkiaSharp;

namespace CrossModalVae.Pictures.Drawing;

/// <summary>The look of a mark: what fills it, and the small centre that tells it from another of the same colour.</summary>
internal readonly record struct MarkLook(Color Fill, Color? Centre = null)
{
    // With these factors triangle and diamond have the area of the circle.
    private const double TriangleSide = 2.693547;
    private const double DiamondDiagonal = 2.506628;

    /// <summary>A grey mark, for identities without a colour of their own.</summary>
    public static MarkLook Pale => new(Palette.Pale);

    /// <summary>A filled circle, triangle or diamond with a thin dark outline; all have the area of the circle of this radius.</summary>
    public MarkerStyle Style(MarkerShape shape, double radius)
    {
        double size = radius * shape switch
        {
            MarkerShape.FilledTriangleUp => TriangleSide,
            MarkerShape.FilledDiamond => DiamondDiagonal,
            _ => 2,
        };
        return new MarkerStyle(shape, (float)size, Fill)
        {
            CustomRenderer = new Marker(Centre, 0.42 * radius),
            OutlineStyle = new LineStyle((float)Math.Max(0.5, radius / 6), Fill == Palette.Pale ? Palette.Grey : Palette.Ink)
            {
                StrokeJoin = SKStrokeJoin.Round,
            },
        };
    }

    /// <summary>A marker of ScottPlot, with a dot in its middle where there is one.</summary>
    private sealed class Marker(Color? dot, double dotRadius) : IMarker
    {
        public void Render(SKCanvas canvas, Paint paint, Pixel center, float size, MarkerStyle markerStyle)
        {
            // A dashed line leaves its dashes in the paint, and filling does not take them out.
            paint.SKPathEffect = LinePattern.Solid.GetPathEffect();
            markerStyle.Shape.GetMarker().Render(canvas, paint, center, size, markerStyle);
            if (dot is Color colour)
            {
                ScottPlot.Drawing.FillCircle(canvas, center, (float)dotRadius, new FillStyle { Color = colour }, paint);
            }
        }
    }
}

/// <summary>Marks of different looks, painted in their order: ScottPlot's own scatter has one look for all.</summary>
internal sealed class StyledMarkers(IReadOnlyList<(Coordinates At, MarkerStyle Style)> marks) : IPlottable
{
    public IReadOnlyList<(Coordinates At, MarkerStyle Style)> Marks { get; } = marks;

    public bool IsVisible { get; set; } = true;

    public IAxes Axes { get; set; } = new Axes();

    public IEnumerable<LegendItem> LegendItems => [];

    public AxisLimits GetAxisLimits() => AxisLimits.NoLimits;

    public void Render(RenderPack rp)
    {
        foreach ((Coordinates at, MarkerStyle style) in Marks)
        {
            style.Render(rp, Axes.GetPixel(at));
        }
    }
}

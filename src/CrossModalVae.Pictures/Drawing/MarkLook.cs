using ScottPlot;
using SkiaSharp;

namespace CrossModalVae.Pictures.Drawing;

/// <summary>The look of a mark: what fills it, and the small centre that tells it from another of the same colour.</summary>
internal readonly record struct MarkLook(Color Fill, Color? Centre = null)
{
    // With these factors triangle and diamond have the area of the circle.
    private const double TriangleSide = 2.693547;
    private const double DiamondDiagonal = 2.506628;

    /// <summary>A mark that stands back behind those with a colour.</summary>
    public static MarkLook Pale => new(Palette.Pale);

    /// <summary>The mark with its thin dark outline.</summary>
    /// <param name="shape">A filled circle, triangle or diamond.</param>
    /// <param name="radius">Of the circle, in pixels at scale 1; the other shapes have its area.</param>
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

using ScottPlot;

namespace CrossModalVae.Pictures.Drawing;

/// <summary>Marks of different looks, painted in their order: ScottPlot's own scatter has one look for all.</summary>
internal sealed class MarkCloud(IReadOnlyList<(Coordinates At, MarkerStyle Style)> marks) : IPlottable
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

using ScottPlot;
using ScottPlot.LayoutEngines;

namespace CrossModalVae.Pictures.Drawing;

/// <summary>ScottPlot's own layout, with the frame in the middle of pixels, so that its lines of one pixel are sharp in SVG too.</summary>
internal sealed class CrispLayout : ILayoutEngine
{
    private const float SmallestSide = 40;

    private readonly Automatic _automatic = new();

    /// <exception cref="ArgumentException">Too little room is left for the data.</exception>
    public Layout GetLayout(PixelRect figureRect, Plot plot, Paint paint)
    {
        Layout layout = _automatic.GetLayout(figureRect, plot, paint);
        PixelRect data = layout.DataRect;
        if (data.Width < SmallestSide || data.Height < SmallestSide)
        {
            throw new ArgumentException(
                $"The picture leaves {data.Width:0} x {data.Height:0} pixels for its data; must be at least "
                + $"{SmallestSide} x {SmallestSide}: choose a larger Width or Height, or a smaller FontSize.");
        }

        var crisp = new PixelRect(Crisp(data.Left), Crisp(data.Right), Crisp(data.Bottom), Crisp(data.Top));
        return new Layout(figureRect, crisp, layout.PanelSizes, layout.PanelOffsets);
    }

    private static float Crisp(float value) => MathF.Floor(value) + 0.5f;
}

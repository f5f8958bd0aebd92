using ScottPlot;

namespace CrossModalVae.Pictures.Drawing;

/// <summary>The ticks of an <see cref="Axis"/>, for ScottPlot.</summary>
internal sealed class AxisTicks(Axis axis) : ITickGenerator
{
    // What separates two labels along an axis, as shares of the text's size.
    private const double GapAcross = 0.9;
    private const double GapUpwards = 1.5;

    public Tick[] Ticks { get; private set; } = [];

    public int MaxTickCount { get; set; } = int.MaxValue;

    public void Regenerate(CoordinateRange range, Edge edge, PixelLength size, Paint paint, LabelStyle labelStyle)
    {
        // A linear axis may have been widened for equal units; a probit axis keeps its range.
        Axis shown = axis.Probit ? axis : axis with { Low = range.Min, High = range.Max };
        double fontSize = labelStyle.FontSize;
        IReadOnlyList<Tick> ticks = shown.Ticks(
            size.Length, text => edge.IsVertical() ? GapUpwards * fontSize : Lettering.Width(text, fontSize) + (GapAcross * fontSize));
        Ticks = [.. ticks.Select(tick => new Tick(axis.Map(tick.Position), tick.Label))];
    }
}

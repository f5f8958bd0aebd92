namespace CrossModalVae.Pictures.Drawing;

/// <summary>A picture of one plot and the legend at its right.</summary>
internal sealed class Chart
{
    private const double LegendSize = 0.92; // of the text's

    private Chart(Scene scene, Plot plot)
    {
        (Scene, Plot) = (scene, plot);
    }

    public Scene Scene { get; }

    public Plot Plot { get; }

    public Picture Picture => new(Scene);

    /// <summary>An empty legend for a chart's text size.</summary>
    public static Legend Legend(PictureOptions options) => new(LegendSize * options.FontSize);

    /// <summary>Draws the plot without data, and the legend.</summary>
    public static Chart Draw(PictureOptions options, (double Width, double Height) standard, Axis x, Axis y, Legend legend, string title, bool equalUnits = false)
    {
        var scene = new Scene(options.Width ?? standard.Width, options.Height ?? standard.Height);
        double legendHeight = scene.Height - (3 * options.FontSize);
        var box = new PixelBox(0, 0, scene.Width - legend.Width(legendHeight), scene.Height);
        var plot = new Plot(scene, box, x, y, options.FontSize, options.Title ?? title, equalUnits);
        legend.Draw(scene, box.Right, plot.Inner.Top, legendHeight);
        return new Chart(scene, plot);
    }
}

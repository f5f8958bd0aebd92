using System.Globalization;
using CrossModalVae.Pictures.Drawing;

namespace CrossModalVae.Pictures;

/// <summary>The k-distance curve, from which DBSCAN's eps is read, with eps marked (Ester et al. 1996, figure 4).</summary>
public static class KDistancePicture
{
    /// <summary>Draws a curve.</summary>
    /// <param name="curve">The distance of every point to its k-th nearest one, ascending, as <see cref="Clustering.KDistance"/> gives it.</param>
    /// <param name="k">Which neighbour, the point itself counted as the first.</param>
    /// <param name="eps">What was chosen: the knee, or the caller's own.</param>
    /// <param name="options">Size and title; null for the default, 760 x 480.</param>
    /// <exception cref="ArgumentException">The curve is empty, not ascending or not finite, or an option is out of range.</exception>
    public static Picture Draw(IReadOnlyList<double> curve, int k, double eps, PictureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(curve);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        options ??= new PictureOptions();
        options.Validate();
        DataCheck.Any(curve, nameof(curve));
        DataCheck.Finite(curve, nameof(curve), "distance");
        DataCheck.Finite([eps], nameof(eps), "value");
        int falling = Enumerable.Range(1, curve.Count - 1).FirstOrDefault(i => curve[i] < curve[i - 1]);
        if (falling > 0)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"'{nameof(curve)}' falls from {curve[falling - 1]} to {curve[falling]} at entry {falling}; must be ascending."), nameof(curve));
        }

        int within = curve.Count(distance => distance <= eps);
        var threshold = new LineStyle(Palette.Vermillion, 1.5, [6, 4]);
        LineStyle line = Palette.Line(0);
        Legend legend = Chart.Legend(options);
        legend.Line(string.Create(CultureInfo.InvariantCulture, $"{curve.Count} points"), line);
        legend.MarkedLine(
            string.Create(CultureInfo.InvariantCulture, $"eps = {eps:0.####}"),
            threshold,
            MarkShape.Circle,
            string.Create(CultureInfo.InvariantCulture, $"{100.0 * within / curve.Count:0.#}% at or below"));
        Chart chart = Chart.Draw(
            options,
            (760, 480),
            Axis.Around("points, ordered by that distance", [0, curve.Count], fromZero: true),
            Axis.Around(string.Create(CultureInfo.InvariantCulture, $"distance to the k-th nearest point, k = {k}"), [.. curve, eps], fromZero: true),
            legend,
            "k-distance curve");

        Plot plot = chart.Plot;
        plot.Curve([(plot.X.Low, eps), (plot.X.High, eps)], threshold, "eps");
        plot.Curve(curve.Select((distance, i) => (i + 1.0, distance)), line, "curve");
        chart.Scene.Mark(plot.Place(Math.Max(1, within), eps), MarkShape.Circle, 5, new MarkStyle(Palette.Vermillion, null), "knee");
        return chart.Picture;
    }
}

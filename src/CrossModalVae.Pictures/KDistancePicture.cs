using ScottPlot;

namespace CrossModalVae.Pictures;

/// <summary>The k-distance curve, from which DBSCAN's eps is read, with eps marked (Ester et al. 1996, figure 4).</summary>
public static class KDistancePicture
{
    /// <summary>Draws a curve.</summary>
    /// <param name="curve">The distance of every point to its k-th nearest one, ascending, as <see cref="Clustering.KDistance"/> gives it.
    /// </param>
    /// <param name="k">Which neighbour, the point itself counted as the first.</param>
    /// <param name="eps">What was chosen: the knee, or the caller's own.</param>
    /// <param name="options">Size and title; null for the default, 760 x 480.</param>
    /// <exception cref="ArgumentException">The curve is empty, not ascending or not finite, or an option is out of range.</exception>
    public static Picture Draw(IReadOnlyList<double> curve, int k, double eps, PictureOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        options = PictureOptions.Checked(options);
        DataCheck.Any(curve, nameof(curve));
        DataCheck.Finite(curve, nameof(curve), "distance");
        DataCheck.Finite([eps], nameof(eps), "value");
        DataCheck.Ascending(curve, nameof(curve), "distance");
        int within = curve.Count(distance => distance <= eps);
        LineStyle threshold = Palette.Stroke(Palette.Vermillion, 1.5, 6, 4);
        LineStyle line = Palette.Line(0);
        Axis x = Axis.Covering("points, ordered by that distance", [0, curve.Count], fromZero: true);
        Axis y = Axis.Covering($"distance to the k-th nearest point, k = {k}", [.. curve, eps], fromZero: true);
        using var chart = new Chart(options, (760, 480), "k-distance curve", x, y);
        chart.Legend.Line(Invariant($"{curve.Count} points"), line);
        chart.Legend.Line(
            Invariant($"eps = {eps:0.####}"),
            threshold,
            Invariant($"{100.0 * within / curve.Count:0.#}% at or below"),
            MarkerShape.FilledCircle);
        chart.Panel.Curve([(x.Low, eps), (x.High, eps)], threshold, "eps");
        chart.Panel.Curve(curve.Select((distance, i) => (i + 1.0, distance)), line, "curve");
        chart.Panel.Marks([(Math.Max(1, within), eps, new MarkLook(Palette.Vermillion).Style(MarkerShape.FilledCircle, 5))]);
        return chart.Paint();
    }
}

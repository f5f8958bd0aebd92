using ScottPlot;

namespace CrossModalVae.Pictures;

/// <summary>One point of a manifold: where a projection put a clip.</summary>
/// <param name="X">Any finite number.</param>
/// <param name="Y">Any finite number.</param>
/// <param name="Identity">Whose clip it is, or another class that has a colour of its own.</param>
/// <param name="Modality">What it was computed from.</param>
public readonly record struct ManifoldPoint(double X, double Y, string Identity, Modality Modality);

/// <summary>
/// Voices and faces in one projection: circles are faces, triangles voices, diamonds joint embeddings; colour and centre mark the
/// identity. Both axes have the same scale.
/// </summary>
public static class ManifoldPicture
{
    /// <summary>The most identities that have a colour and centre of their own.</summary>
    public const int LargestLegendCount = 23;

    /// <summary>Draws a manifold.</summary>
    /// <param name="points">The points, at least one; drawn in their order, those without a colour first.</param>
    /// <param name="legendCount">How many identities have a colour of their own and a line in the legend, 0 to
    /// <see cref="LargestLegendCount"/>: those with the most points, equal ones by name. The others are grey, and the legend says how many
    /// they are. Default 20.</param>
    /// <param name="xLabel">Written below; default none, as the axes of t-SNE mean nothing.</param>
    /// <param name="yLabel">Written at the left; default none.</param>
    /// <param name="options">Size and title; null for the default, 960 x 720.</param>
    /// <exception cref="ArgumentException">There is no point, a coordinate is not finite, or an option is out of range.</exception>
    public static Picture Draw(
        IReadOnlyList<ManifoldPoint> points, int legendCount = 20, string xLabel = "", string yLabel = "", PictureOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(legendCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(legendCount, LargestLegendCount);
        ArgumentNullException.ThrowIfNull(xLabel);
        ArgumentNullException.ThrowIfNull(yLabel);
        options = PictureOptions.Checked(options);
        DataCheck.Any(points, nameof(points));
        DataCheck.Finite(points.Select(point => point.X), nameof(points), "X");
        DataCheck.Finite(points.Select(point => point.Y), nameof(points), "Y");

        (string Identity, int Count)[] identities =
        [
            .. points.CountBy(point => point.Identity, StringComparer.Ordinal)
                .Select(pair => (Identity: pair.Key, Count: pair.Value))
                .OrderByDescending(pair => pair.Count).ThenBy(pair => pair.Identity, StringComparer.Ordinal),
        ];
        var looks = new SortedDictionary<string, MarkLook>(StringComparer.Ordinal);
        foreach ((string identity, _) in identities.Take(legendCount).OrderBy(pair => pair.Identity, StringComparer.Ordinal))
        {
            looks[identity] = Palette.Mark(looks.Count);
        }

        using var chart = new Chart(
            options,
            (960, 720),
            "Voices and faces",
            Axis.Covering(xLabel, points.Select(point => point.X)),
            Axis.Covering(yLabel, points.Select(point => point.Y)),
            equalUnits: true);
        FillLegend(chart.Legend, points, identities, looks);
        PixelRect frame = chart.Panel.ComputeLayout();
        double radius = Radius(points.Count, frame.Width * frame.Height);
        var styles = new Dictionary<(MarkLook, Modality), MarkerStyle>();
        chart.Panel.Marks(points.OrderBy(point => looks.ContainsKey(point.Identity)).Select(point => (point.X, point.Y, Style(point))));
        return chart.Paint();

        MarkerStyle Style(ManifoldPoint point)
        {
            MarkLook look = looks.GetValueOrDefault(point.Identity, MarkLook.Pale);
            return styles.TryGetValue((look, point.Modality), out MarkerStyle? style)
                ? style
                : styles[(look, point.Modality)] = look.Style(Shape(point.Modality), radius);
        }
    }

    private static void FillLegend(
        SideLegend legend,
        IReadOnlyList<ManifoldPoint> points,
        (string Identity, int Count)[] identities,
        SortedDictionary<string, MarkLook> looks)
    {
        legend.Heading("modality");
        foreach (Modality modality in points.Select(point => point.Modality).Distinct().Order())
        {
            legend.Mark(Kind(modality), Shape(modality), new MarkLook(Palette.White));
        }

        legend.Heading(Invariant($"{identities.Length} {(identities.Length == 1 ? "identity" : "identities")}"));
        foreach ((string identity, MarkLook look) in looks)
        {
            legend.Mark(identity, MarkerShape.FilledCircle, look);
        }

        int others = identities.Length - looks.Count;
        if (others > 0)
        {
            string noun = looks.Count == 0 ? "" : others == 1 ? " other" : " others";
            legend.Mark(Invariant($"{others}{noun} in grey"), MarkerShape.FilledCircle, MarkLook.Pale);
        }
    }

    // Marks together cover about a tenth of the frame, within what can be told apart and what looks like a point.
    private static double Radius(int count, double frame) => Math.Clamp(Math.Sqrt(0.1 * frame / (Math.PI * count)), 1.6, 6);

    private static MarkerShape Shape(Modality modality) => modality switch
    {
        Modality.Face => MarkerShape.FilledCircle,
        Modality.Voice => MarkerShape.FilledTriangleUp,
        _ => MarkerShape.FilledDiamond,
    };

    private static string Kind(Modality modality) => modality switch { Modality.Face => "face", Modality.Voice => "voice", _ => "joint" };
}

using ScottPlot;

namespace CrossModalVae.Pictures;

/// <summary>One point of a manifold: where a projection put a clip.</summary>
/// <param name="X">Any finite number.</param>
/// <param name="Y">Any finite number.</param>
/// <param name="Identity">Whose clip it is, or another class that has a colour of its own.</param>
/// <param name="Modality">What it was computed from.</param>
public readonly record struct ManifoldPoint(double X, double Y, string Identity, Modality Modality)
{
    /// <summary>
    /// Whether its class is not known, or it is in none: it is grey, and <see cref="Identity"/> is what the legend calls it.
    /// </summary>
    public bool IsUnclassed { get; init; }
}

/// <summary>
/// Voices and faces in one projection: circles are faces, triangles voices, diamonds joint embeddings; colour and centre mark the
/// identity. Both axes have the same scale, and numbers only where they have names; the picture is as high as its points need.
/// </summary>
public static class ManifoldPicture
{
    /// <summary>The most identities that have a colour and centre of their own.</summary>
    public const int LargestLegendCount = 23;

    // Of the picture without the frame's own; a flat layout is not drawn flatter, nor a tall one taller.
    private const double Width = 960;
    private const double LeastFrame = 320;
    private const double LargestFrame = 800;

    /// <summary>Draws a manifold.</summary>
    /// <param name="points">The points, at least one; drawn in their order, those without a colour first.</param>
    /// <param name="legendCount">How many identities have a colour of their own and a line in the legend, 0 to
    /// <see cref="LargestLegendCount"/>: those with the most points, equal ones by name. The others are grey, and the legend says how many
    /// they are. Default 20.</param>
    /// <param name="xLabel">Written below; default none, as the axes of t-SNE mean nothing.</param>
    /// <param name="yLabel">Written at the left; default none.</param>
    /// <param name="options">Size and title; null for the default, 960 wide where the points are not very tall, and as high as they
    /// need.</param>
    /// <param name="noun">What the classes are, one and several, for the legend. Default identities.</param>
    /// <exception cref="ArgumentException">There is no point, a coordinate is not finite, or an option is out of range.</exception>
    public static Picture Draw(
        IReadOnlyList<ManifoldPoint> points,
        int legendCount = 20,
        string xLabel = "",
        string yLabel = "",
        PictureOptions? options = null,
        (string One, string Several)? noun = null)
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
            .. points.Where(point => !point.IsUnclassed).CountBy(point => point.Identity, StringComparer.Ordinal)
                .Select(pair => (Identity: pair.Key, Count: pair.Value))
                .OrderByDescending(pair => pair.Count).ThenBy(pair => pair.Identity, NaturalOrder.Names),
        ];
        var looks = new SortedDictionary<string, MarkLook>(NaturalOrder.Names);
        foreach ((string identity, _) in identities.Take(legendCount).OrderBy(pair => pair.Identity, NaturalOrder.Names))
        {
            looks[identity] = Palette.Mark(looks.Count);
        }

        Axis x = Axis.Covering(xLabel, points.Select(point => point.X)) with { Blank = xLabel.Length == 0 };
        Axis y = Axis.Covering(yLabel, points.Select(point => point.Y)) with { Blank = yLabel.Length == 0 };
        using Chart chart = Make(FittingSize(options, x, y, Make));
        PixelRect frame = chart.Panel.ComputeLayout();
        double radius = Radius(points.Count, frame.Width * frame.Height);
        var styles = new Dictionary<(MarkLook, Modality), MarkerStyle>();
        chart.Panel.Marks(points.OrderBy(IsColoured).Select(point => (point.X, point.Y, Style(point))));
        return chart.Paint();

        Chart Make((double Width, double Height) size)
        {
            var made = new Chart(options, size, "Voices and faces", x, y, equalUnits: true);
            FillLegend(made.Legend, points, identities, looks, noun ?? ("identity", "identities"));
            return made;
        }

        bool IsColoured(ManifoldPoint point) => !point.IsUnclassed && looks.ContainsKey(point.Identity);

        MarkerStyle Style(ManifoldPoint point)
        {
            MarkLook look = IsColoured(point) ? looks[point.Identity] : MarkLook.Pale;
            return styles.TryGetValue((look, point.Modality), out MarkerStyle? style)
                ? style
                : styles[(look, point.Modality)] = look.Style(Shape(point.Modality), radius);
        }
    }

    // With the frame as high as its width and the points ask for: a second try, as a lower legend may take more columns.
    private static (double Width, double Height) FittingSize(
        PictureOptions options, Axis x, Axis y, Func<(double Width, double Height), Chart> make)
    {
        (double Width, double Height) size = (Width, 0.75 * Width);
        double ratio = (y.High - y.Low) / (x.High - x.Low);
        for (int i = 0; i < 2 && options is { Width: null, Height: null }; i++)
        {
            using Chart chart = make(size);
            PixelRect frame = chart.Panel.ComputeLayout();
            double height = Math.Clamp(frame.Width * ratio, LeastFrame, LargestFrame);
            double width = Math.Clamp(height / ratio, Math.Min(LeastFrame, frame.Width), frame.Width);
            size = (size.Width - frame.Width + width, size.Height - frame.Height + height);
        }

        return size;
    }

    private static void FillLegend(
        SideLegend legend,
        IReadOnlyList<ManifoldPoint> points,
        (string Identity, int Count)[] identities,
        SortedDictionary<string, MarkLook> looks,
        (string One, string Several) noun)
    {
        legend.Heading("modality");
        foreach (Modality modality in points.Select(point => point.Modality).Distinct().Order())
        {
            legend.Mark(Kind(modality), Shape(modality), new MarkLook(Palette.White));
        }

        legend.Heading(Invariant($"{identities.Length} {(identities.Length == 1 ? noun.One : noun.Several)}"));
        foreach ((string identity, MarkLook look) in looks)
        {
            legend.Mark(identity, MarkerShape.FilledCircle, look);
        }

        int others = identities.Length - looks.Count;
        if (others > 0)
        {
            string more = looks.Count == 0 ? "" : others == 1 ? " other" : " others";
            legend.Mark(Invariant($"{others}{more} in grey"), MarkerShape.FilledCircle, MarkLook.Pale);
        }

        foreach ((string name, int count) in points.Where(point => point.IsUnclassed).CountBy(point => point.Identity))
        {
            legend.Mark(Invariant($"{name}, {count} in grey"), MarkerShape.FilledCircle, MarkLook.Pale);
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

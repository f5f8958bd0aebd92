using System.Globalization;
using CrossModalVae.Faces;
using CrossModalVae.Pictures.Drawing;

namespace CrossModalVae.Pictures;

/// <summary>
/// A contact sheet of rankings: a row each, the probe at the left, then the faces it ranked nearest. A thick green frame and a tick show the same person, a
/// cross somebody else; rank, score and identity stand beneath. Identities are the corpus's ids; nobody's name is looked up.
/// </summary>
public static class RankingSheet
{
    private const double Tile = 96;
    private const double Gap = 12;
    private const double ProbeGap = 30;
    private const double Margin = 16;

    // Pixels of a photograph for one of the sheet: as sharp as a PNG at the standard scale.
    private const int PhotographScale = 2;

    /// <summary>Draws a sheet; its size follows from the longest ranking.</summary>
    /// <param name="rows">The rankings, at least one.</param>
    /// <param name="options">Title and text size; null for the default. A width or height here is refused.</param>
    /// <exception cref="ArgumentException">There is no row, a row has no match, a score is not finite, or an option is out of range.</exception>
    /// <exception cref="InvalidDataException">A face file is broken; the message names it.</exception>
    /// <exception cref="IOException">A face file is missing or cannot be read.</exception>
    public static Picture Draw(IReadOnlyList<RankingSheetRow> rows, PictureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        options ??= new PictureOptions();
        options.Validate();
        if (options.Width is not null || options.Height is not null)
        {
            throw new ArgumentException("'Width' and 'Height' of a ranking sheet follow from its rows; must be null.", nameof(options));
        }

        DataCheck.Any(rows, nameof(rows));
        foreach (RankingSheetRow row in rows)
        {
            DataCheck.Any(row.Matches, nameof(row.Matches));
            DataCheck.Finite(row.Matches.Select(match => match.Score), nameof(row.Matches), nameof(RankingSheetMatch.Score));
        }

        double small = 0.85 * options.FontSize;
        string title = options.Title ?? "Nearest";
        double head = title.Length == 0 ? Margin : 2.6 * options.FontSize;
        double rowHeight = Tile + (3.6 * small);
        int columns = rows.Max(row => row.Matches.Count);
        double width = (2 * Margin) + Tile + ProbeGap + (columns * (Tile + Gap)) - Gap;
        var scene = new Scene(Math.Max(width, 420), head + (rows.Count * rowHeight) + (2.2 * small));
        if (title.Length > 0)
        {
            scene.Text(Margin, 1.5 * options.FontSize, title, options.FontSize, bold: true, kind: "title");
        }

        for (int i = 0; i < rows.Count; i++)
        {
            double top = head + (i * rowHeight);
            DrawProbe(scene, rows[i].Probe, top, small);
            for (int j = 0; j < rows[i].Matches.Count; j++)
            {
                DrawMatch(scene, rows[i].Matches[j], rows[i].Probe.Identity, Margin + Tile + ProbeGap + (j * (Tile + Gap)), top, small);
            }
        }

        DrawKey(scene, scene.Height - (1.2 * small), small);
        return new Picture(scene);
    }

    private static void DrawProbe(Scene scene, RankingSheetProbe probe, double top, double small)
    {
        var box = new PixelBox(Margin, top, Margin + Tile, top + Tile);
        if (probe.Modality == Modality.Face)
        {
            DrawFace(scene, box, probe.FaceFile, small);
        }
        else
        {
            DrawVoice(scene, box);
            if (probe.FaceFile is not null)
            {
                var inset = new PixelBox(box.Left + (0.52 * Tile), box.Top + (0.52 * Tile), box.Right, box.Bottom);
                DrawFace(scene, inset, probe.FaceFile, small);
                scene.Add(new StrokeItem([.. inset.Corners, inset.Corners[0]], new LineStyle(Colour.White, 2)));
            }
        }

        scene.Add(new StrokeItem([.. box.Corners, box.Corners[0]], new LineStyle(Colour.Ink, 2), "probe"));
        double middle = (box.Left + box.Right) / 2;
        scene.Text(middle, box.Bottom + (1.3 * small), probe.Modality == Modality.Face ? "face" : "voice", small, TextAnchor.Middle, bold: true, kind: "probe-modality");
        scene.Text(middle, box.Bottom + (2.5 * small), StrokeFont.Fit(probe.Identity, small, Tile), small, TextAnchor.Middle, Colour.Dim, kind: "probe-identity");
    }

    private static void DrawMatch(Scene scene, RankingSheetMatch match, string asked, double left, double top, double small)
    {
        bool right = match.Identity == asked;
        var box = new PixelBox(left, top, left + Tile, top + Tile);
        DrawFace(scene, box, match.FaceFile, small);
        scene.Add(new StrokeItem(
            [.. box.Corners, box.Corners[0]], right ? new LineStyle(Palette.Green, 5) : new LineStyle(Colour.Grey, 1), right ? "right" : "wrong"));
        DrawBadge(scene, new PixelPoint(box.Right - 10, box.Top + 10), right);
        double middle = (box.Left + box.Right) / 2;
        scene.Text(
            middle, box.Bottom + (1.3 * small), string.Create(CultureInfo.InvariantCulture, $"{match.Rank} · {match.Score:0.000}").Replace('-', '−'), small, TextAnchor.Middle, bold: right, kind: "score");
        scene.Text(middle, box.Bottom + (2.5 * small), StrokeFont.Fit(match.Identity, small, Tile), small, TextAnchor.Middle, Colour.Dim, kind: "identity");
    }

    private static void DrawBadge(Scene scene, PixelPoint at, bool right)
    {
        scene.Add(new CircleItem(at, 8, right ? Palette.Green : Colour.White, right ? Colour.White : Colour.Ink, 1.2));
        if (right)
        {
            scene.Add(new StrokeItem([new(at.X - 3.6, at.Y + 0.2), new(at.X - 0.9, at.Y + 3), new(at.X + 3.8, at.Y - 2.8)], new LineStyle(Colour.White, 2)));
        }
        else
        {
            var ink = new LineStyle(Palette.Vermillion, 2);
            scene.Line(new(at.X - 2.8, at.Y - 2.8), new(at.X + 2.8, at.Y + 2.8), ink);
            scene.Line(new(at.X - 2.8, at.Y + 2.8), new(at.X + 2.8, at.Y - 2.8), ink);
        }
    }

    private static void DrawKey(Scene scene, double middle, double small)
    {
        DrawBadge(scene, new PixelPoint(Margin + 8, middle), right: true);
        const string Same = "the same person";
        double after = Margin + 24 + (StrokeFont.Width(Same, small) * 1.15) + Gap;
        scene.Text(Margin + 22, middle + (StrokeFont.Middle * small), Same, small, kind: "key");
        DrawBadge(scene, new PixelPoint(after + 8, middle), right: false);
        scene.Text(after + 22, middle + (StrokeFont.Middle * small), "somebody else; beneath: rank · score, identity", small, kind: "key");
    }

    // A level meter: the sign of a voice.
    private static void DrawVoice(Scene scene, PixelBox box)
    {
        scene.Add(new FillItem(box.Corners, Colour.Faint));
        ReadOnlySpan<double> levels = [0.16, 0.4, 0.72, 0.3, 0.56, 0.2, 0.1];
        double step = Tile / (levels.Length + 1);
        for (int i = 0; i < levels.Length; i++)
        {
            double x = box.Left + (step * (i + 1));
            double half = levels[i] * Tile / 2;
            double middle = box.Top + (0.36 * Tile);
            scene.Line(new(x, Math.Max(box.Top + 6, middle - half)), new(x, middle + half), new LineStyle(Palette.Blue, 4));
        }
    }

    private static void DrawFace(Scene scene, PixelBox box, string? file, double small)
    {
        if (file is null)
        {
            scene.Add(new FillItem(box.Corners, Colour.Faint));
            scene.Text((box.Left + box.Right) / 2, (box.Top + box.Bottom) / 2, "no face", small, TextAnchor.Middle, Colour.Dim, kind: "no-face");
            return;
        }

        scene.Add(new ImageItem(box, Square(FaceImage.Load(file), (int)Math.Round(PhotographScale * box.Width)), "face"));
    }

    // The largest square in the middle of a photograph, at the size that is needed.
    private static FaceImage Square(FaceImage image, int size)
    {
        double scale = (double)size / Math.Min(image.Width, image.Height);
        double left = (size - (image.Width * scale)) / 2;
        double top = (size - (image.Height * scale)) / 2;
        var canvas = new Canvas(size, size);
        canvas.Photograph(new PixelBox(left, top, left + (image.Width * scale), top + (image.Height * scale)), image);
        return new FaceImage(canvas.Pixels, size, size);
    }
}

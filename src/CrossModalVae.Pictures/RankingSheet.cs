using CrossModalVae.Faces;
using SkiaSharp;

namespace CrossModalVae.Pictures;

/// <summary>One ranking of a <see cref="RankingSheet"/>.</summary>
/// <param name="Probe">The probe.</param>
/// <param name="Matches">The matches, nearest first, at least one.</param>
public sealed record RankingSheetRow(RankingSheetProbe Probe, IReadOnlyList<RankingSheetMatch> Matches)
{
    /// <summary>A line above the row, such as where the right person stands; empty, the default, for none.</summary>
    public string Heading { get; init; } = "";
}

/// <summary>The probe of a row of a <see cref="RankingSheet"/>.</summary>
/// <param name="Identity">Whose clip it is.</param>
/// <param name="Modality">Voice or face.</param>
/// <param name="FaceFile">A JPEG or PNG of the face: the probe itself, or beside a voice the face of its identity;
/// null where there is none.</param>
public sealed record RankingSheetProbe(string Identity, Modality Modality, string? FaceFile);

/// <summary>One match of a row of a <see cref="RankingSheet"/>.</summary>
/// <param name="Rank">One-based.</param>
/// <param name="Identity">Whose clip it is.</param>
/// <param name="Score">Higher is nearer.</param>
/// <param name="FaceFile">A JPEG or PNG of the face: the match itself, or for a voice the face of its identity;
/// null where there is none.</param>
public sealed record RankingSheetMatch(int Rank, string Identity, double Score, string? FaceFile);

/// <summary>
/// A contact sheet of rankings: a row each, the probe at the left, then the faces it ranked nearest. A thick green frame and a tick mark
/// the same identity, a cross another; rank, score and identity stand beneath. Identities are the corpus's ids, not names.
/// </summary>
public static class RankingSheet
{
    private const double Tile = 96;
    private const double Gap = 12;
    private const double ProbeGap = 30;
    private const double Margin = 16;

    private const double Badge = 8; // its radius

    // Pixels of a photograph for one of the sheet: as sharp as a PNG at the standard scale.
    private const int PhotographScale = 2;

    /// <summary>Draws a sheet; its size follows from the longest ranking.</summary>
    /// <param name="rows">The rankings, at least one.</param>
    /// <param name="options">Title and text size; null for the default. A width or height here is refused.</param>
    /// <exception cref="ArgumentException">There is no row, a row has no match, a score is not finite, or an option is out of range.
    /// </exception>
    /// <exception cref="InvalidDataException">A face file is broken; the message names it.</exception>
    /// <exception cref="IOException">A face file is missing or cannot be read.</exception>
    public static Picture Draw(IReadOnlyList<RankingSheetRow> rows, PictureOptions? options = null)
    {
        options = PictureOptions.Checked(options);
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
        double heading = rows.Any(row => row.Heading.Length > 0) ? 1.9 * small : 0;
        double rowHeight = heading + Tile + (3.6 * small);
        int columns = rows.Max(row => row.Matches.Count);
        double width = (2 * Margin) + Tile + ProbeGap + (columns * (Tile + Gap)) - Gap;
        double widest = rows.Max(row => EmbeddedFont.Width(row.Heading, small, bold: true));
        width = Math.Max(420, Math.Max(width, widest + (2 * Margin)));
        var subtitle = new Subtitle(options.Subtitle, options.FontSize, width - (2 * Margin));
        double head = (title.Length == 0 ? Margin : 2.6 * options.FontSize) + subtitle.Height;
        using var sheet = new Sheet(width, head + (rows.Count * rowHeight) + (2.2 * small));
        var brush = new Brush(sheet);
        brush.Text(title, Margin, 1.5 * options.FontSize, options.FontSize, SKTextAlign.Left, Palette.Ink, bold: true);
        subtitle.Paint(brush, Margin, head - (0.6 * options.FontSize), SKTextAlign.Left);
        for (int i = 0; i < rows.Count; i++)
        {
            double top = head + (i * rowHeight) + heading;
            brush.Text(
                rows[i].Heading,
                Margin,
                top - (0.65 * small),
                small,
                SKTextAlign.Left,
                Palette.Ink,
                bold: true);
            DrawProbe(brush, rows[i].Probe, top, small);
            for (int j = 0; j < rows[i].Matches.Count; j++)
            {
                DrawMatch(brush, rows[i].Matches[j], rows[i].Probe.Identity, Margin + Tile + ProbeGap + (j * (Tile + Gap)), top, small);
            }
        }

        DrawKey(brush, sheet.Height - (1.2 * small), small);
        return sheet.Finish();
    }

    private static void DrawProbe(Brush brush, RankingSheetProbe probe, double top, double small)
    {
        SKRect box = Square(Margin, top, Tile);
        if (probe.Modality == Modality.Face)
        {
            DrawFace(brush, box, probe.FaceFile, small);
        }
        else
        {
            DrawVoice(brush, box);
            if (probe.FaceFile is not null)
            {
                SKRect inset = Square(box.Left + (0.52 * Tile), box.Top + (0.52 * Tile), 0.48 * Tile);
                DrawFace(brush, inset, probe.FaceFile, small);
                brush.Frame(inset, Palette.White, 2);
            }
        }

        brush.Frame(box, Palette.Ink, 2);
        Caption(brush, box, probe.Modality == Modality.Face ? "face" : "voice", probe.Identity, small, bold: true);
    }

    private static void DrawMatch(Brush brush, RankingSheetMatch match, string identity, double left, double top, double small)
    {
        bool right = match.Identity == identity;
        SKRect box = Square(left, top, Tile);
        DrawFace(brush, box, match.FaceFile, small);
        brush.Frame(box, right ? Palette.Green : Palette.Grey, right ? 5 : 1);
        DrawBadge(brush, box.Right - 10, box.Top + 10, right);
        string score = Invariant($"{match.Rank} · {match.Score:0.000}").Replace('-', '−');
        Caption(brush, box, score, match.Identity, small, bold: right);
    }

    private static void Caption(Brush brush, SKRect box, string line, string identity, double small, bool bold)
    {
        brush.Text(line, box.MidX, box.Bottom + (1.3 * small), small, SKTextAlign.Center, Palette.Ink, bold);
        brush.Text(EmbeddedFont.Fit(identity, small, Tile), box.MidX, box.Bottom + (2.5 * small), small, SKTextAlign.Center, Palette.Dim);
    }

    private static void DrawBadge(Brush brush, double x, double y, bool right)
    {
        brush.Disc(x, y, Badge, right ? Palette.Green : Palette.White, right ? Palette.White : Palette.Ink);
        if (right)
        {
            brush.Line(Palette.White, 2, (x - 3.6, y + 0.2), (x - 0.9, y + 3), (x + 3.8, y - 2.8));
        }
        else
        {
            brush.Line(Palette.Vermillion, 2, (x - 2.8, y - 2.8), (x + 2.8, y + 2.8));
            brush.Line(Palette.Vermillion, 2, (x - 2.8, y + 2.8), (x + 2.8, y - 2.8));
        }
    }

    private static void DrawKey(Brush brush, double middle, double small)
    {
        const string Same = "the same identity";
        double baseline = middle + (EmbeddedFont.Middle * small);
        double after = Margin + 24 + (EmbeddedFont.Width(Same, small) * 1.1) + Gap;
        DrawBadge(brush, Margin + Badge, middle, right: true);
        brush.Text(Same, Margin + 22, baseline, small, SKTextAlign.Left, Palette.Ink);
        DrawBadge(brush, after + Badge, middle, right: false);
        brush.Text("another identity; beneath: rank · score, identity", after + 22, baseline, small, SKTextAlign.Left, Palette.Ink);
    }

    // A level meter stands for a voice.
    private static void DrawVoice(Brush brush, SKRect box)
    {
        brush.Fill(box, Palette.Faint);
        ReadOnlySpan<double> levels = [0.16, 0.4, 0.72, 0.3, 0.56, 0.2, 0.1];
        double step = Tile / (levels.Length + 1);
        double middle = box.Top + (0.36 * Tile);
        for (int i = 0; i < levels.Length; i++)
        {
            double x = box.Left + (step * (i + 1));
            double half = levels[i] * Tile / 2;
            brush.Line(Palette.Blue, 4, (x, Math.Max(box.Top + 6, middle - half)), (x, middle + half));
        }
    }

    private static void DrawFace(Brush brush, SKRect box, string? file, double small)
    {
        if (file is null)
        {
            brush.Fill(box, Palette.Faint);
            brush.Text("no face", box.MidX, box.MidY, small, SKTextAlign.Center, Palette.Dim);
            return;
        }

        brush.Photograph(FaceImage.Load(file), box, PhotographScale);
    }

    private static SKRect Square(double left, double top, double side) => SKRect.Create((float)left, (float)top, (float)side, (float)side);
}

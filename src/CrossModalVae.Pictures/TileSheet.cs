using CrossModalVae.Audio;
using CrossModalVae.Faces;
using SkiaSharp;

namespace CrossModalVae.Pictures;

/// <summary>A picture of a <see cref="TileSheet"/>: a face, or a voice as its spectrum; neither leaves an empty tile.</summary>
/// <param name="Caption">What stands beneath it.</param>
/// <param name="Face">The face, or null.</param>
/// <param name="Voice">The voice, or null.</param>
public sealed record SheetTile(string Caption, FaceImage? Face = null, VoiceSpectrum? Voice = null)
{
    /// <summary>Whether it is what a clip has, and not what a decoder made; it gets a frame.</summary>
    public bool IsReal { get; init; }
}

/// <summary>Tiles that belong together.</summary>
/// <param name="Heading">What stands above them; empty for nothing.</param>
/// <param name="Tiles">At least one.</param>
public sealed record SheetGroup(string Heading, IReadOnlyList<SheetTile> Tiles);

/// <summary>
/// A contact sheet of faces and voices in groups that follow each other in rows; the frame of a real one is thick, and none is around what
/// a decoder made.
/// </summary>
public static class TileSheet
{
    private const double Side = 96;
    private const double Gap = 8;
    private const double GroupGap = 26;
    private const double Margin = 16;
    private const int Columns = 10;
    private const double VoiceMargin = 4;

    /// <summary>Draws a sheet; its size follows from the groups.</summary>
    /// <param name="groups">At least one.</param>
    /// <param name="options">Title and text size; null for the default. A width or height here is refused.</param>
    /// <param name="rowPerGroup">Whether each group has a row of its own. Default false: as many stand side by side as fit.</param>
    /// <exception cref="ArgumentException">There is no group, one has no tile, or an option is out of range.</exception>
    public static Picture Draw(IReadOnlyList<SheetGroup> groups, PictureOptions? options = null, bool rowPerGroup = false)
    {
        options = PictureOptions.Checked(options);
        if (options.Width is not null || options.Height is not null)
        {
            throw new ArgumentException("'Width' and 'Height' of a tile sheet follow from its groups; must be null.", nameof(options));
        }

        DataCheck.Any(groups, nameof(groups));
        foreach (SheetGroup group in groups)
        {
            DataCheck.Any(group.Tiles, nameof(group.Tiles));
        }

        int widest = groups.Max(group => group.Tiles.Count);
        int across = rowPerGroup ? 1 : Math.Clamp(Columns / widest, 1, groups.Count);
        int rows = (groups.Count + across - 1) / across;
        double small = 0.85 * options.FontSize, groupWidth = (widest * (Side + Gap)) - Gap;
        double width = Math.Max(420, (2 * Margin) + (across * (groupWidth + GroupGap)) - GroupGap);
        string title = options.Title ?? "Generated";
        var subtitle = new Subtitle(options.Subtitle, options.FontSize, width - (2 * Margin));
        double head = (title.Length == 0 ? Margin : 2.4 * options.FontSize) + subtitle.Height;
        double heading = groups.Any(group => group.Heading.Length > 0) ? 1.7 * small : 0;
        double rowHeight = heading + Side + (2.6 * small);
        using var sheet = new Sheet(width, head + (rows * rowHeight) + (0.4 * Margin));
        var brush = new Brush(sheet);
        brush.Text(title, Margin, 1.5 * options.FontSize, options.FontSize, SKTextAlign.Left, Palette.Ink, bold: true);
        subtitle.Paint(brush, Margin, head - (0.6 * options.FontSize), SKTextAlign.Left);
        for (int i = 0; i < groups.Count; i++)
        {
            double left = Margin + (i % across * (groupWidth + GroupGap)), top = head + (i / across * rowHeight) + heading;
            string text = EmbeddedFont.Fit(groups[i].Heading, small, groupWidth);
            brush.Text(text, left, top - (0.5 * small), small, SKTextAlign.Left, Palette.Ink, bold: true);
            for (int j = 0; j < groups[i].Tiles.Count; j++)
            {
                DrawTile(sheet, brush, groups[i].Tiles[j], left + (j * (Side + Gap)), top, small);
            }
        }

        return sheet.Finish();
    }

    private static void DrawTile(Sheet sheet, Brush brush, SheetTile tile, double left, double top, double small)
    {
        var box = SKRect.Create((float)left, (float)top, (float)Side, (float)Side);
        if (tile.Face is FaceImage face)
        {
            brush.Photograph(face, box, scale: 2);
        }
        else if (tile.Voice is VoiceSpectrum { FrameCount: > 1 } voice)
        {
            using SKImage image = new HeatMap(voice).Image((int)(2 * Side));
            sheet.Canvas.DrawImage(image, box, new SKSamplingOptions(SKFilterMode.Linear));
        }
        else if (tile.Voice is VoiceSpectrum spectrum)
        {
            DrawSpectrum(brush, spectrum, box);
        }
        else
        {
            brush.Fill(box, Palette.Faint);
        }

        if (tile.IsReal)
        {
            box.Inflate(-1, -1);
            brush.Frame(box, Palette.Ink, 2);
        }

        string caption = EmbeddedFont.Fit(tile.Caption, small, Side);
        brush.Text(caption, left + (Side / 2), top + Side + (1.25 * small), small, SKTextAlign.Center, Palette.Dim);
    }

    private static void DrawSpectrum(Brush brush, VoiceSpectrum spectrum, SKRect box)
    {
        brush.Fill(box, Palette.Faint);
        (double low, double high) = (spectrum.Levels.Min(), spectrum.Levels.Max());
        double room = box.Height - (2 * VoiceMargin), wide = box.Width - (2 * VoiceMargin);
        brush.Line(Palette.Blue, 1.5,
        [
            .. spectrum.BinHz.Zip(spectrum.Levels, (hz, level) => (
                box.Left + VoiceMargin + (wide * hz / spectrum.BinHz[^1]),
                box.Bottom - VoiceMargin - (room * (high > low ? (level - low) / (high - low) : 0.5)))),
        ]);
    }
}

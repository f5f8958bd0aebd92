using System.Text;
using CrossModalVae.Files;
using SkiaSharp;

namespace CrossModalVae.Pictures;

/// <summary>
/// A drawn picture, ready to be saved as SVG or PNG; needs neither a display nor fonts. The same data give the same bytes with the same
/// version of SkiaSharp on the same kind of machine.
/// </summary>
public sealed class Picture
{
    /// <summary>Pixels of a PNG file for one of the picture, where nothing else is asked for.</summary>
    public const double StandardScale = 2;

    private const double LargestScale = 16;
    private const long LargestPixelCount = 1 << 27;

    private readonly SKPicture _drawing;
    private readonly IReadOnlyList<string> _foreign;

    /// <summary>A drawing, the texts with letters that the embedded font lacks in the order of their painting, and its plots.</summary>
    internal Picture(double width, double height, SKPicture drawing, IReadOnlyList<string> foreign, IReadOnlyList<Panel> panels) =>
        (Width, Height, _drawing, _foreign, Panels) = (width, height, drawing, foreign, panels);

    /// <summary>In pixels at scale 1, the unit of the SVG document.</summary>
    public double Width { get; }

    /// <summary>In pixels at scale 1, the units of the SVG document.</summary>
    public double Height { get; }

    internal IReadOnlyList<Panel> Panels { get; }

    /// <summary>The picture as an SVG 1.1 document. Its texts are texts, in Arimo or another font as wide as Arial.</summary>
    public string ToSvg() => SvgFile.Write(this, _foreign);

    /// <summary>Draws the picture at scale 1.</summary>
    internal void DrawOn(SKCanvas canvas)
    {
        canvas.DrawPicture(_drawing);
        GC.KeepAlive(_drawing); // native code has only its handle: without this the collector may free what is being drawn
    }

    /// <summary>The picture as a PNG file of Width x scale by Height x scale pixels, 8 bits a channel.</summary>
    /// <param name="scale">Pixels for one of the picture, above 0 and at most 16. Default 2, for print and dense screens.</param>
    /// <exception cref="ArgumentException">The scale is out of range, or the file would have more than 2^27 pixels.</exception>
    public byte[] ToPng(double scale = StandardScale)
    {
        if (!(scale > 0 && scale <= LargestScale))
        {
            throw new ArgumentOutOfRangeException(
                nameof(scale), Invariant($"'{nameof(scale)}' is {scale}; must be > 0 and <= {LargestScale}."));
        }

        double pixels = Width * scale * Height * scale;
        if (pixels > LargestPixelCount || Math.Min(Width, Height) * scale < 1)
        {
            throw new ArgumentException(
                Invariant($"A picture of {Width} x {Height} at scale {scale} has {pixels:0} pixels; must be 1 to {LargestPixelCount}."),
                nameof(scale));
        }

        (int width, int height) = ((int)Math.Round(Width * scale), (int)Math.Round(Height * scale));
        using SKSurface surface = SKSurface.Create(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        surface.Canvas.Clear(SKColors.White);
        surface.Canvas.Scale((float)scale);
        DrawOn(surface.Canvas);
        using SKImage image = surface.Snapshot();
        using SKData png = image.Encode(SKEncodedImageFormat.Png, quality: 100);
        return png.ToArray();
    }

    /// <summary>Writes the picture, whole or not at all; the name's ending, .svg or .png, says in which format.</summary>
    /// <param name="path">The file; its folder is created where missing.</param>
    /// <param name="scale">As for <see cref="ToPng"/>; SVG has none.</param>
    /// <exception cref="ArgumentException">The name ends otherwise, or the scale is out of range.</exception>
    /// <exception cref="IOException">The file cannot be written; it is as it was before.</exception>
    public void Save(string path, double scale = StandardScale)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string ending = Path.GetExtension(path);
        byte[] bytes = ending.ToLowerInvariant() switch
        {
            ".svg" => Encoding.UTF8.GetBytes(ToSvg()),
            ".png" => ToPng(scale),
            _ => throw new ArgumentException($"{path}: ends in '{ending}'; must end in .svg or .png.", nameof(path)),
        };
        AtomicFile.Write(path, stream => stream.Write(bytes));
    }

    /// <summary>Writes NAME.svg and NAME.png into a folder.</summary>
    /// <param name="folder">The folder, created where missing.</param>
    /// <param name="name">The files' name without its ending.</param>
    /// <exception cref="IOException">A file cannot be written; it is as it was before.</exception>
    public void SaveBoth(string folder, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        Save(Path.Combine(folder, name + ".svg"));
        Save(Path.Combine(folder, name + ".png"));
    }
}

/// <summary>Size and title of a picture.</summary>
public sealed record PictureOptions
{
    /// <summary>In pixels at scale 1, 100 to 10,000; null for what suits the picture.</summary>
    public double? Width { get; init; }

    /// <summary>In pixels at scale 1, 100 to 10,000; null for what suits the picture.</summary>
    public double? Height { get; init; }

    /// <summary>Size of the text in pixels at scale 1, 6 to 72. Default 13.</summary>
    public double FontSize { get; init; } = 13;

    /// <summary>The line above the picture; null for the picture's own, empty for none.</summary>
    public string? Title { get; init; }

    /// <summary>
    /// What it shows, below the title in smaller letters: data, people, clips, split, method, parted by " · ", where lines may break; null
    /// or empty for none.
    /// </summary>
    public string? Subtitle { get; init; }

    /// <summary>Reports every fault of these options at once.</summary>
    /// <exception cref="ArgumentException">A value lies outside its range; the message lists all that do.</exception>
    public void Validate()
    {
        var faults = new OptionFaults();
        faults.Within(Width ?? 100, 100, 10_000, nameof(Width));
        faults.Within(Height ?? 100, 100, 10_000, nameof(Height));
        faults.Within(FontSize, 6, 72);
        faults.ThrowIfAny();
    }

    /// <summary>Checked options, the defaults for null.</summary>
    internal static PictureOptions Checked(PictureOptions? options)
    {
        options ??= new PictureOptions();
        options.Validate();
        return options;
    }
}

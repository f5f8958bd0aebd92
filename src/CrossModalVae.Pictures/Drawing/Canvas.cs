namespace CrossModalVae.Pictures.Drawing;

/// <summary>Pixels that shapes are painted on with smooth edges: each pixel takes a colour by the share of it that the shape covers.</summary>
internal sealed class Canvas
{
    private const int LinesPerPixel = 16;

    private readonly byte[] _pixels; // [Height, Width, 3]
    private float[] _coverage = []; // [Height, Width] at most

    public Canvas(int width, int height)
    {
        (Width, Height) = (width, height);
        _pixels = new byte[3 * width * height];
        Array.Fill(_pixels, byte.MaxValue);
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>[Height, Width, 3] red, green, blue.</summary>
    public ReadOnlySpan<byte> Pixels => _pixels;

    /// <summary>Lines with round ends and corners, all one shape: where they cross nothing is painted twice.</summary>
    /// <param name="lines">Each through at least one point; one alone is a dot.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="colour">The colour.</param>
    public void Stroke(IReadOnlyList<IReadOnlyList<PixelPoint>> lines, double width, Colour colour)
    {
        double reach = (width / 2) + 0.5;
        (int left, int top, int right, int bottom) = Bounds(lines.SelectMany(line => line), reach);
        if (left >= right || top >= bottom)
        {
            return;
        }

        int stride = right - left;
        Span<float> coverage = Coverage(stride * (bottom - top));
        foreach (IReadOnlyList<PixelPoint> line in lines)
        {
            for (int i = 0; i < line.Count; i++)
            {
                PixelPoint a = line[Math.Max(0, i - 1)];
                PixelPoint b = line[i];
                if (i > 0 || line.Count == 1)
                {
                    AddSegment(coverage, (left, top, right, bottom), a, b, reach, Math.Min(1, width));
                }
            }
        }

        Blend(coverage, left, top, right, bottom, colour, 1);
    }

    /// <summary>A polygon, closed by itself; inside is what a ray leaves an odd number of times.</summary>
    /// <param name="corners">At least three.</param>
    /// <param name="colour">The colour.</param>
    /// <param name="opacity">0 to 1.</param>
    public void Fill(IReadOnlyList<PixelPoint> corners, Colour colour, double opacity)
    {
        (int left, int top, int right, int bottom) = Bounds(corners, 0);
        if (left >= right || top >= bottom)
        {
            return;
        }

        int stride = right - left;
        Span<float> coverage = Coverage(stride * (bottom - top));
        var crossings = new List<double>();
        for (int line = top * LinesPerPixel; line < bottom * LinesPerPixel; line++)
        {
            double y = (line + 0.5) / LinesPerPixel;
            crossings.Clear();
            for (int i = 0; i < corners.Count; i++)
            {
                PixelPoint a = corners[i];
                PixelPoint b = corners[(i + 1) % corners.Count];
                if (a.Y <= y != b.Y <= y)
                {
                    crossings.Add(a.X + ((y - a.Y) / (b.Y - a.Y) * (b.X - a.X)));
                }
            }

            crossings.Sort();
            Span<float> row = coverage.Slice(((line / LinesPerPixel) - top) * stride, stride);
            for (int i = 0; i + 1 < crossings.Count; i += 2)
            {
                AddSpan(row, crossings[i] - left, crossings[i + 1] - left);
            }
        }

        Blend(coverage, left, top, right, bottom, colour, opacity);
    }

    /// <summary>A disc.</summary>
    public void Disc(PixelPoint centre, double radius, Colour colour) => Ring(centre, radius / 2, radius, colour);

    /// <summary>A ring around a circle, half its width inside, half outside.</summary>
    public void Ring(PixelPoint centre, double radius, double width, Colour colour)
    {
        (int left, int top, int right, int bottom) = Bounds([centre], radius + (width / 2) + 0.5);
        for (int y = top; y < bottom; y++)
        {
            for (int x = left; x < right; x++)
            {
                double distance = Math.Sqrt(Square(x + 0.5 - centre.X) + Square(y + 0.5 - centre.Y));
                double outside = Math.Clamp((radius + (width / 2) + 0.5) - distance, 0, 1);
                double inside = width >= 2 * radius ? 0 : Math.Clamp(radius - (width / 2) + 0.5 - distance, 0, 1);
                Blend(x, y, colour, outside - inside);
            }
        }
    }

    /// <summary>A photograph over a box: each pixel takes the mean of what lies under it.</summary>
    public void Photograph(PixelBox box, Faces.FaceImage image)
    {
        (int left, int top, int right, int bottom) = Bounds([new(box.Left, box.Top), new(box.Right, box.Bottom)], 0);
        for (int y = top; y < bottom; y++)
        {
            (int firstRow, int lastRow) = Under(y, box.Top, box.Height, image.Height);
            for (int x = left; x < right; x++)
            {
                (int firstColumn, int lastColumn) = Under(x, box.Left, box.Width, image.Width);
                var sum = (R: 0, G: 0, B: 0);
                for (int row = firstRow; row <= lastRow; row++)
                {
                    for (int column = firstColumn; column <= lastColumn; column++)
                    {
                        ReadOnlySpan<byte> pixel = image.Pixels.Slice(3 * ((row * image.Width) + column), 3);
                        sum = (sum.R + pixel[0], sum.G + pixel[1], sum.B + pixel[2]);
                    }
                }

                int count = (lastRow - firstRow + 1) * (lastColumn - firstColumn + 1);
                Blend(x, y, new Colour((byte)(sum.R / count), (byte)(sum.G / count), (byte)(sum.B / count)), 1);
            }
        }

        // The source pixels, first to last, that one pixel of the box shows.
        static (int First, int Last) Under(int pixel, double start, double length, int sourceLength)
        {
            double scale = sourceLength / length;
            int first = Math.Clamp((int)Math.Floor((pixel - start) * scale), 0, sourceLength - 1);
            int last = Math.Clamp((int)Math.Ceiling((pixel + 1 - start) * scale) - 1, first, sourceLength - 1);
            return (first, last);
        }
    }

    private static double Square(double value) => value * value;

    private static void AddSegment(
        Span<float> coverage, (int Left, int Top, int Right, int Bottom) bounds, PixelPoint a, PixelPoint b, double reach, double most)
    {
        int top = Math.Max(bounds.Top, (int)Math.Floor(Math.Min(a.Y, b.Y) - reach));
        int bottom = Math.Min(bounds.Bottom, (int)Math.Ceiling(Math.Max(a.Y, b.Y) + reach));
        int left = Math.Max(bounds.Left, (int)Math.Floor(Math.Min(a.X, b.X) - reach));
        int right = Math.Min(bounds.Right, (int)Math.Ceiling(Math.Max(a.X, b.X) + reach));
        (double dx, double dy) = (b.X - a.X, b.Y - a.Y);
        double squaredLength = (dx * dx) + (dy * dy);
        for (int y = top; y < bottom; y++)
        {
            for (int x = left; x < right; x++)
            {
                (double px, double py) = (x + 0.5 - a.X, y + 0.5 - a.Y);
                double along = squaredLength == 0 ? 0 : Math.Clamp(((px * dx) + (py * dy)) / squaredLength, 0, 1);
                double distance = Math.Sqrt(Square(px - (along * dx)) + Square(py - (along * dy)));
                float covered = (float)Math.Clamp(reach - distance, 0, most);
                ref float cell = ref coverage[((y - bounds.Top) * (bounds.Right - bounds.Left)) + x - bounds.Left];
                cell = Math.Max(cell, covered);
            }
        }
    }

    private static void AddSpan(Span<float> row, double from, double to)
    {
        from = Math.Clamp(from, 0, row.Length);
        to = Math.Clamp(to, 0, row.Length);
        for (int x = (int)from; x < to; x++)
        {
            row[x] += (float)((Math.Min(to, x + 1) - Math.Max(from, x)) / LinesPerPixel);
        }
    }

    private (int Left, int Top, int Right, int Bottom) Bounds(IEnumerable<PixelPoint> points, double reach)
    {
        var box = new PixelBox(double.MaxValue, double.MaxValue, double.MinValue, double.MinValue);
        foreach (PixelPoint point in points)
        {
            box = new PixelBox(Math.Min(box.Left, point.X), Math.Min(box.Top, point.Y), Math.Max(box.Right, point.X), Math.Max(box.Bottom, point.Y));
        }

        return (
            (int)Math.Clamp(Math.Floor(box.Left - reach), 0, Width),
            (int)Math.Clamp(Math.Floor(box.Top - reach), 0, Height),
            (int)Math.Clamp(Math.Ceiling(box.Right + reach), 0, Width),
            (int)Math.Clamp(Math.Ceiling(box.Bottom + reach), 0, Height));
    }

    private Span<float> Coverage(int count)
    {
        if (_coverage.Length < count)
        {
            _coverage = new float[count];
        }

        Span<float> coverage = _coverage.AsSpan(0, count);
        coverage.Clear();
        return coverage;
    }

    private void Blend(ReadOnlySpan<float> coverage, int left, int top, int right, int bottom, Colour colour, double opacity)
    {
        for (int y = top; y < bottom; y++)
        {
            ReadOnlySpan<float> row = coverage.Slice((y - top) * (right - left), right - left);
            for (int x = left; x < right; x++)
            {
                Blend(x, y, colour, row[x - left] * opacity);
            }
        }
    }

    private void Blend(int x, int y, Colour colour, double share)
    {
        if (share <= 0)
        {
            return;
        }

        share = Math.Min(1, share);
        Span<byte> pixel = _pixels.AsSpan(3 * ((y * Width) + x), 3);
        pixel[0] = (byte)Math.Round(pixel[0] + ((colour.R - pixel[0]) * share));
        pixel[1] = (byte)Math.Round(pixel[1] + ((colour.G - pixel[1]) * share));
        pixel[2] = (byte)Math.Round(pixel[2] + ((colour.B - pixel[2]) * share));
    }
}

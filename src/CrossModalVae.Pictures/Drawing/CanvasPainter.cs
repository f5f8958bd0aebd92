namespace CrossModalVae.Pictures.Drawing;

/// <summary>Paints a scene in pixels.</summary>
internal static class CanvasPainter
{
    /// <summary>Paints a scene.</summary>
    /// <param name="scene">What is shown.</param>
    /// <param name="scale">Pixels for one of the scene's.</param>
    public static Canvas Paint(Scene scene, double scale)
    {
        var canvas = new Canvas((int)Math.Round(scene.Width * scale), (int)Math.Round(scene.Height * scale));
        foreach (SceneItem item in scene.Items)
        {
            Paint(canvas, item, scale);
        }

        return canvas;
    }

    private static void Paint(Canvas canvas, SceneItem item, double scale)
    {
        switch (item)
        {
            case StrokeItem stroke:
                canvas.Stroke(Dashes(Scaled(stroke.Points, scale), stroke.Style, scale), stroke.Style.Width * scale, stroke.Style.Colour);
                break;
            case FillItem fill:
                PixelPoint[] corners = Scaled(fill.Points, scale);
                canvas.Fill(corners, fill.Fill, fill.Opacity);
                if (fill.Outline is Colour outline)
                {
                    canvas.Stroke([[.. corners, corners[0]]], fill.OutlineWidth * scale, outline);
                }

                break;
            case CircleItem circle:
                canvas.Disc(circle.Centre.Scaled(scale), circle.Radius * scale, circle.Fill);
                if (circle.Outline is Colour edge)
                {
                    canvas.Ring(circle.Centre.Scaled(scale), circle.Radius * scale, circle.OutlineWidth * scale, edge);
                }

                break;
            case TextItem text:
                PaintText(canvas, text, scale);
                break;
            case ImageItem image:
                PixelBox box = image.Box;
                canvas.Photograph(new PixelBox(box.Left * scale, box.Top * scale, box.Right * scale, box.Bottom * scale), image.Image);
                break;
            default:
                throw new ArgumentException($"'item' is a {item.GetType().Name}; a canvas cannot paint it.", nameof(item));
        }
    }

    private static void PaintText(Canvas canvas, TextItem text, double scale)
    {
        double size = text.Size * scale;
        double width = StrokeFont.Width(text.Text, size, text.Bold);
        double before = text.Anchor switch { TextAnchor.Start => 0, TextAnchor.Middle => width / 2, _ => width };
        PixelPoint at = text.At.Scaled(scale);
        List<PixelPoint[]> strokes = StrokeFont.Strokes(text.Text, size, text.Bold);
        foreach (PixelPoint[] stroke in strokes)
        {
            for (int i = 0; i < stroke.Length; i++)
            {
                double along = stroke[i].X - before;
                stroke[i] = text.Upwards ? new PixelPoint(at.X + stroke[i].Y, at.Y - along) : new PixelPoint(at.X + along, at.Y + stroke[i].Y);
            }
        }

        canvas.Stroke(strokes, StrokeFont.StrokeWidth(size, text.Bold), text.Colour);
    }

    private static PixelPoint[] Scaled(IReadOnlyList<PixelPoint> points, double scale) => [.. points.Select(point => point.Scaled(scale))];

    // The pieces of a line that its dashes leave; a solid line is one piece. Round ends lengthen a dash by the width, so it is cut shorter by that.
    private static List<IReadOnlyList<PixelPoint>> Dashes(PixelPoint[] points, LineStyle style, double scale)
    {
        if (style.Dash is null)
        {
            return [points];
        }

        var pieces = new List<IReadOnlyList<PixelPoint>>();
        double shorten = style.Width * scale / 2;
        int dash = 0;
        double dashEnd = style.Dash[0] * scale;
        double position = 0;
        List<PixelPoint>? open = null;
        for (int i = 1; i < points.Length; i++)
        {
            (PixelPoint a, PixelPoint b) = (points[i - 1], points[i]);
            double length = Math.Sqrt(((b.X - a.X) * (b.X - a.X)) + ((b.Y - a.Y) * (b.Y - a.Y)));
            double end = position + length;
            for (double at = position; at < end;)
            {
                double next = Math.Min(end, dashEnd);
                if (dash % 2 == 0)
                {
                    if (open is null)
                    {
                        pieces.Add(open = [At(Math.Min(at + shorten, next))]);
                    }

                    open.Add(At(next == dashEnd ? Math.Max(at, next - shorten) : next));
                }

                if (next == dashEnd)
                {
                    dash = (dash + 1) % style.Dash.Count;
                    dashEnd += style.Dash[dash] * scale;
                    open = null;
                }

                at = next;
            }

            position = end;

            PixelPoint At(double place)
            {
                double share = (place - (end - length)) / length;
                return new PixelPoint(a.X + (share * (b.X - a.X)), a.Y + (share * (b.Y - a.Y)));
            }
        }

        return pieces;
    }
}

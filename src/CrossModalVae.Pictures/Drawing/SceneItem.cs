namespace CrossModalVae.Pictures.Drawing;

/// <summary>One thing that is drawn. Its kind is a word that an SVG reader finds it by.</summary>
internal abstract record SceneItem(string? Kind);

/// <summary>A line through points, with round ends and corners.</summary>
internal sealed record StrokeItem(IReadOnlyList<PixelPoint> Points, LineStyle Style, string? Kind = null) : SceneItem(Kind);

/// <summary>A filled polygon, closed by itself; its outline lies half inside, half outside.</summary>
internal sealed record FillItem(
    IReadOnlyList<PixelPoint> Points, Colour Fill, double Opacity = 1, Colour? Outline = null, double OutlineWidth = 1, string? Kind = null) : SceneItem(Kind);

/// <summary>A filled circle; its outline lies half inside, half outside.</summary>
internal sealed record CircleItem(
    PixelPoint Centre, double Radius, Colour Fill, Colour? Outline = null, double OutlineWidth = 1, string? Kind = null) : SceneItem(Kind);

/// <summary>One line of text, its baseline through a place; upwards is turned a quarter to the left.</summary>
internal sealed record TextItem(
    PixelPoint At, string Text, double Size, TextAnchor Anchor, Colour Colour, bool Bold = false, bool Upwards = false, string? Kind = null) : SceneItem(Kind)
{
    /// <summary>The box of the letters as the built-in font draws them.</summary>
    public PixelBox Box
    {
        get
        {
            double width = StrokeFont.Width(Text, Size, Bold);
            double before = Anchor switch { TextAnchor.Start => 0, TextAnchor.Middle => width / 2, _ => width };
            double up = StrokeFont.Ascent * Size;
            double down = StrokeFont.Descent * Size;
            return Upwards
                ? new PixelBox(At.X - up, At.Y + before - width, At.X + down, At.Y + before)
                : new PixelBox(At.X - before, At.Y - up, At.X - before + width, At.Y + down);
        }
    }
}

/// <summary>A photograph, stretched over a box.</summary>
internal sealed record ImageItem(PixelBox Box, Faces.FaceImage Image, string? Kind = null) : SceneItem(Kind);

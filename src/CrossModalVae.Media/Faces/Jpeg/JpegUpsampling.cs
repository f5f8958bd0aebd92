namespace CrossModalVae.Faces.Jpeg;

/// <summary>
/// How a component's samples become rows of the picture, as libjpeg-turbo decides it (jdmaster.c, jdsample.c): components of half the
/// width, height or both are interpolated, others repeated. Where libjpeg gives up, at fractions such as two samples for three pixels,
/// samples are repeated too.
/// </summary>
/// <param name="BlockSize">Samples of a block of the component, horizontally and vertically: 8, 4, 2 or 1.</param>
/// <param name="Horizontal">Samples of the component for <paramref name="HorizontalOf"/> pixels.</param>
/// <param name="Vertical">Rows of the component for <paramref name="VerticalOf"/> rows of the picture.</param>
/// <param name="HorizontalOf">The largest horizontal factor.</param>
/// <param name="VerticalOf">The largest vertical factor.</param>
/// <param name="Interpolates">Not at 1/8, as libjpeg.</param>
internal readonly record struct JpegUpsampling(
    int BlockSize, int Horizontal, int HorizontalOf, int Vertical, int VerticalOf, bool Interpolates)
{
    /// <summary>What the memory of a row must have more than pixels: whole samples of a component of half the width.</summary>
    public const int Padding = 2;

    /// <summary>The upsampling of a component where the picture is decoded at <paramref name="blockSize"/> samples for 8 pixels. A smaller
    /// component is decoded at twice the scale where that is a whole fraction on both axes.</summary>
    public static JpegUpsampling Of(JpegHeader header, JpegComponent component, int blockSize)
    {
        int own = blockSize;
        while (own < 8
            && header.HorizontalFactor * blockSize % (component.HorizontalFactor * own * 2) == 0
            && header.VerticalFactor * blockSize % (component.VerticalFactor * own * 2) == 0)
        {
            own *= 2;
        }

        return new JpegUpsampling(
            own,
            component.HorizontalFactor * own / blockSize,
            header.HorizontalFactor,
            component.VerticalFactor * own / blockSize,
            header.VerticalFactor,
            blockSize > 1);
    }

    /// <summary>Row y of the picture, in the component's own memory or in <paramref name="row"/>.</summary>
    public ReadOnlySpan<byte> Row(JpegPlane plane, int y, Span<byte> row, Span<ushort> sums)
    {
        bool fullWidth = Horizontal == HorizontalOf, halfWidth = 2 * Horizontal == HorizontalOf;
        bool fullHeight = Vertical == VerticalOf, halfHeight = 2 * Vertical == VerticalOf;
        if (fullWidth && fullHeight)
        {
            return plane.Row(y);
        }

        if (Interpolates && (fullHeight || halfHeight) && (fullWidth || halfWidth))
        {
            int near = halfHeight ? y / 2 : y, far = halfHeight ? near + (2 * (y % 2)) - 1 : y;
            if (halfWidth)
            {
                JpegColour.UpsampleHorizontally(plane.Row(near), plane.Row(far), halfHeight, sums, row);
            }
            else
            {
                JpegColour.UpsampleVertically(plane.Row(near), plane.Row(far), y % 2 == 0, row);
            }

            return row;
        }

        ReadOnlySpan<byte> samples = plane.Row((int)((long)y * Vertical / VerticalOf));
        if (fullWidth)
        {
            return samples;
        }

        if (halfWidth)
        {
            JpegColour.Repeat(samples, row);
        }
        else
        {
            JpegColour.Repeat(samples, Horizontal, HorizontalOf, row[..^Padding]);
        }

        return row;
    }
}

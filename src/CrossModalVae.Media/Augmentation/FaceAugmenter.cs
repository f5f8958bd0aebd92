using CrossModalVae.Faces;

namespace CrossModalVae.Augmentation;

/// <summary>Augments a face picture by a draw: crop, flip, brightness, contrast, blur, cut-out, in this order, on 8-bit levels.</summary>
internal static class FaceAugmenter
{
    private const int Channels = 3;

    /// <summary>The augmented picture; the same object where the draw changes nothing.</summary>
    public static FaceImage Apply(FaceImage face, FaceDraw draw)
    {
        ArgumentNullException.ThrowIfNull(face);
        ArgumentNullException.ThrowIfNull(draw);
        if (draw.KeepsFace)
        {
            return face;
        }

        // 1. Crop and flip: which pixels, and in which order.
        int width = Math.Clamp((int)Math.Round(draw.CropShare * face.Width), FaceImage.SmallestSide, face.Width);
        int height = Math.Clamp((int)Math.Round(draw.CropShare * face.Height), FaceImage.SmallestSide, face.Height);
        byte[] pixels = Crop(
            face,
            Index(draw.CropX, face.Width - width),
            Index(draw.CropY, face.Height - height),
            width,
            height,
            draw.Flips); // [height, width, 3]

        // 2. Brightness and contrast: a table of levels.
        if (draw.Brightness != 0 || draw.Contrast != 1)
        {
            Relight(pixels, draw.Brightness, draw.Contrast);
        }

        // 3. Blur.
        if (draw.Blur > 0)
        {
            GaussianBlur.Apply(pixels, width, height, draw.Blur * Math.Min(width, height));
        }

        // 4. Cut-out.
        if (draw.CutOutArea > 0)
        {
            int side = Math.Clamp((int)Math.Round(Math.Sqrt(draw.CutOutArea * width * height)), 1, Math.Min(width, height));
            CutOut(pixels, width, Index(draw.CutOutX, width - side), Index(draw.CutOutY, height - side), side);
        }

        return new FaceImage(pixels, width, height);
    }

    // An index from 0 to the last, all equally likely.
    private static int Index(double share, int last) => Math.Min(last, (int)(share * (last + 1)));

    private static byte[] Crop(FaceImage face, int left, int top, int width, int height, bool flips)
    {
        var pixels = new byte[Channels * width * height];
        for (int y = 0; y < height; y++)
        {
            Span<byte> row = pixels.AsSpan(Channels * width * y, Channels * width);
            face.Pixels.Slice(Channels * (((top + y) * face.Width) + left), row.Length).CopyTo(row);
            if (flips)
            {
                row.Reverse(); // blue, green, red from right to left
                for (int x = 0; x < row.Length; x += Channels)
                {
                    (row[x], row[x + 2]) = (row[x + 2], row[x]);
                }
            }
        }

        return pixels;
    }

    // level -> grey + contrast (level - grey) + 255 brightness; contrast keeps grey, the picture's mean luma (BT.601).
    private static void Relight(Span<byte> pixels, double brightness, double contrast)
    {
        (double red, double green, double blue) = MeanColour(pixels);
        double grey = (0.299 * red) + (0.587 * green) + (0.114 * blue);
        Span<byte> levels = stackalloc byte[256];
        for (int level = 0; level < levels.Length; level++)
        {
            levels[level] = (byte)Math.Clamp(Math.Round(grey + (contrast * (level - grey)) + (255 * brightness)), 0, 255);
        }

        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = levels[pixels[i]];
        }
    }

    private static void CutOut(Span<byte> pixels, int width, int left, int top, int side)
    {
        (double red, double green, double blue) = MeanColour(pixels);
        ReadOnlySpan<byte> colour = [(byte)Math.Round(red), (byte)Math.Round(green), (byte)Math.Round(blue)];
        for (int y = top; y < top + side; y++)
        {
            Span<byte> row = pixels.Slice(Channels * ((y * width) + left), Channels * side);
            for (int i = 0; i < row.Length; i++)
            {
                row[i] = colour[i % Channels];
            }
        }
    }

    private static (double Red, double Green, double Blue) MeanColour(ReadOnlySpan<byte> pixels)
    {
        long red = 0, green = 0, blue = 0;
        for (int i = 0; i < pixels.Length; i += Channels)
        {
            red += pixels[i];
            green += pixels[i + 1];
            blue += pixels[i + 2];
        }

        double count = pixels.Length / Channels;
        return (red / count, green / count, blue / count);
    }
}

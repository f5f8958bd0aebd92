using System.Numerics.Tensors;

namespace CrossModalVae.Augmentation;

/// <summary>Disturbs a face's standardised picture by <see cref="FreshFaceOptions"/>.</summary>
internal static class PictureAugmenter
{
    /// <summary>Changes a picture [planes, height, width] in place; what is done depends on the generator alone.</summary>
    public static void Apply(Span<float> picture, int width, int height, FreshFaceOptions options, SeededRandom random)
    {
        int size = width * height, planes = picture.Length / size;
        bool flips = random.NextDouble() < options.FlipProbability;
        double angle = options.RotationDegrees * random.NextDouble(-1, 1) * Math.PI / 180;
        double scale = 1 + (options.Scale * random.NextDouble(-1, 1));
        double dx = options.Shift * random.NextDouble(-1, 1) * width, dy = options.Shift * random.NextDouble(-1, 1) * height;
        float[] original = picture.ToArray();
        for (int plane = 0; plane < planes; plane++)
        {
            Span<float> target = picture.Slice(plane * size, size);
            Warp(original.AsSpan(plane * size, size), target, width, height, angle, flips ? -scale : scale, scale, dx, dy);
        }

        float contrast = (float)(1 + (options.Contrast * random.NextDouble(-1, 1)));
        double common = 0.5 * options.Colour * random.NextGaussian();
        for (int plane = 0; plane < planes; plane++)
        {
            Span<float> own = picture.Slice(plane * size, size);
            float mean = TensorPrimitives.Sum<float>(own) / size;
            float shift = (float)(common + (Math.Sqrt(0.75) * options.Colour * random.NextGaussian()));
            TensorPrimitives.Subtract(own, mean, own);
            TensorPrimitives.Multiply(own, contrast, own);
            TensorPrimitives.Add(own, mean + shift, own);
        }

        if (random.NextDouble() < options.GreyProbability)
        {
            ToGrey(picture, size, planes);
        }

        if (random.NextDouble() < options.BlurProbability)
        {
            for (int times = 1 + random.NextInt32(3); times > 0; times--)
            {
                for (int plane = 0; plane < planes; plane++)
                {
                    Blur(picture.Slice(plane * size, size), width, height);
                }
            }
        }

        if (random.NextDouble() < options.CutOutProbability)
        {
            int side = (int)(options.CutOutShare * random.NextDouble() * Math.Min(width, height));
            int left = random.NextInt32(width - side + 1), top = random.NextInt32(height - side + 1);
            for (int row = 0; row < planes * side; row++)
            {
                (int plane, int y) = Math.DivRem(row, side);
                picture.Slice((plane * size) + ((top + y) * width) + left, side).Clear();
            }
        }
    }

    // Where each pixel comes from: about the centre, rotated and scaled back, bilinear between four neighbours, edges extended.
    private static void Warp(
        ReadOnlySpan<float> source,
        Span<float> target,
        int width,
        int height,
        double angle,
        double scaleX,
        double scaleY,
        double dx,
        double dy)
    {
        (double sin, double cos) = Math.SinCos(angle);
        double centreX = (width - 1) / 2.0, centreY = (height - 1) / 2.0;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                double u = x - centreX - dx, v = y - centreY - dy;
                double fromX = Math.Clamp((((cos * u) + (sin * v)) / scaleX) + centreX, 0, width - 1);
                double fromY = Math.Clamp((((cos * v) - (sin * u)) / scaleY) + centreY, 0, height - 1);
                int left = (int)fromX, top = (int)fromY;
                int right = Math.Min(left + 1, width - 1), bottom = Math.Min(top + 1, height - 1);
                float fx = (float)(fromX - left), fy = (float)(fromY - top);
                float above = source[(top * width) + left] + (fx * (source[(top * width) + right] - source[(top * width) + left]));
                float below = source[(bottom * width) + left] + (fx * (source[(bottom * width) + right] - source[(bottom * width) + left]));
                target[(y * width) + x] = above + (fy * (below - above));
            }
        }
    }

    private static void ToGrey(Span<float> picture, int size, int planes)
    {
        for (int i = 0; i < size; i++)
        {
            float sum = 0;
            for (int plane = 0; plane < planes; plane++)
            {
                sum += picture[(plane * size) + i];
            }

            for (int plane = 0; plane < planes; plane++)
            {
                picture[(plane * size) + i] = sum / planes;
            }
        }
    }

    // (1 2 1) / 4 along rows, then columns; edges extended.
    private static void Blur(Span<float> plane, int width, int height)
    {
        for (int y = 0; y < height; y++)
        {
            Blur(plane, y * width, 1, width);
        }

        for (int x = 0; x < width; x++)
        {
            Blur(plane, x, width, height);
        }
    }

    private static void Blur(Span<float> plane, int first, int step, int count)
    {
        float before = plane[first];
        for (int i = 0, at = first; i < count; i++, at += step)
        {
            float own = plane[at], after = i + 1 < count ? plane[at + step] : own;
            plane[at] = ((before + after) * 0.25f) + (own * 0.5f);
            before = own;
        }
    }
}

using CrossModalVae.Faces;

namespace CrossModalVae.Media.Tests.Oracles;

/// <summary>
/// The face front end's definition in double precision, pixel by pixel in two dimensions: the mean of a
/// picture under a product of two triangles.
/// </summary>
internal static class DirectResize
{
    /// <summary>[planes, height, width] in [0, 1].</summary>
    public static double[] Planes(FaceImage image, int width, int height, FaceColour colour)
    {
        int planes = colour == FaceColour.Grey ? 1 : 3;
        var result = new double[planes * height * width];
        for (int p = 0; p < planes; p++)
        {
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    result[(((p * height) + y) * width) + x] = Mean(image, x, y, width, height, colour, p) / 255;
                }
            }
        }

        return result;
    }

    private static double Mean(FaceImage image, int x, int y, int width, int height, FaceColour colour, int plane)
    {
        double sum = 0;
        double weights = 0;
        for (int v = 0; v < image.Height; v++)
        {
            for (int u = 0; u < image.Width; u++)
            {
                double weight = Triangle(u, x, image.Width, width) * Triangle(v, y, image.Height, height);
                ReadOnlySpan<byte> pixel = image.Pixels.Slice(3 * ((v * image.Width) + u), 3);
                double value = colour == FaceColour.Rgb ? pixel[plane] : (0.299 * pixel[0]) + (0.587 * pixel[1]) + (0.114 * pixel[2]);
                sum += weight * value;
                weights += weight;
            }
        }

        return sum / weights;
    }

    private static double Triangle(int input, int output, int inputs, int outputs)
    {
        double step = (double)inputs / outputs;
        double distance = Math.Abs(input + 0.5 - ((output + 0.5) * step));
        return Math.Max(0, 1 - (distance / Math.Max(1, step)));
    }
}

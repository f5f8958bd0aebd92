using System.Numerics.Tensors;

namespace CrossModalVae.Augmentation;

/// <summary>
/// Gaussian blur of interleaved colours, along rows and then columns, with a kernel of three standard deviations. The picture is extended
/// by reflection, edge pixels included, which keeps every colour's mean exactly (up to rounding to levels).
/// </summary>
internal static class GaussianBlur
{
    private const int Channels = 3;

    public static void Apply(Span<byte> pixels, int width, int height, double standardDeviation)
    {
        float[] kernel = Kernel(standardDeviation);
        var blurred = new float[pixels.Length]; // [height, width, 3]
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int at = Channels * ((y * width) + x);
                for (int k = -kernel.Length + 1; k < kernel.Length; k++)
                {
                    int from = Channels * ((y * width) + Reflect(x + k, width));
                    float weight = kernel[Math.Abs(k)];
                    blurred[at] += weight * pixels[from];
                    blurred[at + 1] += weight * pixels[from + 1];
                    blurred[at + 2] += weight * pixels[from + 2];
                }
            }
        }

        var row = new float[Channels * width];
        for (int y = 0; y < height; y++)
        {
            Array.Clear(row);
            for (int k = -kernel.Length + 1; k < kernel.Length; k++)
            {
                ReadOnlySpan<float> from = blurred.AsSpan(row.Length * Reflect(y + k, height), row.Length);
                TensorPrimitives.MultiplyAdd(from, kernel[Math.Abs(k)], row, row);
            }

            Span<byte> target = pixels.Slice(row.Length * y, row.Length);
            for (int i = 0; i < row.Length; i++)
            {
                target[i] = (byte)Math.Clamp(MathF.Round(row[i]), 0, 255);
            }
        }
    }

    // The half from the centre on; with its mirror image the sum is 1.
    private static float[] Kernel(double standardDeviation)
    {
        var weights = new double[(int)Math.Ceiling(3 * standardDeviation) + 1];
        double sum = 0;
        for (int k = 0; k < weights.Length; k++)
        {
            weights[k] = Math.Exp(-0.5 * k * k / (standardDeviation * standardDeviation));
            sum += k == 0 ? weights[k] : 2 * weights[k];
        }

        return [.. weights.Select(weight => (float)(weight / sum))];
    }

    private static int Reflect(int index, int length)
    {
        int period = 2 * length;
        int at = ((index % period) + period) % period;
        return at < length ? at : period - 1 - at;
    }
}

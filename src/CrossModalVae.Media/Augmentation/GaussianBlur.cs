namespace CrossModalVae.Augmentation;

/// <summary>
/// A Gaussian blur of interleaved colours, along rows and then along columns. Beyond the edges the picture is mirrored, edge pixels
/// included, which keeps every colour's mean exactly (up to rounding to levels). The kernel reaches three standard deviations.
/// </summary>
internal static class GaussianBlur
{
    private const int Channels = 3;

    public static void Apply(Span<byte> pixels, int width, int height, double deviation)
    {
        float[] kernel = Kernel(deviation);
        var across = new float[pixels.Length]; // [height, width, 3]
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int at = Channels * ((y * width) + x);
                for (int k = -kernel.Length + 1; k < kernel.Length; k++)
                {
                    int from = Channels * ((y * width) + Mirror(x + k, width));
                    float weight = kernel[Math.Abs(k)];
                    across[at] += weight * pixels[from];
                    across[at + 1] += weight * pixels[from + 1];
                    across[at + 2] += weight * pixels[from + 2];
                }
            }
        }

        var row = new float[Channels * width];
        for (int y = 0; y < height; y++)
        {
            Array.Clear(row);
            for (int k = -kernel.Length + 1; k < kernel.Length; k++)
            {
                ReadOnlySpan<float> from = across.AsSpan(row.Length * Mirror(y + k, height), row.Length);
                System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(from, kernel[Math.Abs(k)], row, row);
            }

            Span<byte> target = pixels.Slice(row.Length * y, row.Length);
            for (int i = 0; i < row.Length; i++)
            {
                target[i] = (byte)Math.Clamp(MathF.Round(row[i]), 0, 255);
            }
        }
    }

    // The half from the centre out, of sum 1 with its mirror image.
    private static float[] Kernel(double deviation)
    {
        var weights = new double[(int)Math.Ceiling(3 * deviation) + 1];
        double sum = 0;
        for (int k = 0; k < weights.Length; k++)
        {
            weights[k] = Math.Exp(-0.5 * k * k / (deviation * deviation));
            sum += k == 0 ? weights[k] : 2 * weights[k];
        }

        return [.. weights.Select(weight => (float)(weight / sum))];
    }

    private static int Mirror(int index, int length)
    {
        int period = 2 * length;
        int at = ((index % period) + period) % period;
        return at < length ? at : period - 1 - at;
    }
}

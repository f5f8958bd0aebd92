using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CrossModalVae.Faces;

/// <summary>Rows of samples to numbers, sixteen at a time.</summary>
internal static class FaceRows
{
    // ITU-R BT.601 luma.
    private const float RedWeight = 0.299f;
    private const float GreenWeight = 0.587f;
    private const float BlueWeight = 0.114f;

    /// <summary>Bytes to floats.</summary>
    public static void Widen(ReadOnlySpan<byte> samples, Span<float> values)
    {
        int x = 0;
        for (; x + 16 <= samples.Length; x += 16)
        {
            (Vector256<int> a, Vector256<int> b) = FaceVectors.Ints(samples, x);
            Store(Vector256.ConvertToSingle(a), Vector256.ConvertToSingle(b), values, x);
        }

        for (; x < samples.Length; x++)
        {
            values[x] = samples[x];
        }
    }

    /// <summary>Colours to grey, unrounded.</summary>
    public static void Grey(ReadOnlySpan<byte> red, ReadOnlySpan<byte> green, ReadOnlySpan<byte> blue, Span<float> values)
    {
        int x = 0;
        for (; x + 16 <= red.Length; x += 16)
        {
            (Vector256<int> r0, Vector256<int> r1) = FaceVectors.Ints(red, x);
            (Vector256<int> g0, Vector256<int> g1) = FaceVectors.Ints(green, x);
            (Vector256<int> b0, Vector256<int> b1) = FaceVectors.Ints(blue, x);
            Store(
                (Vector256.ConvertToSingle(r0) * RedWeight)
                    + (Vector256.ConvertToSingle(g0) * GreenWeight)
                    + (Vector256.ConvertToSingle(b0) * BlueWeight),
                (Vector256.ConvertToSingle(r1) * RedWeight)
                    + (Vector256.ConvertToSingle(g1) * GreenWeight)
                    + (Vector256.ConvertToSingle(b1) * BlueWeight),
                values,
                x);
        }

        for (; x < red.Length; x++)
        {
            values[x] = (red[x] * RedWeight) + (green[x] * GreenWeight) + (blue[x] * BlueWeight);
        }
    }

    /// <summary>Pixels to rows of their colours.</summary>
    /// <param name="pixels">[n, 3]</param>
    /// <param name="red">Receives [n].</param>
    /// <param name="green">Receives [n].</param>
    /// <param name="blue">Receives [n].</param>
    public static void Split(ReadOnlySpan<byte> pixels, Span<byte> red, Span<byte> green, Span<byte> blue)
    {
        for (int x = 0; x < red.Length; x++)
        {
            (red[x], green[x], blue[x]) = (pixels[3 * x], pixels[(3 * x) + 1], pixels[(3 * x) + 2]);
        }
    }

    /// <summary>The reverse of <see cref="Split"/>.</summary>
    public static void Join(ReadOnlySpan<byte> red, ReadOnlySpan<byte> green, ReadOnlySpan<byte> blue, Span<byte> pixels)
    {
        for (int x = 0; x < red.Length; x++)
        {
            (pixels[3 * x], pixels[(3 * x) + 1], pixels[(3 * x) + 2]) = (red[x], green[x], blue[x]);
        }
    }

    private static void Store(Vector256<float> first, Vector256<float> second, Span<float> values, int at)
    {
        ref float target = ref MemoryMarshal.GetReference(values.Slice(at, 16));
        first.StoreUnsafe(ref target);
        second.StoreUnsafe(ref target, 8);
    }
}

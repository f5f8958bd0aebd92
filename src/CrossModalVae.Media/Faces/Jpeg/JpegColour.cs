using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CrossModalVae.Faces.Jpeg;

/// <summary>
/// Luma and chroma rows to red, green and blue, the same bits as libjpeg: halved chroma is upsampled by a triangle filter (jdsample.c,
/// "fancy" upsampling), then converted by JFIF 1.02's equations in 16-bit fixed point (jdcolor.c).
/// </summary>
internal static class JpegColour
{
    private const int Half = 1 << 15;
    private const int RedOfCr = 91881, GreenOfCr = -46802, GreenOfCb = -22554, BlueOfCb = 116130; // 1.402, -0.714, -0.344, 1.772 x 2^16

    /// <summary>A chroma row of n samples at twice the width. Where the height is halved too, it is between two rows. Sums are n +
    /// 2.</summary>
    public static void UpsampleHorizontally(
        ReadOnlySpan<byte> near, ReadOnlySpan<byte> far, bool halvedHeight, Span<ushort> sums, Span<byte> row)
    {
        int n = near.Length;
        if (n <= 2)
        {
            Repeat(near, row); // as libjpeg, which does not interpolate such rows on either axis
            return;
        }

        // Vertically: 3 x the near row + the far row; the first and the last sum are repeated at the ends.
        for (int x = 0; x < n; x++)
        {
            sums[x + 1] = (ushort)(halvedHeight ? (3 * near[x]) + far[x] : near[x]);
        }

        (sums[0], sums[n + 1]) = (sums[1], sums[n]);

        // Horizontally: likewise, with the left and the right neighbour.
        (int shift, ushort early, ushort late) = halvedHeight ? (4, (ushort)8, (ushort)7) : (2, (ushort)1, (ushort)2);
        int done = BitConverter.IsLittleEndian ? UpsampleVectors(sums[..(n + 2)], row, shift, early, late) : 0;
        for (int x = done; x < n; x++)
        {
            row[2 * x] = (byte)(((3 * sums[x + 1]) + sums[x] + early) >> shift);
            row[(2 * x) + 1] = (byte)(((3 * sums[x + 1]) + sums[x + 2] + late) >> shift);
        }
    }

    /// <summary>A chroma row at twice the width, each sample twice.</summary>
    public static void Repeat(ReadOnlySpan<byte> near, Span<byte> row)
    {
        for (int x = 0; x < near.Length; x++)
        {
            (row[2 * x], row[(2 * x) + 1]) = (near[x], near[x]);
        }
    }

    /// <summary>A chroma row between two rows of halved height, the nearer one first.</summary>
    public static void UpsampleVertically(ReadOnlySpan<byte> near, ReadOnlySpan<byte> far, bool upper, Span<byte> row)
    {
        int bias = upper ? 1 : 2;
        for (int x = 0; x < near.Length; x++)
        {
            row[x] = (byte)(((3 * near[x]) + far[x] + bias) >> 2);
        }
    }

    /// <summary>A chroma row of other sampling factors: sample x of the picture is the sample of the component that covers it.</summary>
    public static void Repeat(ReadOnlySpan<byte> samples, int factor, int largest, Span<byte> row)
    {
        for (int x = 0; x < row.Length; x++)
        {
            row[x] = samples[Math.Min((int)((long)x * factor / largest), samples.Length - 1)];
        }
    }

    /// <summary>Inverts a row.</summary>
    public static void Invert(ReadOnlySpan<byte> samples, Span<byte> row)
    {
        for (int x = 0; x < row.Length; x++)
        {
            row[x] = (byte)(255 - samples[x]);
        }
    }

    /// <summary>Inks to light, in place: black is inverted, cyan, magenta and yellow are not (Pillow's cmyk2rgb, Convert.c).</summary>
    public static void AddBlack(Span<byte> red, Span<byte> green, Span<byte> blue, ReadOnlySpan<byte> black)
    {
        for (int x = 0; x < red.Length; x++)
        {
            int light = black[x];
            red[x] = Clamp(light - Multiply(red[x], light));
            green[x] = Clamp(light - Multiply(green[x], light));
            blue[x] = Clamp(light - Multiply(blue[x], light));
        }
    }

    /// <summary>The colours of a row.</summary>
    public static void ToRgb(
        ReadOnlySpan<byte> luma, ReadOnlySpan<byte> cb, ReadOnlySpan<byte> cr, Span<byte> red, Span<byte> green, Span<byte> blue)
    {
        int n = luma.Length, x = 0;
        Vector256<int> middle = Vector256.Create(128), half = Vector256.Create(Half);
        for (; x + 16 <= n; x += 16)
        {
            (Vector256<int> y0, Vector256<int> y1) = PixelRows.Ints(luma, x);
            (Vector256<int> u0, Vector256<int> u1) = PixelRows.Ints(cb, x);
            (Vector256<int> v0, Vector256<int> v1) = PixelRows.Ints(cr, x);
            (u0, u1, v0, v1) = (u0 - middle, u1 - middle, v0 - middle, v1 - middle);
            PixelRows.Store(y0 + (((v0 * RedOfCr) + half) >> 16), y1 + (((v1 * RedOfCr) + half) >> 16), red, x);
            PixelRows.Store(
                y0 + (((u0 * GreenOfCb) + (v0 * GreenOfCr) + half) >> 16),
                y1 + (((u1 * GreenOfCb) + (v1 * GreenOfCr) + half) >> 16),
                green,
                x);
            PixelRows.Store(y0 + (((u0 * BlueOfCb) + half) >> 16), y1 + (((u1 * BlueOfCb) + half) >> 16), blue, x);
        }

        for (; x < n; x++)
        {
            int u = cb[x] - 128, v = cr[x] - 128;
            red[x] = Clamp(luma[x] + (((RedOfCr * v) + Half) >> 16));
            green[x] = Clamp(luma[x] + (((GreenOfCb * u) + (GreenOfCr * v) + Half) >> 16));
            blue[x] = Clamp(luma[x] + (((BlueOfCb * u) + Half) >> 16));
        }
    }

    // Eight samples to sixteen: left and right result as the two bytes of a 16-bit number.
    private static int UpsampleVectors(ReadOnlySpan<ushort> sums, Span<byte> row, int shift, ushort early, ushort late)
    {
        int x = 0;
        ref ushort sum = ref MemoryMarshal.GetReference(sums);
        Vector128<ushort> before = Vector128.Create(early), behind = Vector128.Create(late);
        for (; x + 10 <= sums.Length; x += 8)
        {
            Vector128<ushort> middle = Vector128.LoadUnsafe(ref sum, (nuint)(x + 1));
            middle += middle + middle;
            Vector128<ushort> left = (middle + Vector128.LoadUnsafe(ref sum, (nuint)x) + before) >>> shift;
            Vector128<ushort> right = (middle + Vector128.LoadUnsafe(ref sum, (nuint)(x + 2)) + behind) >>> shift;
            (left | (right << 8)).AsByte().StoreUnsafe(ref MemoryMarshal.GetReference(row.Slice(2 * x, 16)));
        }

        return x;
    }

    // a x b / 255, rounded.
    private static int Multiply(int a, int b)
    {
        int product = (a * b) + 128;
        return ((product >> 8) + product) >> 8;
    }

    private static byte Clamp(int value) => (byte)Math.Clamp(value, 0, 255);
}

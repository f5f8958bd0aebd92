using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CrossModalVae.Faces.Jpeg;

/// <summary>
/// From luma and chroma planes to red, green and blue rows, the same bits as libjpeg: halved chroma is interpolated by a triangle
/// (jdsample.c, "fancy" upsampling), then JFIF 1.02's equations in 16-bit fixed point (jdcolor.c).
/// </summary>
internal static class JpegColour
{
    private const int Half = 1 << 15;
    private const int RedOfCr = 91881, GreenOfCr = -46802, GreenOfCb = -22554, BlueOfCb = 116130; // 1.402, -0.714, -0.344, 1.772 x 2^16

    /// <summary>A chroma row at twice the width.</summary>
    /// <param name="near">[n] samples of the row itself.</param>
    /// <param name="far">[n] samples of the row next to the output row, for halved height; the same as
    /// <paramref name="near"/> otherwise.</param>
    /// <param name="halvedDown">Whether the height is halved too.</param>
    /// <param name="sums">[n + 2], for work.</param>
    /// <param name="row">Receives [2n].</param>
    public static void Widen(ReadOnlySpan<byte> near, ReadOnlySpan<byte> far, bool halvedDown, Span<ushort> sums, Span<byte> row)
    {
        int n = near.Length;
        if (n <= 2)
        {
            Repeat(near, row); // as libjpeg: too narrow to interpolate, on either axis
            return;
        }

        // Down: three parts of the near row and one of the far one; the first and the last stand once more at the ends.
        for (int x = 0; x < n; x++)
        {
            sums[x + 1] = (ushort)(halvedDown ? (3 * near[x]) + far[x] : near[x]);
        }

        (sums[0], sums[n + 1]) = (sums[1], sums[n]);

        // Across: likewise, of the samples to the left and to the right.
        (int shift, ushort early, ushort late) = halvedDown ? (4, (ushort)8, (ushort)7) : (2, (ushort)1, (ushort)2);
        int done = BitConverter.IsLittleEndian ? WidenVectors(sums[..(n + 2)], row, shift, early, late) : 0;
        for (int x = done; x < n; x++)
        {
            row[2 * x] = (byte)(((3 * sums[x + 1]) + sums[x] + early) >> shift);
            row[(2 * x) + 1] = (byte)(((3 * sums[x + 1]) + sums[x + 2] + late) >> shift);
        }
    }

    /// <summary>A chroma row at twice the width, each sample twice.</summary>
    /// <param name="near">[n]</param>
    /// <param name="row">Receives [2n].</param>
    public static void Repeat(ReadOnlySpan<byte> near, Span<byte> row)
    {
        for (int x = 0; x < near.Length; x++)
        {
            (row[2 * x], row[(2 * x) + 1]) = (near[x], near[x]);
        }
    }

    /// <summary>A chroma row between two rows of halved height and full width.</summary>
    /// <param name="near">The row that the output row lies in.</param>
    /// <param name="far">The row next to it.</param>
    /// <param name="upper">Whether the output row is the upper one of the two.</param>
    /// <param name="row">Receives as many samples.</param>
    public static void Lengthen(ReadOnlySpan<byte> near, ReadOnlySpan<byte> far, bool upper, Span<byte> row)
    {
        int bias = upper ? 1 : 2;
        for (int x = 0; x < near.Length; x++)
        {
            row[x] = (byte)(((3 * near[x]) + far[x] + bias) >> 2);
        }
    }

    /// <summary>Colours of a row.</summary>
    /// <param name="luma">[n]</param>
    /// <param name="cb">[n]</param>
    /// <param name="cr">[n]</param>
    /// <param name="red">Receives [n].</param>
    /// <param name="green">Receives [n].</param>
    /// <param name="blue">Receives [n].</param>
    public static void ToRgb(
        ReadOnlySpan<byte> luma, ReadOnlySpan<byte> cb, ReadOnlySpan<byte> cr, Span<byte> red, Span<byte> green, Span<byte> blue)
    {
        int n = luma.Length, x = 0;
        Vector256<int> middle = Vector256.Create(128), half = Vector256.Create(Half);
        for (; x + 16 <= n; x += 16)
        {
            (Vector256<int> y0, Vector256<int> y1) = FaceVectors.Ints(luma, x);
            (Vector256<int> u0, Vector256<int> u1) = FaceVectors.Ints(cb, x);
            (Vector256<int> v0, Vector256<int> v1) = FaceVectors.Ints(cr, x);
            (u0, u1, v0, v1) = (u0 - middle, u1 - middle, v0 - middle, v1 - middle);
            FaceVectors.Store(y0 + (((v0 * RedOfCr) + half) >> 16), y1 + (((v1 * RedOfCr) + half) >> 16), red, x);
            FaceVectors.Store(
                y0 + (((u0 * GreenOfCb) + (v0 * GreenOfCr) + half) >> 16),
                y1 + (((u1 * GreenOfCb) + (v1 * GreenOfCr) + half) >> 16),
                green,
                x);
            FaceVectors.Store(y0 + (((u0 * BlueOfCb) + half) >> 16), y1 + (((u1 * BlueOfCb) + half) >> 16), blue, x);
        }

        for (; x < n; x++)
        {
            int u = cb[x] - 128, v = cr[x] - 128;
            red[x] = Clamp(luma[x] + (((RedOfCr * v) + Half) >> 16));
            green[x] = Clamp(luma[x] + (((GreenOfCb * u) + (GreenOfCr * v) + Half) >> 16));
            blue[x] = Clamp(luma[x] + (((BlueOfCb * u) + Half) >> 16));
        }
    }

    // Eight samples to sixteen: two bytes of a 16-bit number are neighbours.
    private static int WidenVectors(ReadOnlySpan<ushort> sums, Span<byte> row, int shift, ushort early, ushort late)
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

    private static byte Clamp(int value) => (byte)Math.Clamp(value, 0, 255);
}

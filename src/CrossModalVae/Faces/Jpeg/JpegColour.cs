using System.Runtime.Intrinsics;

namespace CrossModalVae.Faces.Jpeg;

/// <summary>
/// From luma and chroma planes to red, green and blue rows, the same bits as libjpeg: halved chroma is interpolated by a triangle (jdsample.c, "fancy"
/// upsampling), then JFIF 1.02's equations in 16-bit fixed point (jdcolor.c).
/// </summary>
internal static class JpegColour
{
    private const int Half = 1 << 15;
    private const int RedOfCr = 91881, GreenOfCr = -46802, GreenOfCb = -22554, BlueOfCb = 116130; // 1.402, -0.714, -0.344, 1.772 x 2^16

    /// <summary>A chroma row at twice the width.</summary>
    /// <param name="near">[n] samples of the row itself.</param>
    /// <param name="far">[n] samples of the row next to the output row, for halved height; the same as <paramref name="near"/> otherwise.</param>
    /// <param name="halvedDown">Whether the height is halved too.</param>
    /// <param name="row">Receives [2n].</param>
    public static void Widen(ReadOnlySpan<byte> near, ReadOnlySpan<byte> far, bool halvedDown, Span<byte> row)
    {
        int n = near.Length;
        if (n <= 2)
        {
            Repeat(near, row); // as libjpeg: too narrow to interpolate, on either axis
            return;
        }

        (int nearWeight, int farWeight, int shift, int early, int late) = halvedDown ? (3, 1, 4, 8, 7) : (1, 0, 2, 1, 2);
        int last = (nearWeight * near[0]) + (farWeight * far[0]), middle = last;
        for (int x = 0; x < n; x++)
        {
            int next = x + 1 < n ? (nearWeight * near[x + 1]) + (farWeight * far[x + 1]) : middle;
            row[2 * x] = (byte)(((3 * middle) + last + early) >> shift);
            row[(2 * x) + 1] = (byte)(((3 * middle) + next + late) >> shift);
            (last, middle) = (middle, next);
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
    public static void ToRgb(ReadOnlySpan<byte> luma, ReadOnlySpan<byte> cb, ReadOnlySpan<byte> cr, Span<byte> red, Span<byte> green, Span<byte> blue)
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
                y0 + (((u0 * GreenOfCb) + (v0 * GreenOfCr) + half) >> 16), y1 + (((u1 * GreenOfCb) + (v1 * GreenOfCr) + half) >> 16), green, x);
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

    private static byte Clamp(int value) => (byte)Math.Clamp(value, 0, 255);
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CrossModalVae.Faces.Jpeg;

/// <summary>
/// Inverse cosine transforms of an 8 x 8 block to 8 x 8, 4 x 4, 2 x 2 or 1 x 1 samples, the same bits as libjpeg's accurate integer ones
/// (jidctint.c and jidctred.c, which Pillow and OpenCV use): Loeffler, Ligtenberg and Moschytz, "Practical fast 1-D DCT algorithms with
/// 11 multiplications", ICASSP 1989, in 13-bit fixed point, with two more bits between the passes. A vector holds a row of the block, so
/// one pass transforms all columns at once.
/// </summary>
internal static class JpegIdct
{
    private const int Bits = 13;
    private const int MoreBits = 2;

    // round(c x 2^13) for the constants c of the name.
    private const int C0211164243 = 1730, C0298631336 = 2446, C0390180644 = 3196, C0509795579 = 4176, C0541196100 = 4433,
        C0601344887 = 4926;
    private const int C0720959822 = 5906, C0765366865 = 6270, C0850430095 = 6967, C0899976223 = 7373, C1061594337 = 8697,
        C1175875602 = 9633;
    private const int C1272758580 = 10426, C1451774981 = 11893, C1501321110 = 12299, C1847759065 = 15137, C1961570560 = 16069,
        C2053119869 = 16819;
    private const int C2172734803 = 17799, C2562915447 = 20995, C3072711026 = 25172, C3624509785 = 29692;

    /// <summary>[64] the row-major place of each zigzag position (ITU-R T.81 figure A.6).</summary>
    public static ReadOnlySpan<byte> NaturalOrder =>
    [
        0, 1, 8, 16, 9, 2, 3, 10,
        17, 24, 32, 25, 18, 11, 4, 5,
        12, 19, 26, 33, 40, 48, 41, 34,
        27, 20, 13, 6, 7, 14, 21, 28,
        35, 42, 49, 56, 57, 50, 43, 36,
        29, 22, 15, 23, 30, 37, 44, 51,
        58, 59, 52, 45, 38, 31, 39, 46,
        53, 60, 61, 54, 47, 55, 62, 63,
    ];

    /// <summary>
    /// Writes a block's samples, <paramref name="size"/> (8, 4, 2 or 1) rows of as many, <paramref name="stride"/> bytes apart, from [8, 8]
    /// dequantised coefficients of which <paramref name="last"/> is the last zigzag position, 0 where there is only the DC coefficient.
    /// </summary>
    public static void Transform(ReadOnlySpan<int> block, int last, int size, Span<byte> samples, int stride)
    {
        if (last == 0 || size == 1)
        {
            Flat(Level(block[0]), size, samples, stride);
            return;
        }

        // The slices check the bounds of the unchecked accesses below.
        ref byte target = ref MemoryMarshal.GetReference(samples[..(((size - 1) * stride) + size)]);
        ref int source = ref MemoryMarshal.GetReference(block[..64]);
        switch (size)
        {
            case 8:
                Full(ref source, ref target, stride);
                break;
            case 4:
                Half(ref source, ref target, stride);
                break;
            default:
                Quarter(block, samples, stride);
                break;
        }
    }

    /// <summary>The sample of a block that has only its DC coefficient, dequantised.</summary>
    public static byte Level(int dc) => Clamp((dc + 4) >> 3);

    private static byte Clamp(int value) => (byte)Math.Clamp(value + 128, 0, 255);

    private static void Flat(byte level, int size, Span<byte> samples, int stride)
    {
        for (int y = 0; y < size; y++)
        {
            samples.Slice(y * stride, size).Fill(level);
        }
    }

    private static void Full(ref int block, ref byte target, int stride)
    {
        Vector256<int> r0 = Vector256.LoadUnsafe(ref block), r1 = Vector256.LoadUnsafe(ref block, 8),
            r2 = Vector256.LoadUnsafe(ref block, 16);
        Vector256<int> r3 = Vector256.LoadUnsafe(ref block, 24), r4 = Vector256.LoadUnsafe(ref block, 32),
            r5 = Vector256.LoadUnsafe(ref block, 40);
        Vector256<int> r6 = Vector256.LoadUnsafe(ref block, 48), r7 = Vector256.LoadUnsafe(ref block, 56);
        Pass(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7, Bits - MoreBits);
        Transpose(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);
        Pass(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7, Bits + MoreBits + 3);
        Transpose(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);
        Store(r0, r1, ref target, stride);
        Store(r2, r3, ref Unsafe.Add(ref target, 2 * (nint)stride), stride);
        Store(r4, r5, ref Unsafe.Add(ref target, 4 * (nint)stride), stride);
        Store(r6, r7, ref Unsafe.Add(ref target, 6 * (nint)stride), stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pass(
        ref Vector256<int> r0, ref Vector256<int> r1, ref Vector256<int> r2, ref Vector256<int> r3,
        ref Vector256<int> r4, ref Vector256<int> r5, ref Vector256<int> r6, ref Vector256<int> r7, int descale)
    {
        // Even part.
        Vector256<int> z1 = (r2 + r6) * C0541196100;
        Vector256<int> even2 = z1 - (r6 * C1847759065), even3 = z1 + (r2 * C0765366865);
        Vector256<int> even0 = (r0 + r4) << Bits, even1 = (r0 - r4) << Bits;
        Vector256<int> half = Vector256.Create(1 << (descale - 1));
        Vector256<int> t10 = even0 + even3 + half, t13 = even0 - even3 + half, t11 = even1 + even2 + half, t12 = even1 - even2 + half;

        // Odd part.
        Vector256<int> z5 = (r7 + r3 + r5 + r1) * C1175875602;
        Vector256<int> z3 = z5 - ((r7 + r3) * C1961570560), z4 = z5 - ((r5 + r1) * C0390180644);
        Vector256<int> y1 = (r7 + r1) * C0899976223, y2 = (r5 + r3) * C2562915447;
        Vector256<int> t0 = (r7 * C0298631336) - y1 + z3, t1 = (r5 * C2053119869) - y2 + z4;
        Vector256<int> t2 = (r3 * C3072711026) - y2 + z3, t3 = (r1 * C1501321110) - y1 + z4;
        (r0, r7) = ((t10 + t3) >> descale, (t10 - t3) >> descale);
        (r1, r6) = ((t11 + t2) >> descale, (t11 - t2) >> descale);
        (r2, r5) = ((t12 + t1) >> descale, (t12 - t1) >> descale);
        (r3, r4) = ((t13 + t0) >> descale, (t13 - t0) >> descale);
    }

    private static void Half(ref int block, ref byte target, int stride)
    {
        Vector256<int> r0 = Vector256.LoadUnsafe(ref block), r1 = Vector256.LoadUnsafe(ref block, 8),
            r2 = Vector256.LoadUnsafe(ref block, 16);
        Vector256<int> r3 = Vector256.LoadUnsafe(ref block, 24), r5 = Vector256.LoadUnsafe(ref block, 40);
        Vector256<int> r6 = Vector256.LoadUnsafe(ref block, 48), r7 = Vector256.LoadUnsafe(ref block, 56);
        HalfPass(
            r0, r1, r2, r3, r5, r6, r7, Bits - MoreBits + 1, out Vector256<int> w0, out Vector256<int> w1, out Vector256<int> w2,
            out Vector256<int> w3);

        // [4, 8] to its columns; the fifth is not used.
        Vector256<int> zero = Vector256<int>.Zero, w4 = zero, w5 = zero, w6 = zero, w7 = zero;
        Transpose(ref w0, ref w1, ref w2, ref w3, ref w4, ref w5, ref w6, ref w7);
        HalfPass(w0, w1, w2, w3, w5, w6, w7, Bits + MoreBits + 3 + 1, out r0, out r1, out r2, out r3);

        Vector256<int> middle = Vector256.Create(128);

        // Four columns of four to four rows.
        Vector128<int> a = r0.GetLower(), b = r1.GetLower(), c = r2.GetLower(), d = r3.GetLower();
        Vector128<byte> packed = PixelRows.Bytes(Vector256.Create(a, b) + middle, Vector256.Create(c, d) + middle);
        Vector128<byte> rows = Vector128.Shuffle(packed, Vector128.Create((byte)0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15));
        Vector128<uint> words = rows.AsUInt32();
        Unsafe.WriteUnaligned(ref target, words.GetElement(0));
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref target, stride), words.GetElement(1));
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref target, 2 * (nint)stride), words.GetElement(2));
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref target, 3 * (nint)stride), words.GetElement(3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void HalfPass(
        Vector256<int> r0, Vector256<int> r1, Vector256<int> r2, Vector256<int> r3,
        Vector256<int> r5, Vector256<int> r6, Vector256<int> r7, int descale,
        out Vector256<int> w0, out Vector256<int> w1, out Vector256<int> w2, out Vector256<int> w3)
    {
        Vector256<int> even = (r0 << (Bits + 1)) + Vector256.Create(1 << (descale - 1));
        Vector256<int> turn = (r2 * C1847759065) - (r6 * C0765366865);
        Vector256<int> t10 = even + turn, t12 = even - turn;
        Vector256<int> t0 = (r5 * C1451774981) - (r7 * C0211164243) - (r3 * C2172734803) + (r1 * C1061594337);
        Vector256<int> t2 = (r3 * C0899976223) - (r7 * C0509795579) - (r5 * C0601344887) + (r1 * C2562915447);
        (w0, w3) = ((t10 + t2) >> descale, (t10 - t2) >> descale);
        (w1, w2) = ((t12 + t0) >> descale, (t12 - t0) >> descale);
    }

    private static void Quarter(ReadOnlySpan<int> block, Span<byte> samples, int stride)
    {
        Span<int> rows = stackalloc int[16]; // [2, 8]
        for (int x = 0; x < 8; x++)
        {
            if (x is not (2 or 4 or 6))
            {
                QuarterPass(
                    block[x], block[8 + x], block[24 + x], block[40 + x], block[56 + x], Bits - MoreBits + 2, out rows[x], out rows[8 + x]);
            }
        }

        for (int y = 0; y < 2; y++)
        {
            ReadOnlySpan<int> row = rows.Slice(8 * y, 8);
            QuarterPass(row[0], row[1], row[3], row[5], row[7], Bits + MoreBits + 3 + 2, out int left, out int right);
            (samples[y * stride], samples[(y * stride) + 1]) = (Clamp(left), Clamp(right));
        }
    }

    private static void QuarterPass(int c0, int c1, int c3, int c5, int c7, int descale, out int first, out int second)
    {
        int even = (c0 << (Bits + 2)) + (1 << (descale - 1));
        int odd = (c5 * C0850430095) - (c7 * C0720959822) - (c3 * C1272758580) + (c1 * C3624509785);
        (first, second) = ((even + odd) >> descale, (even - odd) >> descale);
    }

    /// <summary>Two rows of eight, as bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<int> first, Vector256<int> second, ref byte target, int stride)
    {
        Vector256<int> middle = Vector256.Create(128);
        Vector128<ulong> rows = PixelRows.Bytes(first + middle, second + middle).AsUInt64();
        Unsafe.WriteUnaligned(ref target, rows.GetElement(0));
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref target, stride), rows.GetElement(1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(
        ref Vector256<int> r0, ref Vector256<int> r1, ref Vector256<int> r2, ref Vector256<int> r3,
        ref Vector256<int> r4, ref Vector256<int> r5, ref Vector256<int> r6, ref Vector256<int> r7)
    {
        if (!Avx2.IsSupported)
        {
            TransposeByMemory(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);
            return;
        }

        Vector256<long> a = Avx2.UnpackLow(r0, r1).AsInt64(), b = Avx2.UnpackHigh(r0, r1).AsInt64();
        Vector256<long> c = Avx2.UnpackLow(r2, r3).AsInt64(), d = Avx2.UnpackHigh(r2, r3).AsInt64();
        Vector256<long> e = Avx2.UnpackLow(r4, r5).AsInt64(), f = Avx2.UnpackHigh(r4, r5).AsInt64();
        Vector256<long> g = Avx2.UnpackLow(r6, r7).AsInt64(), h = Avx2.UnpackHigh(r6, r7).AsInt64();
        Vector256<int> ac = Avx2.UnpackLow(a, c).AsInt32(), ca = Avx2.UnpackHigh(a, c).AsInt32();
        Vector256<int> bd = Avx2.UnpackLow(b, d).AsInt32(), db = Avx2.UnpackHigh(b, d).AsInt32();
        Vector256<int> eg = Avx2.UnpackLow(e, g).AsInt32(), ge = Avx2.UnpackHigh(e, g).AsInt32();
        Vector256<int> fh = Avx2.UnpackLow(f, h).AsInt32(), hf = Avx2.UnpackHigh(f, h).AsInt32();
        const byte Lower = 0x20, Upper = 0x31;
        (r0, r4) = (Avx2.Permute2x128(ac, eg, Lower), Avx2.Permute2x128(ac, eg, Upper));
        (r1, r5) = (Avx2.Permute2x128(ca, ge, Lower), Avx2.Permute2x128(ca, ge, Upper));
        (r2, r6) = (Avx2.Permute2x128(bd, fh, Lower), Avx2.Permute2x128(bd, fh, Upper));
        (r3, r7) = (Avx2.Permute2x128(db, hf, Lower), Avx2.Permute2x128(db, hf, Upper));
    }

    private static void TransposeByMemory(
        ref Vector256<int> r0, ref Vector256<int> r1, ref Vector256<int> r2, ref Vector256<int> r3,
        ref Vector256<int> r4, ref Vector256<int> r5, ref Vector256<int> r6, ref Vector256<int> r7)
    {
        Span<Vector256<int>> rows = [r0, r1, r2, r3, r4, r5, r6, r7];
        Span<int> values = MemoryMarshal.Cast<Vector256<int>, int>(rows); // [8, 8]
        for (int y = 1; y < 8; y++)
        {
            for (int x = 0; x < y; x++)
            {
                (values[(8 * y) + x], values[(8 * x) + y]) = (values[(8 * x) + y], values[(8 * y) + x]);
            }
        }

        (r0, r1, r2, r3, r4, r5, r6, r7) = (rows[0], rows[1], rows[2], rows[3], rows[4], rows[5], rows[6], rows[7]);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CrossModalVae.Numerics;

/// <summary>
/// The inner products of 8 rows with the 32 rows of a panel: the loop behind all distances between many points. Products are added in the
/// order of the dimensions with fused multiply-add, whatever the width of the machine's vectors.
/// </summary>
internal static class DotBlock
{
    public const int Rows = 8;

    public const int Lanes = 32;

    /// <summary>Fills <paramref name="products"/>, [8, 32], from left, [D, stride] with 8 rows at its start, and panel, [D, 32].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Compute(ReadOnlySpan<float> left, int stride, ReadOnlySpan<float> panel, int dimension, Span<float> products)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(left.Length, ((dimension - 1) * stride) + Rows, nameof(left));
        ArgumentOutOfRangeException.ThrowIfLessThan(panel.Length, dimension * Lanes, nameof(panel));
        ArgumentOutOfRangeException.ThrowIfLessThan(products.Length, Rows * Lanes, nameof(products));
        ref float a = ref MemoryMarshal.GetReference(left);
        ref float b = ref MemoryMarshal.GetReference(panel);
        ref float c = ref MemoryMarshal.GetReference(products);
        if (Vector512.IsHardwareAccelerated)
        {
            Compute512(ref a, stride, ref b, dimension, ref c);
        }
        else
        {
            for (int lane = 0; lane < Lanes; lane += 2 * Vector256<float>.Count)
            {
                Compute256(ref a, stride, ref Unsafe.Add(ref b, lane), dimension, ref Unsafe.Add(ref c, lane));
                Compute256(
                    ref Unsafe.Add(ref a, 4), stride, ref Unsafe.Add(ref b, lane), dimension, ref Unsafe.Add(ref c, (4 * Lanes) + lane));
            }
        }
    }

    /// <summary>One bit for each of 32 values that is at most the limit.</summary>
    public static uint AtMost(ReadOnlySpan<float> values, float limit)
    {
        Vector512<float> most = Vector512.Create(limit);
        return (uint)Vector512.LessThanOrEqual(Vector512.Create(values), most).ExtractMostSignificantBits()
            | ((uint)Vector512.LessThanOrEqual(Vector512.Create(values[16..]), most).ExtractMostSignificantBits() << 16);
    }

    // 8 rows x 32 lanes: 16 sums in registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Compute512(ref float a, int stride, ref float b, int dimension, ref float c)
    {
        Vector512<float> s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default, s30 = default,
            s31 = default;
        Vector512<float> s40 = default, s41 = default, s50 = default, s51 = default, s60 = default, s61 = default, s70 = default,
            s71 = default;
        for (int k = 0; k < dimension; k++)
        {
            Vector512<float> b0 = Vector512.LoadUnsafe(ref b);
            Vector512<float> b1 = Vector512.LoadUnsafe(ref b, 16);
            Vector512<float> x = Vector512.Create(a);
            s00 = Vector512.FusedMultiplyAdd(x, b0, s00);
            s01 = Vector512.FusedMultiplyAdd(x, b1, s01);
            x = Vector512.Create(Unsafe.Add(ref a, 1));
            s10 = Vector512.FusedMultiplyAdd(x, b0, s10);
            s11 = Vector512.FusedMultiplyAdd(x, b1, s11);
            x = Vector512.Create(Unsafe.Add(ref a, 2));
            s20 = Vector512.FusedMultiplyAdd(x, b0, s20);
            s21 = Vector512.FusedMultiplyAdd(x, b1, s21);
            x = Vector512.Create(Unsafe.Add(ref a, 3));
            s30 = Vector512.FusedMultiplyAdd(x, b0, s30);
            s31 = Vector512.FusedMultiplyAdd(x, b1, s31);
            x = Vector512.Create(Unsafe.Add(ref a, 4));
            s40 = Vector512.FusedMultiplyAdd(x, b0, s40);
            s41 = Vector512.FusedMultiplyAdd(x, b1, s41);
            x = Vector512.Create(Unsafe.Add(ref a, 5));
            s50 = Vector512.FusedMultiplyAdd(x, b0, s50);
            s51 = Vector512.FusedMultiplyAdd(x, b1, s51);
            x = Vector512.Create(Unsafe.Add(ref a, 6));
            s60 = Vector512.FusedMultiplyAdd(x, b0, s60);
            s61 = Vector512.FusedMultiplyAdd(x, b1, s61);
            x = Vector512.Create(Unsafe.Add(ref a, 7));
            s70 = Vector512.FusedMultiplyAdd(x, b0, s70);
            s71 = Vector512.FusedMultiplyAdd(x, b1, s71);
            a = ref Unsafe.Add(ref a, stride);
            b = ref Unsafe.Add(ref b, Lanes);
        }

        s00.StoreUnsafe(ref c);
        s01.StoreUnsafe(ref c, 16);
        s10.StoreUnsafe(ref c, Lanes);
        s11.StoreUnsafe(ref c, Lanes + 16);
        s20.StoreUnsafe(ref c, 2 * Lanes);
        s21.StoreUnsafe(ref c, (2 * Lanes) + 16);
        s30.StoreUnsafe(ref c, 3 * Lanes);
        s31.StoreUnsafe(ref c, (3 * Lanes) + 16);
        s40.StoreUnsafe(ref c, 4 * Lanes);
        s41.StoreUnsafe(ref c, (4 * Lanes) + 16);
        s50.StoreUnsafe(ref c, 5 * Lanes);
        s51.StoreUnsafe(ref c, (5 * Lanes) + 16);
        s60.StoreUnsafe(ref c, 6 * Lanes);
        s61.StoreUnsafe(ref c, (6 * Lanes) + 16);
        s70.StoreUnsafe(ref c, 7 * Lanes);
        s71.StoreUnsafe(ref c, (7 * Lanes) + 16);
    }

    // 4 rows x 16 lanes: 8 sums in registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Compute256(ref float a, int stride, ref float b, int dimension, ref float c)
    {
        Vector256<float> s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default, s30 = default,
            s31 = default;
        for (int k = 0; k < dimension; k++)
        {
            Vector256<float> b0 = Vector256.LoadUnsafe(ref b);
            Vector256<float> b1 = Vector256.LoadUnsafe(ref b, 8);
            Vector256<float> x = Vector256.Create(a);
            s00 = Vector256.FusedMultiplyAdd(x, b0, s00);
            s01 = Vector256.FusedMultiplyAdd(x, b1, s01);
            x = Vector256.Create(Unsafe.Add(ref a, 1));
            s10 = Vector256.FusedMultiplyAdd(x, b0, s10);
            s11 = Vector256.FusedMultiplyAdd(x, b1, s11);
            x = Vector256.Create(Unsafe.Add(ref a, 2));
            s20 = Vector256.FusedMultiplyAdd(x, b0, s20);
            s21 = Vector256.FusedMultiplyAdd(x, b1, s21);
            x = Vector256.Create(Unsafe.Add(ref a, 3));
            s30 = Vector256.FusedMultiplyAdd(x, b0, s30);
            s31 = Vector256.FusedMultiplyAdd(x, b1, s31);
            a = ref Unsafe.Add(ref a, stride);
            b = ref Unsafe.Add(ref b, Lanes);
        }

        s00.StoreUnsafe(ref c);
        s01.StoreUnsafe(ref c, 8);
        s10.StoreUnsafe(ref c, Lanes);
        s11.StoreUnsafe(ref c, Lanes + 8);
        s20.StoreUnsafe(ref c, 2 * Lanes);
        s21.StoreUnsafe(ref c, (2 * Lanes) + 8);
        s30.StoreUnsafe(ref c, 3 * Lanes);
        s31.StoreUnsafe(ref c, (3 * Lanes) + 8);
    }
}

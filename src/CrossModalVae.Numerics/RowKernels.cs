using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CrossModalVae.Numerics;

/// <summary>
/// A query against rows as they lie in memory. Single precision, for 4 rows at once, screens: in any order of additions, within the usual
/// bound on its error. Double precision decides: in one order of additions, whatever the machine, the number of threads and the other
/// queries, so equal rows have equal scores to the last bit.
/// </summary>
internal static class RowKernels
{
    private const int Lanes = 16;

    /// <summary>Inner products of a query [D] with 4 consecutive rows, in single precision.</summary>
    public static Vector128<float> Dots<T>(ref readonly byte rows, ReadOnlySpan<float> query)
        where T : struct, IRowElements => Four<T, Products>(in rows, query);

    /// <summary>Squared distances of a query [D] to 4 consecutive rows, in single precision.</summary>
    public static Vector128<float> SquaredDistances<T>(ref readonly byte rows, ReadOnlySpan<float> query)
        where T : struct, IRowElements => Four<T, SquaredDifferences>(in rows, query);

    /// <summary>The squared distance of a query [D] to one row, in single precision.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float SquaredDistance<T>(ref readonly byte row, ReadOnlySpan<float> query)
        where T : struct, IRowElements
    {
        ref float q = ref MemoryMarshal.GetReference(query);
        ref byte r = ref Unsafe.AsRef(in row);
        Vector512<float> s0 = default, s1 = default;
        int d = 0;
        for (; d + (2 * Lanes) <= query.Length; d += 2 * Lanes)
        {
            Vector512<float> x0 = T.Load(ref Unsafe.AddByteOffset(ref r, (nint)d * T.Size));
            Vector512<float> x1 = T.Load(ref Unsafe.AddByteOffset(ref r, (nint)(d + Lanes) * T.Size));
            s0 = SquaredDifferences.Add(x0, Vector512.LoadUnsafe(ref q, (nuint)d), s0);
            s1 = SquaredDifferences.Add(x1, Vector512.LoadUnsafe(ref q, (nuint)(d + Lanes)), s1);
        }

        float sum = Vector512.Sum(s0 + s1);
        for (; d < query.Length; d++)
        {
            float e = T.One(ref Unsafe.AddByteOffset(ref r, (nint)d * T.Size)) - Unsafe.Add(ref q, d);
            sum += e * e;
        }

        return sum;
    }

    /// <summary>The inner product of a row and a query [D] in double precision, the same on every machine.</summary>
    public static double ExactDot<T>(ref readonly byte row, ReadOnlySpan<float> query)
        where T : struct, IRowElements => Exact<T, Products>(in row, query);

    /// <summary>The squared distance of a row and a query [D] in double precision, the same on every machine.</summary>
    public static double ExactSquaredDistance<T>(ref readonly byte row, ReadOnlySpan<float> query)
        where T : struct, IRowElements => Exact<T, SquaredDifferences>(in row, query);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector128<float> Four<T, TTerm>(ref readonly byte rows, ReadOnlySpan<float> query)
        where T : struct, IRowElements
        where TTerm : struct, ITerm
    {
        int dimension = query.Length, stride = dimension * T.Size, whole = dimension / Lanes * Lanes;
        ref float q = ref MemoryMarshal.GetReference(query);
        ref byte r0 = ref Unsafe.AsRef(in rows);
        ref byte r1 = ref Unsafe.AddByteOffset(ref r0, (nint)stride);
        ref byte r2 = ref Unsafe.AddByteOffset(ref r1, (nint)stride);
        ref byte r3 = ref Unsafe.AddByteOffset(ref r2, (nint)stride);
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
        for (int d = 0; d < whole; d += Lanes)
        {
            nint at = d * T.Size;
            Vector512<float> x = Vector512.LoadUnsafe(ref q, (nuint)d);
            s0 = TTerm.Add(T.Load(ref Unsafe.AddByteOffset(ref r0, at)), x, s0);
            s1 = TTerm.Add(T.Load(ref Unsafe.AddByteOffset(ref r1, at)), x, s1);
            s2 = TTerm.Add(T.Load(ref Unsafe.AddByteOffset(ref r2, at)), x, s2);
            s3 = TTerm.Add(T.Load(ref Unsafe.AddByteOffset(ref r3, at)), x, s3);
        }

        Vector128<float> sums = Sums(s0, s1, s2, s3);
        for (int d = whole; d < dimension; d++)
        {
            nint at = d * T.Size;
            Vector128<float> four = Vector128.Create(
                T.One(ref Unsafe.AddByteOffset(ref r0, at)),
                T.One(ref Unsafe.AddByteOffset(ref r1, at)),
                T.One(ref Unsafe.AddByteOffset(ref r2, at)),
                T.One(ref Unsafe.AddByteOffset(ref r3, at)));
            sums = TTerm.Add(four, Vector128.Create(Unsafe.Add(ref q, d)), sums);
        }

        return sums;
    }

    // Number d goes into sum d % 16; the 16 sums are then added in halves. Missing ones at the end count as zeros.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Exact<T, TTerm>(ref readonly byte row, ReadOnlySpan<float> query)
        where T : struct, IRowElements
        where TTerm : struct, ITerm
    {
        ref float q = ref MemoryMarshal.GetReference(query);
        ref byte r = ref Unsafe.AsRef(in row);
        Vector512<double> low = default, high = default;
        int d = 0;
        for (; d + Lanes <= query.Length; d += Lanes)
        {
            Add<TTerm>(T.Load(ref Unsafe.AddByteOffset(ref r, (nint)d * T.Size)), Vector512.LoadUnsafe(ref q, (nuint)d), ref low, ref high);
        }

        if (d < query.Length)
        {
            Span<float> ends = stackalloc float[2 * Lanes];
            ends.Clear();
            for (int i = 0; d + i < query.Length; i++)
            {
                ends[i] = T.One(ref Unsafe.AddByteOffset(ref r, (nint)(d + i) * T.Size));
                ends[Lanes + i] = Unsafe.Add(ref q, d + i);
            }

            ref float end = ref MemoryMarshal.GetReference(ends);
            Add<TTerm>(Vector512.LoadUnsafe(ref end), Vector512.LoadUnsafe(ref end, Lanes), ref low, ref high);
        }

        Vector512<double> eight = low + high;
        Vector256<double> four = eight.GetLower() + eight.GetUpper();
        Vector128<double> two = four.GetLower() + four.GetUpper();
        return two.ToScalar() + two.GetElement(1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TTerm>(Vector512<float> x, Vector512<float> y, ref Vector512<double> low, ref Vector512<double> high)
        where TTerm : struct, ITerm
    {
        low = TTerm.Add(Vector512.WidenLower(x), Vector512.WidenLower(y), low);
        high = TTerm.Add(Vector512.WidenUpper(x), Vector512.WidenUpper(y), high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Sums(Vector512<float> s0, Vector512<float> s1, Vector512<float> s2, Vector512<float> s3) =>
        Sse3.IsSupported
            ? Sse3.HorizontalAdd(Sse3.HorizontalAdd(Quarter(s0), Quarter(s1)), Sse3.HorizontalAdd(Quarter(s2), Quarter(s3)))
            : Vector128.Create(
                Vector128.Sum(Quarter(s0)), Vector128.Sum(Quarter(s1)), Vector128.Sum(Quarter(s2)), Vector128.Sum(Quarter(s3)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Quarter(Vector512<float> sum)
    {
        Vector256<float> half = sum.GetLower() + sum.GetUpper();
        return half.GetLower() + half.GetUpper();
    }

    private interface ITerm
    {
        static abstract Vector512<float> Add(Vector512<float> x, Vector512<float> y, Vector512<float> sum);

        static abstract Vector128<float> Add(Vector128<float> x, Vector128<float> y, Vector128<float> sum);

        static abstract Vector512<double> Add(Vector512<double> x, Vector512<double> y, Vector512<double> sum);
    }

    private readonly struct Products : ITerm
    {
        public static Vector512<float> Add(Vector512<float> x, Vector512<float> y, Vector512<float> sum) =>
            Vector512.FusedMultiplyAdd(x, y, sum);

        public static Vector128<float> Add(Vector128<float> x, Vector128<float> y, Vector128<float> sum) =>
            Vector128.FusedMultiplyAdd(x, y, sum);

        public static Vector512<double> Add(Vector512<double> x, Vector512<double> y, Vector512<double> sum) =>
            Vector512.FusedMultiplyAdd(x, y, sum);
    }

    private readonly struct SquaredDifferences : ITerm
    {
        public static Vector512<float> Add(Vector512<float> x, Vector512<float> y, Vector512<float> sum) =>
            Vector512.FusedMultiplyAdd(x - y, x - y, sum);

        public static Vector128<float> Add(Vector128<float> x, Vector128<float> y, Vector128<float> sum) =>
            Vector128.FusedMultiplyAdd(x - y, x - y, sum);

        public static Vector512<double> Add(Vector512<double> x, Vector512<double> y, Vector512<double> sum) =>
            Vector512.FusedMultiplyAdd(x - y, x - y, sum);
    }
}

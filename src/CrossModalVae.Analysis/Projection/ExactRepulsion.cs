using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CrossModalVae.Projection;

/// <summary>Repulsion over all pairs: O(N^2), exact up to single precision, and the faster way for a few thousand points.</summary>
internal sealed class ExactRepulsion(int count, LayoutLoops loops) : IRepulsion
{
    private const int BlockSize = 64;

    private readonly (float[] X, float[] Y) _padded = KernelSums.Padded(count);
    private readonly double[] _sums = new double[ParallelLoop.BlockCount(count, BlockSize)];

    public double Compute(float[] x, float[] y, float[] forceX, float[] forceY)
    {
        x.CopyTo(_padded.X, 0);
        y.CopyTo(_padded.Y, 0);
        loops.ForBlocks(x.Length, BlockSize, (block, first, end) =>
        {
            double sum = 0;
            int i = first;
            for (; i + 1 < end; i += 2)
            {
                sum += KernelSums.OfTwoPoints(_padded.X, _padded.Y, i, forceX, forceY);
            }

            if (i < end)
            {
                (double z, forceX[i], forceY[i]) = KernelSums.At(_padded.X, _padded.Y, x[i], y[i]);
                sum += z;
            }

            _sums[block] = sum;
        });
        return _sums.Sum() - x.Length; // every point met itself with w = 1
    }
}

/// <summary>The repulsive half of t-SNE's gradient.</summary>
internal interface IRepulsion
{
    /// <summary>
    /// Fills the forces with F_i = sum_j w_ij^2 (y_i - y_j) and returns Z = sum_{i != j} w_ij, with w_ij = 1 / (1 + |y_i - y_j|^2).
    /// </summary>
    double Compute(float[] x, float[] y, float[] forceX, float[] forceY);
}

/// <summary>Sums of t-SNE's kernel w = 1 / (1 + distance^2) over all points of a plane, in SIMD blocks.</summary>
internal static class KernelSums
{
    private const int Lanes = 16;
    private const float FarAway = 1e15f; // the padding's coordinates: w is 1e-30 or less there

    /// <summary>Coordinates of points, [count rounded up to whole blocks], all far away.</summary>
    public static (float[] X, float[] Y) Padded(int count)
    {
        float[] far = [.. Enumerable.Repeat(FarAway, (count + Lanes - 1) / Lanes * Lanes)];
        return (far, [.. far]);
    }

    /// <summary>sum_j w and sum_j w^2 (p - y_j) of a position p.</summary>
    public static (double Z, float ForceX, float ForceY) At(float[] x, float[] y, float px, float py)
    {
        Vector512<float> one = Vector512.Create(1f), qx = Vector512.Create(px), qy = Vector512.Create(py);
        Vector512<float> z = default, fx = default, fy = default;
        ref float bx = ref MemoryMarshal.GetArrayDataReference(x);
        ref float by = ref MemoryMarshal.GetArrayDataReference(y);
        for (nuint j = 0; j < (nuint)x.Length; j += Lanes)
        {
            Vector512<float> dx = qx - Vector512.LoadUnsafe(ref bx, j), dy = qy - Vector512.LoadUnsafe(ref by, j);
            Vector512<float> w = Reciprocal(Vector512.FusedMultiplyAdd(dx, dx, Vector512.FusedMultiplyAdd(dy, dy, one)));
            z += w;
            w *= w;
            fx = Vector512.FusedMultiplyAdd(w, dx, fx);
            fy = Vector512.FusedMultiplyAdd(w, dy, fy);
        }

        return (Vector512.Sum(z), Vector512.Sum(fx), Vector512.Sum(fy));
    }

    /// <summary>
    /// The same of points i and i + 1; two at once hide the latency of the chain of operations. Returns the sum of both Z.
    /// </summary>
    public static double OfTwoPoints(float[] x, float[] y, int i, float[] forceX, float[] forceY)
    {
        Vector512<float> one = Vector512.Create(1f);
        Vector512<float> ax = Vector512.Create(x[i]), ay = Vector512.Create(y[i]), cx = Vector512.Create(x[i + 1]),
            cy = Vector512.Create(y[i + 1]);
        Vector512<float> za = default, fax = default, fay = default, zc = default, fcx = default, fcy = default;
        ref float bx = ref MemoryMarshal.GetArrayDataReference(x);
        ref float by = ref MemoryMarshal.GetArrayDataReference(y);
        for (nuint j = 0; j < (nuint)x.Length; j += Lanes)
        {
            Vector512<float> vx = Vector512.LoadUnsafe(ref bx, j), vy = Vector512.LoadUnsafe(ref by, j);
            Vector512<float> dax = ax - vx, day = ay - vy, dcx = cx - vx, dcy = cy - vy;
            Vector512<float> wa = Reciprocal(Vector512.FusedMultiplyAdd(dax, dax, Vector512.FusedMultiplyAdd(day, day, one)));
            Vector512<float> wc = Reciprocal(Vector512.FusedMultiplyAdd(dcx, dcx, Vector512.FusedMultiplyAdd(dcy, dcy, one)));
            za += wa;
            zc += wc;
            wa *= wa;
            wc *= wc;
            fax = Vector512.FusedMultiplyAdd(wa, dax, fax);
            fay = Vector512.FusedMultiplyAdd(wa, day, fay);
            fcx = Vector512.FusedMultiplyAdd(wc, dcx, fcx);
            fcy = Vector512.FusedMultiplyAdd(wc, dcy, fcy);
        }

        forceX[i] = Vector512.Sum(fax);
        forceY[i] = Vector512.Sum(fay);
        forceX[i + 1] = Vector512.Sum(fcx);
        forceY[i + 1] = Vector512.Sum(fcy);
        return (double)Vector512.Sum(za) + Vector512.Sum(zc);
    }

    // The 14-bit estimate and one Newton step take a third of a division's time and are as good as single precision is here.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Reciprocal(Vector512<float> d)
    {
        if (!Avx512F.IsSupported)
        {
            return Vector512.Create(1f) / d;
        }

        Vector512<float> r = Avx512F.Reciprocal14(d);
        return Vector512.FusedMultiplyAdd(r, Vector512.FusedMultiplyAdd(-d, r, Vector512.Create(1f)), r);
    }
}

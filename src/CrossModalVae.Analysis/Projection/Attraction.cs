using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CrossModalVae.Projection;

/// <summary>The attractive half of t-SNE's gradient, over the pairs with an input affinity.</summary>
internal static class Attraction
{
    private const int BlockSize = 256;

    /// <summary>A_i = sum_j p_ij w_ij (y_i - y_j).</summary>
    public static void Compute(SparseRows joint, float[] x, float[] y, float[] forceX, float[] forceY, LayoutLoops loops) =>
        loops.ForBlocks(joint.Count, BlockSize, (_, first, end) =>
        {
            for (int i = first; i < end; i++)
            {
                int start = joint.Starts[i], count = joint.Starts[i + 1] - start;
                (forceX[i], forceY[i]) = Row(joint.Columns.AsSpan(start, count), joint.Values.AsSpan(start, count), x, y, x[i], y[i]);
            }
        });

    /// <summary>KL(P || Q) over the pairs with an input affinity, as scikit-learn reports it: exact for the given Z.</summary>
    public static double KullbackLeibler(SparseRows joint, float[] x, float[] y, double z, LayoutLoops loops)
    {
        var sums = new double[ParallelLoop.BlockCount(joint.Count, BlockSize)];
        loops.ForBlocks(joint.Count, BlockSize, (block, first, end) =>
        {
            double sum = 0;
            for (int i = first; i < end; i++)
            {
                for (int e = joint.Starts[i]; e < joint.Starts[i + 1]; e++)
                {
                    double p = joint.Values[e];
                    if (p > 0)
                    {
                        int j = joint.Columns[e];
                        double dx = x[i] - x[j], dy = y[i] - y[j];
                        sum += p * Math.Log(p * z * (1 + (dx * dx) + (dy * dy)));
                    }
                }
            }

            sums[block] = sum;
        });
        return sums.Sum();
    }

    private static (float X, float Y) Row(ReadOnlySpan<int> columns, ReadOnlySpan<float> values, float[] x, float[] y, float px, float py)
    {
        Vector256<float> one = Vector256.Create(1f), qx = Vector256.Create(px), qy = Vector256.Create(py);
        Vector256<float> fx = default, fy = default;
        int k = 0;
        for (; k + Vector256<float>.Count <= columns.Length; k += Vector256<float>.Count)
        {
            Vector256<int> index = Vector256.Create(columns[k..]);
            Vector256<float> dx = qx - At(x, index), dy = qy - At(y, index);
            Vector256<float> w = Vector256.Create(values[k..])
                / Vector256.FusedMultiplyAdd(dx, dx, Vector256.FusedMultiplyAdd(dy, dy, one));
            fx = Vector256.FusedMultiplyAdd(w, dx, fx);
            fy = Vector256.FusedMultiplyAdd(w, dy, fy);
        }

        float sumX = Vector256.Sum(fx), sumY = Vector256.Sum(fy);
        for (; k < columns.Length; k++)
        {
            float dx = px - x[columns[k]], dy = py - y[columns[k]];
            float w = values[k] / (1 + (dx * dx) + (dy * dy));
            sumX += w * dx;
            sumY += w * dy;
        }

        return (sumX, sumY);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector256<float> At(float[] values, Vector256<int> index)
    {
        if (Avx2.IsSupported)
        {
            // Columns are point numbers that this library made, all within the arrays.
            fixed (float* from = &MemoryMarshal.GetArrayDataReference(values))
            {
                return Avx2.GatherVector256(from, index, sizeof(float));
            }
        }

        return Vector256.Create(
            values[index[0]], values[index[1]], values[index[2]], values[index[3]], values[index[4]], values[index[5]], values[index[6]],
            values[index[7]]);
    }
}

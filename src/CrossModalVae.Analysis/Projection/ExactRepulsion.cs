namespace CrossModalVae.Projection;

/// <summary>Every pair of points: O(N^2), exact up to single precision, and the faster way for a few thousand points.</summary>
internal sealed class ExactRepulsion : IRepulsion
{
    private const int BlockSize = 64;

    private readonly LayoutLoops _loops;
    private readonly float[] _x;
    private readonly float[] _y;
    private readonly double[] _sums;

    public ExactRepulsion(int count, LayoutLoops loops)
    {
        _loops = loops;
        (_x, _y) = PlaneSums.Padded(count);
        _sums = new double[ParallelLoop.BlockCount(count, BlockSize)];
    }

    public double Compute(float[] x, float[] y, float[] forceX, float[] forceY)
    {
        x.CopyTo(_x, 0);
        y.CopyTo(_y, 0);
        _loops.ForBlocks(x.Length, BlockSize, (block, first, end) =>
        {
            double sum = 0;
            int i = first;
            for (; i + 1 < end; i += 2)
            {
                sum += PlaneSums.AtTwo(_x, _y, i, forceX, forceY);
            }

            if (i < end)
            {
                (double z, forceX[i], forceY[i]) = PlaneSums.At(_x, _y, x[i], y[i]);
                sum += z;
            }

            _sums[block] = sum;
        });
        double total = 0;
        foreach (double sum in _sums)
        {
            total += sum;
        }

        return total - x.Length; // every point met itself with w = 1
    }
}

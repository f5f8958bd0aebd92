namespace CrossModalVae.Projection;

/// <summary>
/// Places new points in a layout that stays: minimises KL(p(.|i) || q(.|i)) of each new point i for itself, with q(j|i) proportional to
/// w_ij = 1 / (1 + |y_i - y_j|^2) over the fitted points j (van der Maaten 2009's conditional for
/// new points, with the layout's own kernel).
/// </summary>
internal sealed class Placement
{
    private const int IterationCount = 100;
    private const float LearningRate = 1;
    private const float Momentum = 0.5f;
    private const int BlockSize = 8;

    private readonly float[] _x;
    private readonly float[] _y;

    public Placement(float[] layout)
    {
        int count = layout.Length / TSne.LayoutDimension;
        (_x, _y) = PlaneSums.Padded(count);
        for (int i = 0; i < count; i++)
        {
            _x[i] = layout[2 * i];
            _y[i] = layout[(2 * i) + 1];
        }
    }

    /// <summary>[Q, 2].</summary>
    public float[] Place(Neighbours neighbours, float[] conditional, LayoutLoops loops)
    {
        int count = neighbours.Count;
        int queryCount = conditional.Length / count;
        var places = new float[queryCount * TSne.LayoutDimension];
        loops.ForBlocks(queryCount, BlockSize, (_, first, end) =>
        {
            for (int q = first; q < end; q++)
            {
                loops.CancellationToken.ThrowIfCancellationRequested();
                (places[2 * q], places[(2 * q) + 1]) = Descend(
                    neighbours.Indices.AsSpan(q * count, count), conditional.AsSpan(q * count, count));
            }
        });
        return places;
    }

    private (float X, float Y) Descend(ReadOnlySpan<int> indices, ReadOnlySpan<float> p)
    {
        float x = 0, y = 0, stepX = 0, stepY = 0;
        for (int k = 0; k < indices.Length; k++)
        {
            x += p[k] * _x[indices[k]];
            y += p[k] * _y[indices[k]];
        }

        for (int iteration = 0; iteration < IterationCount; iteration++)
        {
            (double z, float repulsionX, float repulsionY) = PlaneSums.At(_x, _y, x, y);
            float gradientX = -(float)(repulsionX / z), gradientY = -(float)(repulsionY / z);
            for (int k = 0; k < indices.Length; k++)
            {
                float dx = x - _x[indices[k]], dy = y - _y[indices[k]];
                float pull = p[k] / (1 + (dx * dx) + (dy * dy));
                gradientX += pull * dx;
                gradientY += pull * dy;
            }

            stepX = (Momentum * stepX) - (LearningRate * gradientX);
            stepY = (Momentum * stepY) - (LearningRate * gradientY);
            x += stepX;
            y += stepY;
        }

        return (x, y);
    }
}

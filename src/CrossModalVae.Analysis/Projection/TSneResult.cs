namespace CrossModalVae.Projection;

/// <summary>The result of <see cref="TSne.Fit"/>: a layout, its quality, and a way to place new points in it.</summary>
public sealed class TSneResult
{
    private readonly PointTiles _points; // of length 1 for the cosine
    private readonly float[] _layout;
    private readonly TSneOptions _options;

    internal TSneResult(PointTiles points, float[] layout, double divergence, double trustworthiness, TSneOptions options)
    {
        (_points, _layout, _options) = (points, layout, options);
        (KullbackLeiblerLoss, TrustworthinessScore) = (divergence, trustworthiness);
    }

    /// <summary>[N, 2] row-major: x and y of every point, centred at 0.</summary>
    public ReadOnlyMemory<float> Layout => _layout;

    /// <summary>Values of one input point.</summary>
    public int Dimension => _points.Dimension;

    /// <summary>
    /// KL(P || Q) in nats, over the pairs with an input affinity, as scikit-learn reports it; Q's normaliser is summed over all pairs.
    /// </summary>
    public double KullbackLeiblerLoss { get; }

    /// <summary>
    /// Trustworthiness at 5 neighbours, over at most 1,000 of the points as centres; see <see cref="Metrics.Trustworthiness"/>.
    /// </summary>
    public double TrustworthinessScore { get; }

    /// <summary>
    /// Places new points in the layout without moving the fitted ones. Each new point gets affinities to its nearest fitted points at the
    /// same perplexity, starts at their affinity-weighted mean, and descends the divergence between the affinities and its similarities in
    /// the layout for 100 steps, independently of other new points. A fitted point lands near its position, not exactly on it.
    /// </summary>
    /// <param name="values">[M, Dimension] row-major; all finite.</param>
    /// <param name="rowCount">M.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>[M, 2] row-major. Takes O(M N) time.</returns>
    /// <exception cref="ArgumentException">Sizes do not fit, or a value is not finite.</exception>
    public float[] Transform(float[] values, int rowCount, CancellationToken cancellationToken = default)
    {
        Rows.Check(values, rowCount, Dimension);
        if (rowCount == 0)
        {
            return [];
        }

        float[] queries = _options.Metric == DistanceMetric.Cosine ? Rows.ToUnitLength(values, Dimension) : values;
        var loops = new LayoutLoops(null, cancellationToken);
        int count = Affinities.NeighbourCount(_options.Perplexity, _points.Count);
        Neighbours neighbours = Neighbours.Find(
            _points.CreateOther(queries, rowCount, cancellationToken), _points, count, cancellationToken);
        return new Placement(_layout).Place(neighbours, Affinities.Conditional(neighbours, _options.Perplexity, loops), loops);
    }
}

/// <summary>
/// Places new points in a fixed layout: minimises KL(p(.|i) || q(.|i)) of each new point i, with q(j|i) proportional to w_ij = 1 / (1 +
/// |y_i - y_j|^2) over the fitted points j (van der Maaten 2009's conditional for new points, with the layout's own kernel).
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
        (_x, _y) = KernelSums.Padded(count);
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
            (double z, float repulsionX, float repulsionY) = KernelSums.At(_x, _y, x, y);
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

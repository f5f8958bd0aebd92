namespace CrossModalVae.Projection;

/// <summary>What <see cref="TSne.Fit"/> found: a layout, how good it is, and a way to place new points in it.</summary>
public sealed class TSneResult
{
    private readonly PointTiles _points; // of length 1 for the cosine
    private readonly float[] _layout;
    private readonly TSneOptions _options;

    internal TSneResult(PointTiles points, float[] layout, double divergence, double trustworthiness, TSneOptions options)
    {
        _points = points;
        _options = options;
        _layout = layout;
        KullbackLeiblerLoss = divergence;
        TrustworthinessScore = trustworthiness;
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
    /// Places new points among the fitted ones, which stay where they are. Each new point is placed for itself: it gets affinities to its
    /// nearest fitted points at the same perplexity, starts at their mean by those affinities, and goes down the divergence between them
    /// and its own similarities in the layout, by 100 steps. A point that was fitted lands near its place, not exactly on it.
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

        float[] queries = _options.Metric == DistanceMetric.Cosine ? PointSet.Normalise(values, Dimension) : values;
        var loops = new LayoutLoops(null, cancellationToken);
        int count = Affinities.NeighbourCount(_options.Perplexity, _points.Count);
        Neighbours neighbours = Neighbours.Find(
            _points.CreateOther(queries, rowCount, cancellationToken), _points, count, cancellationToken);
        return new Placement(_layout).Place(neighbours, Affinities.Conditional(neighbours, _options.Perplexity, loops), loops);
    }
}

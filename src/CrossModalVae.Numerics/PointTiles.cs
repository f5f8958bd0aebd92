using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace CrossModalVae.Numerics;

/// <summary>
/// Points in spatial order, cut into tiles of 32 that <see cref="DotBlock"/> takes whole, each within a known ball. Squared distances in
/// single precision screen pairs with a proven bound on their error; <see cref="IsWithin"/> decides the rest in double precision from the
/// caller's own values, so that results do not depend on the screening.
/// </summary>
/// <remarks>
/// Euclidean points are centred and scaled by a power of two, cosine points brought to length 1, where
/// squared distance = 2 x cosine distance (a row of zeros counts as at cosine distance 1 from every other).
/// Error of s = |x|^2 + |y|^2 - 2 x.y: at most (D + 20) 2^-24 (|x|^2 + |y|^2), by the usual bound on inner products (Higham 2002, section
/// 3.1) with room for the roundings of centring and of the norms.
/// The short loops skip tier 0 (AggressiveOptimization): points are mostly prepared once in a process, and DBSCAN of 20,000 x 100 would be
/// over before tier 1 is compiled.
/// </remarks>
internal sealed class PointTiles
{
    public const int TileSize = DotBlock.Lanes;

    private const float UnitRoundoff = 1f / (1 << 24);

    /// <summary>Far above what underflow may have lost, far below any distance that matters where coordinates reach 1.</summary>
    private const float Underflow = 1e-36f;

    private readonly float[] _values;
    private readonly double[]? _norms; // of the caller's rows, for the cosine
    private readonly double[] _mean; // [D], what prepared points are centred by
    private readonly float[] _panels; // [tiles, D, 32]
    private readonly float[] _upper; // [tiles x 32], squared length and half the error bound; infinite where there is no point
    private readonly float[] _lower;
    private readonly float[] _centrePanels; // [ceil(tiles / 32), D, 32]
    private readonly float[] _centreLower; // squared lengths less half the error bound
    private readonly float[] _radii;

    private PointTiles(float[] values, double[]? norms, double[] mean, double scale, int[] order, RowReader read)
    {
        (_values, _norms, _mean, Scale, Order) = (values, norms, mean, scale, order);
        int dimension = Dimension = mean.Length;
        Metric = norms is null ? DistanceMetric.Euclidean : DistanceMetric.Cosine;
        TileCount = (order.Length + TileSize - 1) / TileSize;
        int groups = (TileCount + TileSize - 1) / TileSize;
        _panels = new float[checked(TileCount * TileSize * dimension)];
        _upper = new float[TileCount * TileSize];
        _lower = new float[TileCount * TileSize];
        _centrePanels = new float[groups * TileSize * dimension];
        _centreLower = new float[groups * TileSize];
        _radii = new float[TileCount];
        ErrorFactor = (dimension + 20) * UnitRoundoff;
        Array.Fill(_upper, float.PositiveInfinity);
        Array.Fill(_lower, float.PositiveInfinity);
        Array.Fill(_centreLower, float.PositiveInfinity);
        ParallelLoop.For(TileCount, tile => Pack(tile, read));
    }

    private delegate void RowReader(int position, Span<float> row);

    /// <summary>Position to row of the caller's values.</summary>
    public int[] Order { get; }

    public int Count => Order.Length;

    public int Dimension { get; }

    public int TileCount { get; }

    public DistanceMetric Metric { get; }

    /// <summary>What the caller's distances are multiplied by here; a power of two. 1 for the cosine.</summary>
    public double Scale { get; }

    /// <summary>The relative error bound: |s - exact| is at most this times the sum of the squared lengths.</summary>
    public float ErrorFactor { get; }

    /// <summary>How far the rounding of two prepared points may change their distance: coordinates here are at most 1.</summary>
    public double Slack => 4 * UnitRoundoff * Math.Sqrt(Dimension);

    /// <summary>[D, 32]: the tile's points, one a lane.</summary>
    public ReadOnlySpan<float> Panel(int tile) => _panels.AsSpan(tile * TileSize * Dimension, TileSize * Dimension);

    /// <summary>[32]: squared lengths, raised by the error bound; s from these is never below the exact squared distance.</summary>
    public ReadOnlySpan<float> Upper(int tile) => _upper.AsSpan(tile * TileSize, TileSize);

    /// <summary>[32]: squared lengths, lowered by the error bound.</summary>
    public ReadOnlySpan<float> Lower(int tile) => _lower.AsSpan(tile * TileSize, TileSize);

    /// <summary>The widest error bound of a squared distance between a point here and one of the other set.</summary>
    public float WidestBound(PointTiles others)
    {
        static float Widest(PointTiles points) =>
            Enumerable.Range(0, points.Count).Select(i => points._upper[i] - points._lower[i]).DefaultIfEmpty().Max();

        return MathF.BitIncrement(Widest(this) + Widest(others));
    }

    /// <summary>The points of a tile; the last one may have fewer than 32.</summary>
    public int CountOf(int tile) => Math.Min(TileSize, Count - (tile * TileSize));

    /// <summary>One bit for each point of a tile.</summary>
    public uint Lanes(int tile)
    {
        int count = CountOf(tile);
        return count == TileSize ? uint.MaxValue : (1u << count) - 1;
    }

    /// <summary>No point of the tile is farther from its centre.</summary>
    public float Radius(int tile) => _radii[tile];

    /// <summary>The squared distance here that means <paramref name="distance"/> in the metric, in double precision.</summary>
    public double Squared(double distance) => Metric == DistanceMetric.Cosine ? 2 * distance : distance * Scale * distance * Scale;

    /// <summary>
    /// A squared distance here, its error bound taken off, beyond this is not within <paramref name="distance"/> in the metric.
    /// </summary>
    public float PossiblyWithin(double distance) => MathF.BitIncrement((float)Squared(distance));

    /// <summary>Whether two points, by position, are within the distance (inclusive), decided in double precision.</summary>
    public bool IsWithin(int position, PointTiles others, int otherPosition, double distance) =>
        Distance(position, others, otherPosition) <= distance;

    /// <summary>The distance of two points, by position, in double precision.</summary>
    public double Distance(int position, PointTiles others, int otherPosition)
    {
        int row = Order[position], other = others.Order[otherPosition];
        if (_norms is null)
        {
            return Math.Sqrt(SquaredDistance(row, others, other));
        }

        double norms = _norms[row] * others._norms![other];
        return norms > 0 ? Math.Max(0, 1 - (Dot(Row(row), others.Row(other)) / norms)) : 1;
    }

    /// <summary>
    /// Fills <paramref name="bounds"/>, [8, <see cref="CentreWidth"/> of the others], with lower bounds of the squared distances between 8
    /// tile centres of this set, from <paramref name="firstTile"/> on, and all of another one.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void CentreDistances(int firstTile, PointTiles others, Span<float> bounds)
    {
        int width = others._centreLower.Length;
        Span<float> products = stackalloc float[DotBlock.Rows * DotBlock.Lanes];
        int group = firstTile / TileSize;
        ReadOnlySpan<float> left = _centrePanels.AsSpan((group * TileSize * Dimension) + (firstTile % TileSize));
        for (int first = 0; first < width; first += TileSize)
        {
            DotBlock.Compute(left, TileSize, others._centrePanels.AsSpan(first * Dimension, TileSize * Dimension), Dimension, products);
            for (int r = 0; r < DotBlock.Rows; r++)
            {
                float own = _centreLower[firstTile + r];
                for (int lane = 0; lane < TileSize; lane++)
                {
                    bounds[(r * width) + first + lane] = own + others._centreLower[first + lane] - (2 * products[(r * TileSize) + lane]);
                }
            }
        }
    }

    /// <summary>The width of the rows that <see cref="CentreDistances"/> fills for this set.</summary>
    public int CentreWidth => _centreLower.Length;

    /// <summary>Some of the points, in the order of <paramref name="positions"/>; in spatial order where these ascend.</summary>
    public PointTiles Subset(int[] positions) =>
        new(_values, _norms, _mean, Scale, [.. positions.Select(p => Order[p])], (index, row) => Gather(positions[index], row));

    /// <summary>Prepares points, [N, D] and finite; the values are kept, not copied.</summary>
    public static PointTiles Create(
        float[] values, int count, int dimension, DistanceMetric metric, CancellationToken cancellationToken = default)
    {
        double[] mean = metric == DistanceMetric.Euclidean ? Mean(values, count, dimension) : new double[dimension];
        double scale = metric == DistanceMetric.Euclidean ? PowerOfTwoScale(values, mean) : 1;
        return Create(values, count, metric, mean, scale, cancellationToken);
    }

    /// <summary>Prepares other points of the same space to be compared with these; the values are kept, not copied.</summary>
    public PointTiles CreateOther(float[] values, int count, CancellationToken cancellationToken = default) =>
        Create(values, count, Metric, _mean, Scale, cancellationToken);

    private static PointTiles Create(
        float[] values, int count, DistanceMetric metric, double[] mean, double scale, CancellationToken cancellationToken)
    {
        int dimension = mean.Length;
        double[]? norms = metric == DistanceMetric.Cosine ? new double[count] : null;
        var prepared = new float[values.Length]; // [N, D]
        ParallelLoop.ForBlocks(
            count,
            TileSize,
            (_, first, end) =>
            {
                for (int i = first; i < end; i++)
                {
                    ReadOnlySpan<float> from = values.AsSpan(i * dimension, dimension);
                    Span<float> to = prepared.AsSpan(i * dimension, dimension);
                    if (norms is null)
                    {
                        Centre(from, mean, scale, to);
                    }
                    else
                    {
                        norms[i] = Math.Sqrt(Dot(from, from));
                        Shorten(from, norms[i], to);
                    }
                }
            },
            cancellationToken: cancellationToken);
        int[] order = SpatialOrder.Compute(prepared, count, dimension, cancellationToken);
        return new PointTiles(
            values, norms, mean, scale, order, (position, row) => prepared.AsSpan(order[position] * dimension, dimension).CopyTo(row));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Centre(ReadOnlySpan<float> from, double[] mean, double scale, Span<float> to)
    {
        for (int d = 0; d < mean.Length; d++)
        {
            to[d] = (float)((from[d] - mean[d]) * scale);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Shorten(ReadOnlySpan<float> from, double norm, Span<float> to)
    {
        for (int d = 0; d < from.Length; d++)
        {
            to[d] = norm > 0 ? (float)(from[d] / norm) : 0;
        }
    }

    private static double[] Mean(float[] values, int count, int dimension)
    {
        var mean = new double[dimension];
        for (int i = 0; i < count; i++)
        {
            for (int d = 0; d < dimension; d++)
            {
                mean[d] += values[(i * dimension) + d];
            }
        }

        TensorPrimitives.Divide(mean, Math.Max(1, count), mean);
        return mean;
    }

    private static double PowerOfTwoScale(float[] values, double[] mean)
    {
        double largest = 0;
        for (int first = 0; first < values.Length; first += mean.Length)
        {
            for (int d = 0; d < mean.Length; d++)
            {
                largest = Math.Max(largest, Math.Abs(values[first + d] - mean[d]));
            }
        }

        return largest > 0 ? Math.ScaleB(1, -Math.ILogB(largest) - 1) : 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        double sum = 0;
        for (int d = 0; d < x.Length; d++)
        {
            sum += (double)x[d] * y[d];
        }

        return sum;
    }

    private ReadOnlySpan<float> Row(int row) => _values.AsSpan(row * Dimension, Dimension);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double SquaredDistance(int row, PointTiles others, int other)
    {
        ReadOnlySpan<float> x = Row(row), y = others.Row(other);
        double sum = 0;
        for (int d = 0; d < x.Length; d++)
        {
            double difference = (double)x[d] - y[d];
            sum += difference * difference;
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Gather(int position, Span<float> row)
    {
        ReadOnlySpan<float> panel = Panel(position / TileSize);
        int lane = position % TileSize;
        for (int d = 0; d < row.Length; d++)
        {
            row[d] = panel[(d * TileSize) + lane];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Pack(int tile, RowReader read)
    {
        var row = new float[Dimension];
        var sum = new double[Dimension];
        Span<float> panel = _panels.AsSpan(tile * TileSize * Dimension, TileSize * Dimension);
        int count = CountOf(tile);
        for (int lane = 0; lane < count; lane++)
        {
            int position = (tile * TileSize) + lane;
            read(position, row);
            for (int d = 0; d < row.Length; d++)
            {
                panel[(d * TileSize) + lane] = row[d];
                sum[d] += row[d];
            }

            double square = Metric == DistanceMetric.Cosine ? 1 : Dot(row, row);
            _upper[position] = (float)(square * (1 + (double)ErrorFactor)) + Underflow;
            _lower[position] = (float)(square * (1 - (double)ErrorFactor)) - Underflow;
        }

        PackCentre(tile, [.. sum.Select(x => (float)(x / count))]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PackCentre(int tile, float[] centre)
    {
        int first = tile / TileSize * TileSize * Dimension;
        for (int d = 0; d < Dimension; d++)
        {
            _centrePanels[first + (d * TileSize) + (tile % TileSize)] = centre[d];
        }

        _centreLower[tile] = (float)(Dot(centre, centre) * (1 - (double)ErrorFactor)) - Underflow;
        ReadOnlySpan<float> panel = Panel(tile);
        double largest = 0;
        for (int lane = 0; lane < CountOf(tile); lane++)
        {
            double square = 0;
            for (int d = 0; d < Dimension; d++)
            {
                double difference = (double)panel[(d * TileSize) + lane] - centre[d];
                square += difference * difference;
            }

            largest = Math.Max(largest, square);
        }

        _radii[tile] = MathF.BitIncrement((float)Math.Sqrt(largest));
    }
}

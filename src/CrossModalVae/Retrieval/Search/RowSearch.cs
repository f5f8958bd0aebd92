using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace CrossModalVae.Retrieval.Search;

/// <summary>
/// Exact search among rows in memory. Rows are screened in single precision with a proven bound on the error, and those that may be among
/// the k best are scored in double precision by one routine, so that the result is the same bits for any number of threads and queries.
/// </summary>
internal sealed partial class RowSearch
{
    private const double UnitRoundoff = 1.0 / (1 << 24);

    /// <summary>Far above what underflow can lose in single precision, far below any score that matters.</summary>
    private const double Underflow = 1e-36;

    /// <summary>Above this sums of products might overflow: nothing is screened, and every row is scored.</summary>
    private const double LargestSum = 1e36;

    private const double SmallestSquare = 1e-60;
    private const int ChunkRows = 2048;

    private readonly RowMatrix[] _parts;
    private readonly double[] _squares = []; // [N], cosine
    private readonly float[] _inverseNorms = []; // [N], cosine
    private readonly float[] _norms = []; // [N], inner product; rounded up
    private readonly float[] _mean; // [D of all screened parts], Euclidean kinds
    private readonly float _largest;

    public RowSearch(RankingMetric metric, RowMatrix[] parts, int workerCount)
    {
        Metric = metric;
        _parts = parts;
        WorkerCount = workerCount;
        Dimensions = [.. parts.Select(part => part.Dimension)];
        _mean = new float[metric == RankingMetric.MsVae ? Dimensions[0] : Dimensions.Sum()];
        if (metric == RankingMetric.Cosine)
        {
            _squares = new double[Count];
            _inverseNorms = new float[Count];
        }
        else if (metric == RankingMetric.InnerProduct)
        {
            _norms = new float[Count];
        }

        _largest = Survey();
    }

    public RankingMetric Metric { get; }

    /// <summary>N.</summary>
    public int Count => _parts[0].Count;

    /// <summary>[parts].</summary>
    public int[] Dimensions { get; }

    public int WorkerCount { get; }

    /// <summary>The first number that is not finite; nothing can be searched where there is one.</summary>
    public (int Part, int Row, int Column, float Value)? NotFinite { get; private set; }

    // Reconstructions are compared only where the means alone cannot exclude a row.
    private ReadOnlySpan<RowMatrix> Screened => Metric == RankingMetric.MsVae ? _parts.AsSpan(0, 1) : _parts;

    private bool IsEuclidean => Metric is not (RankingMetric.Cosine or RankingMetric.InnerProduct);

    /// <summary>The k best rows for each query, best first; fewer where fewer are allowed.</summary>
    public RankedRow[][] Find(QueryRows queries, int k, RowMask? mask, CancellationToken cancellationToken)
    {
        int available = mask?.AllowedCount ?? Count;
        k = Math.Min(k, available);
        if (k == 0)
        {
            return [.. Enumerable.Range(0, queries.Count).Select(_ => Array.Empty<RankedRow>())];
        }

        bool screens =
            (double)Math.Max(_largest, queries.Largest) * Math.Max(_largest, queries.Largest) * (4.0 * Dimensions.Sum()) < LargestSum
            && ErrorFactor(Dimensions.Sum()) < 0.01;
        if (!screens || k > available / 8)
        {
            return [.. Enumerable.Range(0, queries.Count).Select(query => FindAmongAll(queries, query, k, mask, cancellationToken))];
        }

        return queries.Count < SmallestPanelBatch
            ? [.. Enumerable.Range(0, queries.Count).Select(query => FindByStreaming(queries, query, k, mask, cancellationToken))]
            : FindByPanels(queries, k, mask, cancellationToken);
    }

    /// <summary>The exact score, in double precision.</summary>
    public double Score(QueryRows queries, int query, double querySquare, int row)
    {
        switch (Metric)
        {
            case RankingMetric.Cosine:
                double squares = querySquare * _squares[row];
                return squares > 0 ? Math.Clamp(Dot(row, queries.Part(0, query)) / Math.Sqrt(squares), -1, 1) : 0;
            case RankingMetric.InnerProduct:
                return Dot(row, queries.Part(0, query));
            case RankingMetric.Euclidean:
                return -Math.Sqrt(SquaredDistance(0, row, queries.Part(0, query)));
            case RankingMetric.GaussianWasserstein:
                return -Math.Sqrt(SquaredDistance(0, row, queries.Part(0, query)) + SquaredDistance(1, row, queries.Part(1, query)));
            default:
                double latent = Math.Sqrt(SquaredDistance(0, row, queries.Part(0, query)));
                return -((0.5 * latent) + (0.5 * SquaredDistance(1, row, queries.Part(1, query)) / Dimensions[1]));
        }
    }

    /// <summary>The squared length of a query, which <see cref="Score"/> needs for the cosine.</summary>
    public double SquareOf(QueryRows queries, int query) => Metric == RankingMetric.Cosine ? SquareOf(queries.Part(0, query)) : 0;

    /// <summary>The score of every row.</summary>
    public void ScoreAll(QueryRows queries, int query, Span<double> scores)
    {
        double square = SquareOf(queries, query);
        for (int row = 0; row < Count; row++)
        {
            scores[row] = Score(queries, query, square, row);
        }
    }

    /// <summary>The score of every row, rounded to single precision.</summary>
    public void ScoreAll(QueryRows queries, int query, Span<float> scores)
    {
        double square = SquareOf(queries, query);
        for (int row = 0; row < Count; row++)
        {
            scores[row] = (float)Score(queries, query, square, row);
        }
    }

    // The usual bound on sums of n products (Higham 2002, section 3.1), with room for the roundings of
    // centring, norms and the additional term.
    private static double ErrorFactor(int dimension)
    {
        double n = ((2.0 * dimension) + 40) * UnitRoundoff;
        return n < 1 ? n / (1 - n) : double.PositiveInfinity;
    }

    private static double SquareOf(ReadOnlySpan<float> values)
    {
        ref readonly byte first = ref MemoryMarshal.GetReference(MemoryMarshal.AsBytes(values));
        return RowKernels.ExactDot<Float32Elements>(in first, values);
    }

    private double Dot(int row, ReadOnlySpan<float> query) => _parts[0].Precision == FeaturePrecision.Float32
        ? RowKernels.ExactDot<Float32Elements>(in _parts[0].Row(row), query)
        : RowKernels.ExactDot<Float16Elements>(in _parts[0].Row(row), query);

    private double SquaredDistance(int part, int row, ReadOnlySpan<float> query) => _parts[part].Precision == FeaturePrecision.Float32
        ? RowKernels.ExactSquaredDistance<Float32Elements>(in _parts[part].Row(row), query)
        : RowKernels.ExactSquaredDistance<Float16Elements>(in _parts[part].Row(row), query);

    private RankedRow[] FindAmongAll(QueryRows queries, int query, int k, RowMask? mask, CancellationToken cancellationToken)
    {
        double square = SquareOf(queries, query);
        var best = new BestRows(k);
        OverChunks(
            () => new BestRows(k),
            (first, end, own) =>
            {
                for (int row = first; row < end; row++)
                {
                    if (mask is null || mask[row])
                    {
                        own.Add(new RankedRow(row, Score(queries, query, square, row)));
                    }
                }
            },
            own => own.AddTo(best),
            cancellationToken);
        return best.Sorted();
    }

    /// <summary>Visits all rows in chunks, each thread with a state of its own and taking the next chunk when it is ready.</summary>
    private void OverChunks<TState>(
        Func<TState> begin, Action<int, int, TState> run, Action<TState> finish, CancellationToken cancellationToken) => ParallelLoop.For(
            ParallelLoop.BlockCount(Count, ChunkRows),
            begin,
            (chunk, state) => run(chunk * ChunkRows, Math.Min(Count, (chunk + 1) * ChunkRows), state),
            finish,
            WorkerCount,
            cancellationToken);

    /// <summary>One pass over all rows: checks that numbers are finite; computes the largest magnitude, norms and the mean.</summary>
    private float Survey()
    {
        float largest = 0;
        var sums = new double[(Count + ChunkRows - 1) / ChunkRows][]; // [chunks][D of the screened parts]
        OverChunks(
            () => (Largest: new float[1], Rows: _parts.Select(part => new float[part.Dimension]).ToArray()),
            (first, end, state) => Survey(first, end, state.Largest, state.Rows, sums),
            state => largest = Math.Max(largest, state.Largest[0]),
            CancellationToken.None);
        if (Count > 0)
        {
            for (int d = 0; d < _mean.Length; d++)
            {
                _mean[d] = NotFinite is null ? (float)(sums.Sum(sum => sum[d]) / Count) : 0;
            }
        }

        return largest;
    }

    private void Survey(int first, int end, float[] largest, float[][] rows, double[][] sums)
    {
        var sum = new double[_mean.Length];
        for (int row = first; row < end; row++)
        {
            int start = 0;
            for (int part = 0; part < _parts.Length; part++)
            {
                float[] values = rows[part];
                _parts[part].CopyRow(row, values);
                float size = Math.Abs(TensorPrimitives.MaxMagnitude<float>(values)); // NaN where any value is
                if (!float.IsFinite(size))
                {
                    Report(part, row, values);
                    continue;
                }

                largest[0] = Math.Max(largest[0], size);
                if (IsEuclidean && start < sum.Length)
                {
                    for (int d = 0; d < values.Length; d++)
                    {
                        sum[start + d] += values[d];
                    }

                    start += values.Length;
                }
            }

            if (Metric == RankingMetric.Cosine)
            {
                // Below the smallest square a row is too short for single precision; NaN is never screened out.
                double square = _squares[row] = SquareOf(rows[0]);
                _inverseNorms[row] = square == 0 ? 0 : square < SmallestSquare ? float.NaN : (float)(1 / Math.Sqrt(square));
            }
            else if (Metric == RankingMetric.InnerProduct)
            {
                _norms[row] = MathF.BitIncrement((float)Math.Sqrt(SquareOf(rows[0])));
            }
        }

        sums[first / ChunkRows] = sum;
    }

    private void Report(int part, int row, float[] values)
    {
        int column = Array.FindIndex(values, value => !float.IsFinite(value));
        lock (_parts)
        {
            if (NotFinite is not { } other || (row, part).CompareTo((other.Row, other.Part)) < 0)
            {
                NotFinite = (part, row, column, values[column]);
            }
        }
    }
}

using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CrossModalVae.Retrieval.Search;

/// <content>
/// Many queries: panels of 32 rows are multiplied with all queries by <see cref="DotBlock"/>, 8 by 8. Each pair is compared by an inner
/// product with one additional term, the row's length (Euclidean) or its error bound (inner product).
/// </content>
internal sealed partial class RowSearch
{
    /// <summary>From this number of queries on, panels cost less than reading the rows again for each query.</summary>
    private const int SmallestPanelBatch = 3;

    /// <summary>That many queries and a panel fit into the second-level cache.</summary>
    private const int GroupQueries = 1024;

    private const int PendingRows = 32;

    private RankedRow[][] FindByPanels(QueryRows queries, int k, RowMask? mask, CancellationToken cancellationToken)
    {
        var found = new RankedRow[queries.Count][];
        for (int first = 0; first < queries.Count; first += GroupQueries)
        {
            var group = new PanelQueries(this, queries, first, Math.Min(GroupQueries, queries.Count - first));
            BestRows[] best = [.. Enumerable.Range(0, group.Count).Select(_ => new BestRows(k))];
            OverChunks(
                () => new PanelWork(this, group, k, mask),
                (start, end, work) => work.Run(start, end),
                work => work.AddTo(best),
                cancellationToken);
            for (int q = 0; q < group.Count; q++)
            {
                found[first + q] = best[q].Sorted();
            }
        }

        return found;
    }

    /// <summary>A row prepared for screening: all its dimensions and the additional term.</summary>
    private void Prepare(int row, Span<float> prepared)
    {
        int length = 0;
        foreach (RowMatrix part in Screened)
        {
            part.CopyRow(row, prepared.Slice(length, part.Dimension));
            length += part.Dimension;
        }

        Span<float> values = prepared[..length];
        double error = ErrorFactor(length);
        switch (Metric)
        {
            case RankingMetric.Cosine:
                TensorPrimitives.Multiply(values, _inverseNorms[row], values);
                prepared[length] = 0;
                break;
            case RankingMetric.InnerProduct:
                prepared[length] = MathF.BitIncrement((float)(error * _norms[row]));
                break;
            default:
                TensorPrimitives.Subtract(values, _mean, values);
                prepared[length] = MathF.BitIncrement((float)(-0.5 * TensorPrimitives.SumOfSquares<float>(values) * (1 - error)));
                break;
        }
    }

    /// <summary>A query prepared for screening; returns its squared length.</summary>
    private double Prepare(QueryRows queries, int query, double square, Span<float> prepared)
    {
        int length = 0;
        for (int part = 0; part < Screened.Length; part++)
        {
            ReadOnlySpan<float> values = part == 0 ? ScreenedQuery(queries, query, square) : queries.Part(part, query);
            values.CopyTo(prepared[length..]);
            length += values.Length;
        }

        Span<float> packed = prepared[..length];
        if (IsEuclidean)
        {
            TensorPrimitives.Subtract(packed, _mean, packed);
        }

        return SquareOf(packed);
    }

    /// <summary>The lower bound of the screened numbers of rows with at least this score.</summary>
    private float LeastScreened(double worst, double centredSquare)
    {
        double error = ErrorFactor(_mean.Length);
        double limit = Metric switch
        {
            RankingMetric.Cosine => worst - error,
            RankingMetric.InnerProduct => worst,
            _ => 0.5 * ((centredSquare * (1 - error)) - LargestSquare(worst)),
        };
        return MathF.BitDecrement((float)(limit - Underflow));
    }

    /// <summary>Queries packed for the left side of the product, and the limit of each, shared by all threads.</summary>
    private sealed class PanelQueries
    {
        private readonly RowSearch _search;
        private readonly double[] _centredSquares; // [Q], Euclidean kinds

        public PanelQueries(RowSearch search, QueryRows queries, int first, int count)
        {
            _search = search;
            Queries = queries;
            First = first;
            Count = count;
            Length = search._mean.Length + 1;
            Blocks = (count + DotBlock.Rows - 1) / DotBlock.Rows;
            Packed = new float[Blocks * Length * DotBlock.Rows];
            Limits = new float[Blocks * DotBlock.Rows];
            Squares = new double[count];
            _centredSquares = new double[count];
            Array.Fill(Limits, float.NegativeInfinity);
            var row = new float[Length];
            for (int q = 0; q < count; q++)
            {
                Squares[q] = search.SquareOf(queries, first + q);
                double centredSquare = search.Prepare(queries, first + q, Squares[q], row);
                _centredSquares[q] = centredSquare;
                row[^1] = search.Metric == RankingMetric.InnerProduct ? MathF.BitIncrement((float)Math.Sqrt(centredSquare)) : 1;
                Span<float> block = Packed.AsSpan(q / DotBlock.Rows * Length * DotBlock.Rows, Length * DotBlock.Rows);
                for (int d = 0; d < Length; d++)
                {
                    block[(d * DotBlock.Rows) + (q % DotBlock.Rows)] = row[d];
                }
            }
        }

        public QueryRows Queries { get; }

        public int First { get; }

        public int Count { get; }

        /// <summary>Numbers of a packed query: all dimensions and the additional term.</summary>
        public int Length { get; }

        public int Blocks { get; }

        /// <summary>[blocks, Length, 8].</summary>
        public float[] Packed { get; }

        /// <summary>
        /// [blocks x 8]: rows below it are not among the best. Written without a lock: an older limit only lets more rows through.
        /// </summary>
        public float[] Limits { get; }

        /// <summary>[Q] squared lengths, for <see cref="Score"/>.</summary>
        public double[] Squares { get; }

        public void Narrow(int q, double worst)
        {
            float rounded = _search.LeastScreened(worst, _centredSquares[q]);
            if (rounded > Limits[q])
            {
                Limits[q] = rounded;
            }
        }
    }

    /// <summary>One thread's state.</summary>
    private sealed class PanelWork
    {
        private readonly RowSearch _search;
        private readonly PanelQueries _group;
        private readonly RowMask? _mask;
        private readonly BestRows[] _best;
        private readonly int[] _pending; // [Q, PendingRows]
        private readonly int[] _pendingCounts;
        private readonly int[] _rows = new int[ChunkRows];
        private readonly float[] _panel; // [Length, 32]
        private readonly float[] _row; // [Length]
        private readonly float[] _products = new float[DotBlock.Rows * DotBlock.Lanes];

        public PanelWork(RowSearch search, PanelQueries group, int k, RowMask? mask)
        {
            (_search, _group, _mask) = (search, group, mask);
            _best = [.. Enumerable.Range(0, group.Count).Select(_ => new BestRows(k))];
            _pending = new int[group.Count * PendingRows];
            _pendingCounts = new int[group.Count];
            _panel = new float[group.Length * DotBlock.Lanes];
            _row = new float[group.Length];
        }

        public void Run(int first, int end)
        {
            int count = end - first;
            if (_mask is null)
            {
                for (int i = 0; i < count; i++)
                {
                    _rows[i] = first + i;
                }
            }
            else
            {
                count = _mask.Gather(first, end, _rows);
            }

            for (int start = 0; start < count; start += DotBlock.Lanes)
            {
                Visit(_rows.AsSpan(start, Math.Min(DotBlock.Lanes, count - start)));
            }
        }

        public void AddTo(BestRows[] best)
        {
            for (int q = 0; q < best.Length; q++)
            {
                Score(q);
                _best[q].AddTo(best[q]);
            }
        }

        private void Visit(ReadOnlySpan<int> rows)
        {
            Pack(rows);
            uint lanes = rows.Length == DotBlock.Lanes ? uint.MaxValue : (1u << rows.Length) - 1;
            int size = _group.Length * DotBlock.Rows;
            ref float limits = ref MemoryMarshal.GetArrayDataReference(_group.Limits);
            for (int block = 0; block < _group.Blocks; block++)
            {
                DotBlock.Compute(_group.Packed.AsSpan(block * size, size), DotBlock.Rows, _panel, _group.Length, _products);
                for (int r = 0; r < Math.Min(DotBlock.Rows, _group.Count - (block * DotBlock.Rows)); r++)
                {
                    int q = (block * DotBlock.Rows) + r;
                    for (uint near = NotBelow(r, Unsafe.Add(ref limits, q)) & lanes; near != 0; near &= near - 1)
                    {
                        _pending[(q * PendingRows) + _pendingCounts[q]++] = rows[BitOperations.TrailingZeroCount(near)];
                        if (_pendingCounts[q] == PendingRows)
                        {
                            Score(q);
                        }
                    }
                }
            }
        }

        // NaN is never screened out.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private uint NotBelow(int r, float limit)
        {
            ref float products = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_products), r * DotBlock.Lanes);
            Vector512<float> least = Vector512.Create(limit);
            return ~((uint)Vector512.LessThan(Vector512.LoadUnsafe(ref products), least).ExtractMostSignificantBits()
                | ((uint)Vector512.LessThan(Vector512.LoadUnsafe(ref products, 16), least).ExtractMostSignificantBits() << 16));
        }

        private void Score(int q)
        {
            BestRows best = _best[q];
            for (int i = 0; i < _pendingCounts[q]; i++)
            {
                int row = _pending[(q * PendingRows) + i];
                if (_search.Metric != RankingMetric.MsVae
                    || !best.IsFull
                    || _search.MayReach(_group.Queries, _group.First + q, row, best.WorstScore))
                {
                    best.Add(new RankedRow(row, _search.Score(_group.Queries, _group.First + q, _group.Squares[q], row)));
                }
            }

            _pendingCounts[q] = 0;
            if (best.IsFull)
            {
                _group.Narrow(q, best.WorstScore);
            }
        }

        private void Pack(ReadOnlySpan<int> rows)
        {
            int length = _row.Length;
            for (int lane = 0; lane < rows.Length; lane++)
            {
                _search.Prepare(rows[lane], _row);
                ref float to = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_panel), lane);
                ref float from = ref MemoryMarshal.GetArrayDataReference(_row);
                for (int d = 0; d < length; d++)
                {
                    Unsafe.Add(ref to, d * DotBlock.Lanes) = Unsafe.Add(ref from, d);
                }
            }
        }
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CrossModalVae.Retrieval.Search;

/// <content>One query: the rows are streamed once, at the speed of memory.</content>
internal sealed partial class RowSearch
{
    private const int Group = 16;

    private RankedRow[] FindByStreaming(QueryRows queries, int query, int k, RowMask? mask, CancellationToken cancellationToken)
    {
        double square = SquareOf(queries, query);
        if (SketchWhenItPays() is RowSketch sketch)
        {
            return FindBySketch(sketch, queries, query, square, k, mask, cancellationToken);
        }

        float[] screened = ScreenedQuery(queries, query, square);
        var best = new BestRows(k);
        float[] limit = [IsEuclidean ? float.PositiveInfinity : float.NegativeInfinity]; // shared; an older value lets more rows through
        OverChunks(
            () => _parts[0].Precision == FeaturePrecision.Float32
                ? (Scan)new Stream<Float32Elements>(this, queries, query, square, screened, mask, k, limit)
                : new Stream<Float16Elements>(this, queries, query, square, screened, mask, k, limit),
            (first, end, stream) => stream.Run(first, end),
            stream => stream.Best.AddTo(best),
            cancellationToken);
        return best.Sorted();
    }

    // The cosine's query is scaled to length 1, so that only the inner product and the row's length are needed.
    private float[] ScreenedQuery(QueryRows queries, int query, double square)
    {
        float[] values = queries.Part(0, query).ToArray();
        if (Metric == RankingMetric.Cosine)
        {
            double scale = square > 0 ? 1 / Math.Sqrt(square) : 0;
            values = Array.ConvertAll(values, value => (float)(value * scale));
        }

        return values;
    }

    /// <summary>Whether a row may have a score of at least <paramref name="worst"/> once its reconstruction is compared too.</summary>
    private bool MayReach(QueryRows queries, int query, int row, double worst)
    {
        double error = 1 - ErrorFactor(Dimensions.Sum());
        double latent = SingleSquaredDistance(0, row, queries.Part(0, query)) * error;
        double features = SingleSquaredDistance(1, row, queries.Part(1, query)) * error;
        return (0.5 * Math.Sqrt(latent)) + (0.5 * features / Dimensions[1]) - Underflow <= -worst;
    }

    private float SingleSquaredDistance(int part, int row, ReadOnlySpan<float> query) => _parts[part].Precision == FeaturePrecision.Float32
        ? RowKernels.SquaredDistance<Float32Elements>(in _parts[part].Row(row), query)
        : RowKernels.SquaredDistance<Float16Elements>(in _parts[part].Row(row), query);

    /// <summary>The squared distance that rows of at least this score do not exceed; of the latent part alone for MS-VAE.</summary>
    private double LargestSquare(double score)
    {
        double distance = Metric == RankingMetric.MsVae ? -2 * score : -score;
        return distance * distance * (1 + 1e-12); // room for the roundings of the roots
    }

    /// <summary>One thread's state: visits rows in groups of 16 and scores those that may still be among the best.</summary>
    private abstract class Scan(RowSearch search, QueryRows queries, int query, double square, RowMask? mask, int k)
    {
        public BestRows Best { get; } = new(k);

        public void Run(int first, int end)
        {
            int whole = first + ((end - first) / Group * Group);
            for (int row = first; row < whole; row += Group)
            {
                uint allowed = mask?.Sixteen(row) ?? 0xFFFF;
                if (allowed == 0)
                {
                    continue;
                }

                for (uint near = Near(row) & allowed; near != 0; near &= near - 1)
                {
                    Take(row + BitOperations.TrailingZeroCount(near));
                }
            }

            for (int row = whole; row < end; row++)
            {
                if (mask is null || mask[row])
                {
                    Take(row);
                }
            }
        }

        /// <summary>A bit for each of 16 rows that may still be among the best; NaN is never screened out.</summary>
        protected abstract uint Near(int row);

        /// <summary>Tightens the limit: rows with a lower score are not among the best.</summary>
        protected abstract void Narrow(double worst);

        private void Take(int row)
        {
            if (search.Metric == RankingMetric.MsVae && Best.IsFull && !search.MayReach(queries, query, row, Best.WorstScore))
            {
                return;
            }

            Best.Add(new RankedRow(row, search.Score(queries, query, square, row)));
            if (Best.IsFull)
            {
                Narrow(Best.WorstScore);
            }
        }
    }

    /// <summary>Screens rows as they are.</summary>
    private sealed class Stream<T>(
        RowSearch search, QueryRows queries, int query, double square, float[] screened, RowMask? mask, int k, float[] limit)
        : Scan(search, queries, query, square, mask, k)
        where T : struct, IRowElements
    {
        private readonly RowSearch _search = search;
        private readonly QueryRows _queries = queries;
        private readonly int _query = query;
        private readonly double _error = ErrorFactor(search.Dimensions.Sum());
        private readonly float _normWeight = MathF.BitIncrement(
            (float)(ErrorFactor(search.Dimensions[0]) * Math.Sqrt(SquareOf(queries.Part(0, query)))));
        private float _limit = limit[0];

        protected override uint Near(int row)
        {
            Vector512<float> least = Vector512.Create(Math.Max(_limit, limit[0])), largest = Vector512.Create(Math.Min(_limit, limit[0]));
            Vector512<float> isFar = _search.Metric switch
            {
                RankingMetric.Cosine => Vector512.LessThan(Dots(row) * Vector512.LoadUnsafe(ref _search._inverseNorms[row]), least),
                RankingMetric.InnerProduct => Vector512.LessThan(
                    Vector512.FusedMultiplyAdd(
                        Vector512.LoadUnsafe(ref _search._norms[row]), Vector512.Create(_normWeight), Dots(row)),
                    least),
                RankingMetric.GaussianWasserstein => Vector512.GreaterThan(
                    Distances(0, row, screened) + Distances(1, row, _queries.Part(1, _query)), largest),
                _ => Vector512.GreaterThan(Distances(0, row, screened), largest),
            };
            return 0xFFFF & ~(uint)isFar.ExtractMostSignificantBits();
        }

        protected override void Narrow(double worst)
        {
            if (_search.IsEuclidean)
            {
                _limit = MathF.BitIncrement((float)((_search.LargestSquare(worst) * (1 + _error)) + Underflow));
                limit[0] = Math.Min(limit[0], _limit);
            }
            else
            {
                double error = _search.Metric == RankingMetric.Cosine ? _error : 0;
                _limit = MathF.BitDecrement((float)(worst - error - Underflow));
                limit[0] = Math.Max(limit[0], _limit);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private Vector512<float> Dots(int row)
        {
            RowMatrix rows = _search._parts[0];
            return Vector512.Create(
                Vector256.Create(RowKernels.Dots<T>(in rows.Row(row), screened), RowKernels.Dots<T>(in rows.Row(row + 4), screened)),
                Vector256.Create(RowKernels.Dots<T>(in rows.Row(row + 8), screened), RowKernels.Dots<T>(in rows.Row(row + 12), screened)));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private Vector512<float> Distances(int part, int row, ReadOnlySpan<float> values)
        {
            RowMatrix rows = _search._parts[part];
            return Vector512.Create(
                Vector256.Create(
                    RowKernels.SquaredDistances<T>(in rows.Row(row), values), RowKernels.SquaredDistances<T>(in rows.Row(row + 4), values)),
                Vector256.Create(
                    RowKernels.SquaredDistances<T>(in rows.Row(row + 8), values),
                    RowKernels.SquaredDistances<T>(in rows.Row(row + 12), values)));
        }
    }
}

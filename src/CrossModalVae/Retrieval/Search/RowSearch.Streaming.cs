using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CrossModalVae.Retrieval.Search;

/// <summary>One query: the rows are read once from one end to the other, and memory is what it waits for.</summary>
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
        var limit = new float[1]; // shared: the best that any thread knows; an older value only lets more through
        limit[0] = IsEuclidean ? float.PositiveInfinity : float.NegativeInfinity;
        OverChunks(
            () => new Stream(this, queries, query, square, screened, mask, new BestRows(k), limit),
            (first, end, stream) => stream.Run(first, end),
            stream => stream.Best.AddTo(best),
            cancellationToken);
        return best.Sorted();
    }

    // The cosine's query has length 1, so that a row's inner product with it and the row's own length are all there is.
    private float[] ScreenedQuery(QueryRows queries, int query, double square)
    {
        float[] values = queries.Part(0, query).ToArray();
        if (Metric == RankingMetric.Cosine)
        {
            double scale = square > 0 ? 1 / Math.Sqrt(square) : 0;
            for (int d = 0; d < values.Length; d++)
            {
                values[d] = (float)(values[d] * scale);
            }
        }

        return values;
    }

    /// <summary>Whether a row may have a score of at least <paramref name="worst"/> once its reconstruction is looked at too.</summary>
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

    /// <summary>One thread's part of the way.</summary>
    private sealed class Stream(
        RowSearch search, QueryRows queries, int query, double square, float[] screened, RowMask? mask, BestRows best, float[] limit)
    {
        private readonly double _error = ErrorFactor(search.Dimensions.Sum());
        private readonly float _normWeight = MathF.BitIncrement(
            (float)(ErrorFactor(search.Dimensions[0]) * Math.Sqrt(SquareOf(queries.Part(0, query)))));
        private float _limit = limit[0];

        public BestRows Best => best;

        public void Run(int first, int end)
        {
            int whole = first + ((end - first) / Group * Group);
            if (search._parts[0].Precision == FeaturePrecision.Float32)
            {
                Groups<Float32Elements>(first, whole);
            }
            else
            {
                Groups<Float16Elements>(first, whole);
            }

            for (int row = whole; row < end; row++)
            {
                if (mask is null || mask[row])
                {
                    Take(row);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Groups<T>(int first, int end)
            where T : struct, IRowElements
        {
            for (int row = first; row < end; row += Group)
            {
                uint allowed = mask?.Sixteen(row) ?? 0xFFFF;
                if (allowed == 0)
                {
                    continue;
                }

                for (uint near = Near<T>(row) & allowed; near != 0; near &= near - 1)
                {
                    Take(row + BitOperations.TrailingZeroCount(near));
                }
            }
        }

        // A bit for each of 16 rows that may still be among the best. What is not a number is never left out.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private uint Near<T>(int row)
            where T : struct, IRowElements
        {
            Vector512<float> limits = Vector512.Create(Math.Max(_limit, limit[0]));
            switch (search.Metric)
            {
                case RankingMetric.Cosine:
                    Vector512<float> cosines = Dots<T>(row) * Vector512.LoadUnsafe(ref search._inverseNorms[row]);
                    return 0xFFFF & ~(uint)Vector512.LessThan(cosines, limits).ExtractMostSignificantBits();
                case RankingMetric.InnerProduct:
                    Vector512<float> upper = Vector512.FusedMultiplyAdd(
                        Vector512.LoadUnsafe(ref search._norms[row]), Vector512.Create(_normWeight), Dots<T>(row));
                    return 0xFFFF & ~(uint)Vector512.LessThan(upper, limits).ExtractMostSignificantBits();
                case RankingMetric.GaussianWasserstein:
                    return 0xFFFF
                        & ~(uint)Vector512.GreaterThan(
                            Distances<T>(0, row, screened) + Distances<T>(1, row, queries.Part(1, query)), LargestOf())
                        .ExtractMostSignificantBits();
                default:
                    return 0xFFFF & ~(uint)Vector512.GreaterThan(Distances<T>(0, row, screened), LargestOf()).ExtractMostSignificantBits();
            }
        }

        private Vector512<float> LargestOf() => Vector512.Create(Math.Min(_limit, limit[0]));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private Vector512<float> Dots<T>(int row)
            where T : struct, IRowElements
        {
            RowMatrix rows = search._parts[0];
            return Vector512.Create(
                Vector256.Create(RowKernels.Dots<T>(in rows.Row(row), screened), RowKernels.Dots<T>(in rows.Row(row + 4), screened)),
                Vector256.Create(RowKernels.Dots<T>(in rows.Row(row + 8), screened), RowKernels.Dots<T>(in rows.Row(row + 12), screened)));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private Vector512<float> Distances<T>(int part, int row, ReadOnlySpan<float> values)
            where T : struct, IRowElements
        {
            RowMatrix rows = search._parts[part];
            return Vector512.Create(
                Vector256.Create(
                    RowKernels.SquaredDistances<T>(in rows.Row(row), values), RowKernels.SquaredDistances<T>(in rows.Row(row + 4), values)),
                Vector256.Create(
                    RowKernels.SquaredDistances<T>(in rows.Row(row + 8), values),
                    RowKernels.SquaredDistances<T>(in rows.Row(row + 12), values)));
        }

        private void Take(int row)
        {
            if (search.Metric == RankingMetric.MsVae && best.IsFull && !search.MayReach(queries, query, row, best.WorstScore))
            {
                return;
            }

            best.Add(new RankedRow(row, search.Score(queries, query, square, row)));
            if (best.IsFull)
            {
                Narrow(best.WorstScore);
            }
        }

        private void Narrow(double worst)
        {
            if (search.IsEuclidean)
            {
                _limit = MathF.BitIncrement((float)((search.LargestSquare(worst) * (1 + _error)) + Underflow));
                limit[0] = Math.Min(limit[0], _limit);
            }
            else
            {
                double error = search.Metric == RankingMetric.Cosine ? _error : 0;
                _limit = MathF.BitDecrement((float)(worst - error - Underflow));
                limit[0] = Math.Max(limit[0], _limit);
            }
        }
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CrossModalVae.Retrieval.Search;

/// <summary>One query after another: the rows are screened in 8 bits, a quarter of what there is to read.</summary>
internal sealed partial class RowSearch
{
    /// <summary>Making the sketch costs as much as so many queries without it.</summary>
    private const int QueriesBeforeSketch = 8;

    private readonly Lock _sketchGate = new();
    private RowSketch? _sketch;
    private int _singleQueries;

    private RowSketch? SketchWhenItPays()
    {
        if (Volatile.Read(ref _sketch) is RowSketch made)
        {
            return made;
        }

        if (!RowSketch.Fits(Count, _mean.Length) || Interlocked.Increment(ref _singleQueries) <= QueriesBeforeSketch)
        {
            return null;
        }

        lock (_sketchGate)
        {
            // The inner product's additional term bounds rounding, which the sketch bounds by itself.
            return _sketch ??= RowSketch.Create(Count, _mean.Length, Prepare, ErrorFactor(_mean.Length), IsEuclidean, WorkerCount);
        }
    }

    private RankedRow[] FindBySketch(
        RowSketch sketch, QueryRows queries, int query, double square, int k, RowMask? mask, CancellationToken cancellationToken)
    {
        var screened = new float[sketch.Stride];
        double centredSquare = Prepare(queries, query, square, screened);
        var best = new BestRows(k);
        float[] limit = [float.NegativeInfinity]; // shared: the best that any thread knows; an older value only lets more through
        OverChunks(
            () => new SketchStream(this, sketch, queries, query, square, centredSquare, screened, mask, new BestRows(k), limit),
            (first, end, stream) => stream.Run(first, end),
            stream => stream.Best.AddTo(best),
            cancellationToken);
        return best.Sorted();
    }

    /// <summary>One thread's part of the way.</summary>
    private sealed class SketchStream(
        RowSearch search,
        RowSketch sketch,
        QueryRows queries,
        int query,
        double square,
        double centredSquare,
        float[] screened,
        RowMask? mask,
        BestRows best,
        float[] limit)
    {
        private readonly float _length = MathF.BitIncrement((float)Math.Sqrt(centredSquare));

        public BestRows Best => best;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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

        // A bit for each of 16 rows that may still be among the best. What is not a number is never left out.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private uint Near(int row)
        {
            Vector512<float> dots = Vector512.Create(
                Vector256.Create(
                    RowKernels.Dots<Int8Elements>(in sketch.Row(row), screened),
                    RowKernels.Dots<Int8Elements>(in sketch.Row(row + 4), screened)),
                Vector256.Create(
                    RowKernels.Dots<Int8Elements>(in sketch.Row(row + 8), screened),
                    RowKernels.Dots<Int8Elements>(in sketch.Row(row + 12), screened)));
            Vector512<float> upper = Vector512.FusedMultiplyAdd(
                dots, Vector512.LoadUnsafe(ref sketch.Scales[row]), Vector512.LoadUnsafe(ref sketch.Offsets[row]));
            upper = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref sketch.Errors[row]), Vector512.Create(_length), upper);
            return 0xFFFF & ~(uint)Vector512.LessThan(upper, Vector512.Create(limit[0])).ExtractMostSignificantBits();
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
                limit[0] = Math.Max(limit[0], search.LeastScreened(best.WorstScore, centredSquare));
            }
        }
    }
}

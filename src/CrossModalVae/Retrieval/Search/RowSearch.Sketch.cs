using System.Runtime.Intrinsics;

namespace CrossModalVae.Retrieval.Search;

/// <content>Repeated single queries: rows are screened in 8 bits, a quarter of the bytes to read.</content>
internal sealed partial class RowSearch
{
    /// <summary>Making the sketch costs as much as that many queries without it.</summary>
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
            // The inner product's additional term bounds rounding, which the sketch bounds itself.
            return _sketch ??= RowSketch.Create(Count, _mean.Length, Prepare, ErrorFactor(_mean.Length), IsEuclidean, WorkerCount);
        }
    }

    private RankedRow[] FindBySketch(
        RowSketch sketch, QueryRows queries, int query, double square, int k, RowMask? mask, CancellationToken cancellationToken)
    {
        var screened = new float[sketch.Stride];
        double centredSquare = Prepare(queries, query, square, screened);
        var best = new BestRows(k);
        float[] limit = [float.NegativeInfinity]; // shared by all threads; an older value only lets more rows through
        OverChunks(
            () => new SketchStream(this, sketch, queries, query, square, centredSquare, screened, mask, k, limit),
            (first, end, stream) => stream.Run(first, end),
            stream => stream.Best.AddTo(best),
            cancellationToken);
        return best.Sorted();
    }

    /// <summary>Screens the sketch of rows.</summary>
    private sealed class SketchStream(
        RowSearch search,
        RowSketch sketch,
        QueryRows queries,
        int query,
        double square,
        double centredSquare,
        float[] screened,
        RowMask? mask,
        int k,
        float[] limit)
        : Scan(search, queries, query, square, mask, k)
    {
        private readonly RowSearch _search = search;
        private readonly float _length = MathF.BitIncrement((float)Math.Sqrt(centredSquare));

        protected override uint Near(int row)
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

        protected override void Narrow(double worst) => limit[0] = Math.Max(limit[0], _search.LeastScreened(worst, centredSquare));
    }
}

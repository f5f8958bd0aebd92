using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CrossModalVae.Audio;

/// <summary>The filters of VoxCeleb practice before the spectrogram, in their order.</summary>
internal static class VoiceSignal
{
    /// <summary>The pole of the DC filter.</summary>
    public const double DcPole = 0.99;
    private const int Unroll = 8;
    private const int Block = 1_024;

    /// <summary>
    /// The DC filter y[n] = x[n] - x[n-1] + 0.99 y[n-1] from rest, then pre-emphasis z[n] = y[n] - a y[n-1] (a = 0 for none), fused in
    /// double precision: y rounded to floats would put a noise floor under the quiet bins of loud voices. The recursion, substituted into
    /// itself seven times, reaches eight samples back, y[n] = x[n] + sum_k c[k] x[n-k] + 0.99^8 y[n-8], so eight outputs are independent.
    /// <paramref name="edge"/> defines y[-1] for the pre-emphasis. Returns the population standard deviation of y.
    /// </summary>
    public static double RemoveDc(ReadOnlySpan<float> signal, double a, PreEmphasisEdge edge, Span<float> filtered)
    {
        // The remainder of a division by eight first, sample by sample.
        Span<double> start = stackalloc double[2 * Unroll];
        int n = signal.Length < 2 * Unroll ? signal.Length : Unroll + (signal.Length % Unroll);
        double previous = 0;
        double y = 0;
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < n; i++)
        {
            double x = signal[i];
            y = x - previous + (DcPole * y);
            previous = x;
            start[i] = y;
            sum += y;
            squares += y * y;
        }

        double before = edge switch
        {
            PreEmphasisEdge.Zero => 0,
            PreEmphasisEdge.Replicate => start[0],
            _ => start[1],
        };
        for (int i = 0; i < n; i++)
        {
            filtered[i] = (float)(start[i] - (a * before));
            before = start[i];
        }

        if (n < signal.Length)
        {
            RemoveDcVectors(signal, a, n, start[(n - Unroll)..n], filtered, ref sum, ref squares);
        }

        double mean = sum / signal.Length;
        return Math.Sqrt(Math.Max(0, (squares / signal.Length) - (mean * mean)));
    }

    /// <summary>Adds noise times a scale, in place.</summary>
    public static void AddNoise(Span<float> signal, ReadOnlySpan<float> noise, double scale) =>
        TensorPrimitives.MultiplyAdd(noise[..signal.Length], (float)scale, signal, signal);

    /// <summary>y[n] = x[n] - a x[n-1], with x[-1] by the edge, in double precision for the same reason as <see
    /// cref="RemoveDc"/>.</summary>
    public static void PreEmphasise(ReadOnlySpan<float> signal, double a, PreEmphasisEdge edge, Span<float> emphasised)
    {
        double previous = edge switch
        {
            PreEmphasisEdge.Zero => 0,
            PreEmphasisEdge.Replicate => signal[0],
            _ => signal[1],
        };
        emphasised[0] = (float)(signal[0] - (previous * a));
        int n = 1;
        for (; n <= signal.Length - Vector<float>.Count; n += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(signal[n..]), out Vector<double> low, out Vector<double> high);
            Vector.Widen(new Vector<float>(signal[(n - 1)..]), out Vector<double> lowBefore, out Vector<double> highBefore);
            Vector.Narrow(low - (lowBefore * a), high - (highBefore * a)).CopyTo(emphasised[n..]);
        }

        for (; n < signal.Length; n++)
        {
            emphasised[n] = (float)(signal[n] - (signal[n - 1] * a));
        }
    }

    /// <summary>Pads the known samples, at least 2, at both ends of a buffer by repeated reflection (numpy.pad, mode reflect).</summary>
    public static void Reflect(Span<float> buffer, int start, int count)
    {
        ReadOnlySpan<float> known = buffer.Slice(start, count);
        int period = 2 * (count - 1);
        for (int i = 0; i < buffer.Length; i++)
        {
            if (i == start)
            {
                i += count;
                if (i >= buffer.Length)
                {
                    break;
                }
            }

            int offset = (((i - start) % period) + period) % period;
            buffer[i] = known[offset < count ? offset : period - offset];
        }
    }

    /// <summary>The population standard deviation in double precision, summed in sixteen lanes: the same bits for every SIMD
    /// width.</summary>
    public static double StandardDeviation(ReadOnlySpan<float> signal)
    {
        double mean = Sum(signal, 0, squared: false) / signal.Length;
        return Math.Sqrt(Sum(signal, mean, squared: true) / signal.Length);
    }

    // From sample n on, a multiple of eight before the end, given the last eight y. The substituted recursion is a product of short
    // filters, 1 + a z + ... + a^7 z^7 = (1 + a z) (1 + a^2 z^2) (1 + a^4 z^4); a block passes all of them while it is in the first cache.
    private static void RemoveDcVectors(
        ReadOnlySpan<float> signal, double a, int n, ReadOnlySpan<double> before, Span<float> filtered, ref double sum, ref double squares)
    {
        const double P2 = DcPole * DcPole, P4 = P2 * P2, P8 = P4 * P4;
        // The last eight of the previous block, then the block.
        Span<double> x = stackalloc double[Unroll + Block], e = stackalloc double[Unroll + Block];
        e.Clear();
        for (int i = 0; i < Unroll; i++)
        {
            x[i] = signal[n - Unroll + i];
            e[i] = i < 2 ? 0 : x[i] + ((DcPole - 1) * x[i - 1]) - (DcPole * x[i - 2]);
        }

        Vector256<double> p2 = Vector256.Create(P2), p4 = Vector256.Create(P4), p8 = Vector256.Create(P8), minusA = Vector256.Create(-a);
        Vector256<double> f = Vector256.FusedMultiplyAdd(Vector256.Create<double>(e[2..]), p2, Vector256.Create<double>(e[4..]));
        Vector256<double> low = Vector256.Create(before), high = Vector256.Create(before[4..]);
        Vector256<double> sums = Vector256<double>.Zero, lowSquares = Vector256<double>.Zero, highSquares = Vector256<double>.Zero;
        Vector256<long> first = Vector256.Create(-1L, 0, 0, 0), right = Vector256.Create(0L, 0, 1, 2), last = Vector256.Create(3L);
        for (int count; n < signal.Length; n += count)
        {
            count = Math.Min(Block, signal.Length - n);
            ApplyNumerator(signal.Slice(n, count), x, e);
            ref double stage = ref MemoryMarshal.GetReference(e);
            ref float z = ref MemoryMarshal.GetReference(filtered.Slice(n, count));
            for (nuint i = 0; i < (nuint)count; i += Unroll)
            {
                Vector256<double> fLow = Vector256.FusedMultiplyAdd(
                    Vector256.LoadUnsafe(ref stage, i + 6), p2, Vector256.LoadUnsafe(ref stage, i + 8));
                Vector256<double> fHigh = Vector256.FusedMultiplyAdd(
                    Vector256.LoadUnsafe(ref stage, i + 10), p2, Vector256.LoadUnsafe(ref stage, i + 12));
                Vector256<double> lastBefore = Vector256.Shuffle(high, last);
                low = Vector256.FusedMultiplyAdd(low, p8, Vector256.FusedMultiplyAdd(f, p4, fLow));
                high = Vector256.FusedMultiplyAdd(high, p8, Vector256.FusedMultiplyAdd(fLow, p4, fHigh));
                f = fHigh;
                sums += low + high;
                lowSquares = Vector256.FusedMultiplyAdd(low, low, lowSquares);
                highSquares = Vector256.FusedMultiplyAdd(high, high, highSquares);

                // y[n-1] aligned with y[n].
                Vector256<double> lowBefore = Vector256.ConditionalSelect(first.AsDouble(), lastBefore, Vector256.Shuffle(low, right));
                Vector256<double> highBefore = Vector256.ConditionalSelect(
                    first.AsDouble(), Vector256.Shuffle(low, last), Vector256.Shuffle(high, right));
                Vector256.Narrow(Vector256.FusedMultiplyAdd(lowBefore, minusA, low), Vector256.FusedMultiplyAdd(highBefore, minusA, high))
                    .StoreUnsafe(ref z, i);
            }

            x.Slice(count, Unroll).CopyTo(x);
            e.Slice(count, Unroll).CopyTo(e);
        }

        sum += Total(sums);
        squares += Total(lowSquares + highSquares);
    }

    // (1 - z) (1 + a z) over a block: e[n] = x[n] + (a - 1) x[n-1] - a x[n-2].
    private static void ApplyNumerator(ReadOnlySpan<float> signal, Span<double> x, Span<double> e)
    {
        ref float source = ref MemoryMarshal.GetReference(signal);
        ref double wide = ref MemoryMarshal.GetReference(x[..(Unroll + signal.Length)]);
        ref double stage = ref MemoryMarshal.GetReference(e[..(Unroll + signal.Length)]);
        for (nuint i = 0; i < (nuint)signal.Length; i += Unroll)
        {
            (Vector256<double> low, Vector256<double> high) = Vector256.Widen(Vector256.LoadUnsafe(ref source, i));
            low.StoreUnsafe(ref wide, i + Unroll);
            high.StoreUnsafe(ref wide, i + Unroll + 4);
        }

        Vector256<double> c1 = Vector256.Create(DcPole - 1), c2 = Vector256.Create(-DcPole);
        for (nuint i = Unroll; i < (nuint)(Unroll + signal.Length); i += 4)
        {
            Vector256<double> sum = Vector256.FusedMultiplyAdd(
                Vector256.LoadUnsafe(ref wide, i - 1), c1, Vector256.LoadUnsafe(ref wide, i));
            Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref wide, i - 2), c2, sum).StoreUnsafe(ref stage, i);
        }
    }

    private static double Total(Vector256<double> lanes) => lanes[0] + lanes[1] + lanes[2] + lanes[3];

    private static double Sum(ReadOnlySpan<float> signal, double mean, bool squared)
    {
        var centre = Vector256.Create(mean);
        Vector256<double> s0 = Vector256<double>.Zero, s1 = s0, s2 = s0, s3 = s0;
        int n = 0;
        for (; n <= signal.Length - 16; n += 16)
        {
            (Vector256<double> a, Vector256<double> b) = Vector256.Widen(Vector256.Create(signal.Slice(n, 8)));
            (Vector256<double> c, Vector256<double> d) = Vector256.Widen(Vector256.Create(signal.Slice(n + 8, 8)));
            a -= centre;
            b -= centre;
            c -= centre;
            d -= centre;
            s0 += squared ? a * a : a;
            s1 += squared ? b * b : b;
            s2 += squared ? c * c : c;
            s3 += squared ? d * d : d;
        }

        s0 += s1 + (s2 + s3);
        double sum = s0[0] + s0[1] + s0[2] + s0[3];
        for (; n < signal.Length; n++)
        {
            double x = signal[n] - mean;
            sum += squared ? x * x : x;
        }

        return sum;
    }
}

using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CrossModalVae.Audio;

/// <summary>The filters that VoxCeleb practice applies to a signal before the spectrogram, in that practice's order.</summary>
internal static class VoiceSignal
{
    private const double DcPole = 0.99;
    private const int Reach = 8;

    /// <summary>
    /// y[n] = x[n] - x[n-1] + 0.99 y[n-1], from rest, in place, in double precision. The recursion, put into itself seven times, reaches eight
    /// samples back, y[n] = x[n] + sum_k c[k] x[n-k] + 0.99^8 y[n-8]: eight outputs no longer wait for one another.
    /// </summary>
    public static void RemoveDc(Span<float> signal)
    {
        // The rest of a division by eight one by one, first, so that what follows is whole.
        Span<double> start = stackalloc double[2 * Reach];
        int n = signal.Length < 2 * Reach ? signal.Length : Reach + (signal.Length % Reach);
        double previous = 0;
        double y = 0;
        for (int i = 0; i < n; i++)
        {
            double x = signal[i];
            y = x - previous + (DcPole * y);
            previous = x;
            start[i] = y;
        }

        if (n < signal.Length)
        {
            RemoveDcByEights(signal, n, start[(n - Reach)..n]);
        }

        for (int i = 0; i < n; i++)
        {
            signal[i] = (float)start[i];
        }
    }

    /// <summary>Adds noise scaled by the signal's standard deviation, in place.</summary>
    public static void Dither(Span<float> signal, ReadOnlySpan<float> noise, double amplitude)
    {
        float scale = (float)(amplitude * StandardDeviation(signal));
        TensorPrimitives.MultiplyAdd(noise[..signal.Length], scale, signal, signal);
    }

    /// <summary>y[n] = x[n] - a x[n-1], y[0] = x[0].</summary>
    public static void PreEmphasise(ReadOnlySpan<float> signal, float a, Span<float> emphasised)
    {
        emphasised[0] = signal[0];
        int n = 1;
        for (; n <= signal.Length - Vector<float>.Count; n += Vector<float>.Count)
        {
            (new Vector<float>(signal[n..]) - (new Vector<float>(signal[(n - 1)..]) * a)).CopyTo(emphasised[n..]);
        }

        for (; n < signal.Length; n++)
        {
            emphasised[n] = signal[n] - (signal[n - 1] * a);
        }
    }

    /// <summary>Fills the ends of a buffer by mirroring the part in between, edge samples once (numpy.pad, mode reflect), as often as it
    /// takes.</summary>
    /// <param name="buffer">The whole buffer.</param>
    /// <param name="start">Where the known part starts.</param>
    /// <param name="count">Its length, at least 2.</param>
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

    // From sample n on, a multiple of eight before the end, with the last eight outputs before it. Inputs are overwritten once no output needs them.
    private static void RemoveDcByEights(Span<float> signal, int n, ReadOnlySpan<double> before)
    {
        const double P2 = DcPole * DcPole, P3 = P2 * DcPole, P4 = P2 * P2, P5 = P4 * DcPole, P6 = P3 * P3, P7 = P6 * DcPole, P8 = P4 * P4;
        Vector256<double> c1 = Vector256.Create(DcPole - 1), c2 = Vector256.Create(P2 - DcPole), c3 = Vector256.Create(P3 - P2), c4 = Vector256.Create(P4 - P3);
        Vector256<double> c5 = Vector256.Create(P5 - P4), c6 = Vector256.Create(P6 - P5), c7 = Vector256.Create(P7 - P6), c8 = Vector256.Create(-P7), pole = Vector256.Create(P8);
        Vector256<double> low = Vector256.Create(before), high = Vector256.Create(before[4..]);
        ref float x = ref MemoryMarshal.GetReference(signal);
        Vector256<float> done = default;
        bool pending = false;
        for (nuint i = (nuint)n; i < (nuint)signal.Length; i += Reach)
        {
            (Vector256<double> a, Vector256<double> b) = Vector256.Widen(Vector256.LoadUnsafe(ref x, i));
            Accumulate(ref x, i - 1, c1, ref a, ref b);
            Accumulate(ref x, i - 2, c2, ref a, ref b);
            Accumulate(ref x, i - 3, c3, ref a, ref b);
            Accumulate(ref x, i - 4, c4, ref a, ref b);
            Accumulate(ref x, i - 5, c5, ref a, ref b);
            Accumulate(ref x, i - 6, c6, ref a, ref b);
            Accumulate(ref x, i - 7, c7, ref a, ref b);
            Accumulate(ref x, i - 8, c8, ref a, ref b);
            if (pending)
            {
                done.StoreUnsafe(ref x, i - Reach);
            }

            low = Vector256.FusedMultiplyAdd(low, pole, a);
            high = Vector256.FusedMultiplyAdd(high, pole, b);
            done = Vector256.Narrow(low, high);
            pending = true;
        }

        done.StoreUnsafe(ref x, (nuint)signal.Length - Reach);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate(ref float x, nuint at, Vector256<double> factor, ref Vector256<double> a, ref Vector256<double> b)
    {
        (Vector256<double> c, Vector256<double> d) = Vector256.Widen(Vector256.LoadUnsafe(ref x, at));
        a = Vector256.FusedMultiplyAdd(c, factor, a);
        b = Vector256.FusedMultiplyAdd(d, factor, b);
    }

    // The population's, in double precision; sixteen lanes whatever the hardware, so the same bits for every SIMD width.
    private static double StandardDeviation(ReadOnlySpan<float> signal)
    {
        double mean = Sum(signal, 0, squared: false) / signal.Length;
        return Math.Sqrt(Sum(signal, mean, squared: true) / signal.Length);
    }

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

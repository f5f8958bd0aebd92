using System.Numerics;
using System.Runtime.Intrinsics;

namespace CrossModalVae.Audio;

/// <summary>The filters that VoxCeleb practice applies to a signal before the spectrogram, in that practice's order.</summary>
internal static class VoiceSignal
{
    private const double DcPole = 0.99;

    /// <summary>y[n] = x[n] - x[n-1] + 0.99 y[n-1], from rest, in place.</summary>
    public static void RemoveDc(Span<float> signal)
    {
        double previous = 0;
        double y = 0;
        for (int n = 0; n < signal.Length; n++)
        {
            double x = signal[n];
            y = x - previous + (DcPole * y);
            previous = x;
            signal[n] = (float)y;
        }
    }

    /// <summary>Adds noise scaled by the signal's standard deviation, in place.</summary>
    public static void Dither(Span<float> signal, ReadOnlySpan<float> noise, double amplitude)
    {
        float scale = (float)(amplitude * StandardDeviation(signal));
        int n = 0;
        for (; n <= signal.Length - Vector<float>.Count; n += Vector<float>.Count)
        {
            (new Vector<float>(signal[n..]) + (new Vector<float>(noise[n..]) * scale)).CopyTo(signal[n..]);
        }

        for (; n < signal.Length; n++)
        {
            signal[n] += noise[n] * scale;
        }
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

    // The population's, in double precision; eight lanes whatever the hardware, so the same bits for every SIMD width.
    private static double StandardDeviation(ReadOnlySpan<float> signal)
    {
        double mean = Sum(signal, 0, squared: false) / signal.Length;
        return Math.Sqrt(Sum(signal, mean, squared: true) / signal.Length);
    }

    private static double Sum(ReadOnlySpan<float> signal, double mean, bool squared)
    {
        Vector256<double> low = Vector256<double>.Zero;
        Vector256<double> high = Vector256<double>.Zero;
        var centre = Vector256.Create(mean);
        int n = 0;
        for (; n <= signal.Length - 8; n += 8)
        {
            (Vector256<double> a, Vector256<double> b) = Vector256.Widen(Vector256.Create(signal.Slice(n, 8)));
            a -= centre;
            b -= centre;
            low += squared ? a * a : a;
            high += squared ? b * b : b;
        }

        low += high;
        double sum = low[0] + low[1] + low[2] + low[3];
        for (; n < signal.Length; n++)
        {
            double x = signal[n] - mean;
            sum += squared ? x * x : x;
        }

        return sum;
    }
}

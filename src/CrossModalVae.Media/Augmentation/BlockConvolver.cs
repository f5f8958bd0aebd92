using System.Collections.Concurrent;
using System.Numerics;
using CrossModalVae.Fourier;

namespace CrossModalVae.Augmentation;

/// <summary>
/// Convolution of a signal with a long kernel by overlap-add (Stockham 1966), O(N log K). The kernel is real, so two blocks go through one
/// complex transform, as its real and its imaginary part, and come out apart. Thread-safe; keeps the transforms' tables.
/// </summary>
internal sealed class BlockConvolver
{
    private const int SmallestTransform = 1024;

    private readonly ConcurrentDictionary<int, ComplexFft<ScalarLane<double>, double>> _transforms = new();

    /// <summary>The transform of a length, made once.</summary>
    public ComplexFft<ScalarLane<double>, double> Transform(int length) =>
        _transforms.GetOrAdd(length, static n => new ComplexFft<ScalarLane<double>, double>(n));

    /// <summary>
    /// A run of the full convolution: outputs <paramref name="first"/> .. <paramref name="first"/> +
    /// <paramref name="count"/> - 1; what lies beyond it is zero.
    /// </summary>
    public float[] Convolve(ReadOnlySpan<float> signal, ReadOnlySpan<float> kernel, int first, int count)
    {
        // Blocks three times as long as the kernel keep the wasted share of a transform at a quarter; a short signal needs one only.
        long whole = (long)signal.Length + kernel.Length - 1;
        int length = (int)Math.Max(SmallestTransform, BitOperations.RoundUpToPowerOf2((ulong)Math.Min(whole, 4L * kernel.Length)));
        ComplexFft<ScalarLane<double>, double> fft = Transform(length);
        int block = length - kernel.Length + 1;

        var kernelRe = new double[length];
        var kernelIm = new double[length];
        Widen(kernel, kernelRe);
        fft.Forward(kernelRe, kernelIm);

        var sums = new double[count];
        var re = new double[length];
        var im = new double[length];
        var productRe = new double[length];
        var productIm = new double[length];
        for (int start = 0; start < signal.Length; start += 2 * block)
        {
            Fill(signal, start, block, re);
            Fill(signal, start + block, block, im);
            fft.Forward(re, im);
            for (int k = 0; k < length; k++)
            {
                int at = fft.Places[k];
                productRe[k] = (re[at] * kernelRe[at]) - (im[at] * kernelIm[at]);
                productIm[k] = (re[at] * kernelIm[at]) + (im[at] * kernelRe[at]);
            }

            fft.Forward(productIm, productRe); // the inverse times the length
            Add(productRe, fft.Places, start - first, sums);
            Add(productIm, fft.Places, start + block - first, sums);
        }

        var output = new float[count];
        for (int n = 0; n < count; n++)
        {
            output[n] = (float)(sums[n] / length);
        }

        return output;
    }

    private static void Fill(ReadOnlySpan<float> signal, int start, int block, double[] target)
    {
        int end = Math.Min(signal.Length, start + block);
        Array.Clear(target);
        if (start < end)
        {
            Widen(signal[start..end], target);
        }
    }

    private static void Widen(ReadOnlySpan<float> from, Span<double> to)
    {
        for (int n = 0; n < from.Length; n++)
        {
            to[n] = from[n];
        }
    }

    private static void Add(double[] values, ReadOnlySpan<int> places, int offset, double[] sums)
    {
        int end = Math.Min(places.Length, sums.Length - offset);
        for (int n = Math.Max(0, -offset); n < end; n++)
        {
            sums[offset + n] += values[places[n]];
        }
    }
}

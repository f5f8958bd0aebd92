using System.Collections.Concurrent;
using System.Numerics;
using System.Numerics.Tensors;
using CrossModalVae.Fourier;

namespace CrossModalVae.Augmentation;

/// <summary>
/// Convolution of a signal with a long kernel by overlap-add (Stockham 1966), O(N log K). Since the kernel is real, one complex transform
/// takes two blocks, as its real and imaginary parts. Thread-safe; keeps the transforms' tables.
/// </summary>
internal sealed class BlockConvolver
{
    private const int SmallestTransform = 1024;

    private readonly ConcurrentDictionary<int, ComplexFft<ScalarLane<double>, double>> _transforms = new();

    /// <summary>The cached transform of a length.</summary>
    public ComplexFft<ScalarLane<double>, double> Transform(int length) =>
        _transforms.GetOrAdd(length, static n => new ComplexFft<ScalarLane<double>, double>(n));

    /// <summary>The outputs <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/> - 1 of the full convolution,
    /// zero-padded.</summary>
    public float[] Convolve(ReadOnlySpan<float> signal, ReadOnlySpan<float> kernel, int first, int count)
    {
        // With blocks three times as long as the kernel a quarter of each transform is overhead; a short signal needs one transform.
        long whole = (long)signal.Length + kernel.Length - 1;
        int length = (int)Math.Max(SmallestTransform, BitOperations.RoundUpToPowerOf2((ulong)Math.Min(whole, 4L * kernel.Length)));
        ComplexFft<ScalarLane<double>, double> fft = Transform(length);
        int block = length - kernel.Length + 1;

        var kernelRe = new double[length];
        var kernelIm = new double[length];
        TensorPrimitives.ConvertTruncating<float, double>(kernel, kernelRe);
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

        return Array.ConvertAll(sums, sum => (float)(sum / length));
    }

    private static void Fill(ReadOnlySpan<float> signal, int start, int block, double[] target)
    {
        int end = Math.Min(signal.Length, start + block);
        Array.Clear(target);
        if (start < end)
        {
            TensorPrimitives.ConvertTruncating<float, double>(signal[start..end], target);
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

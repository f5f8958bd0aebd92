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

    private readonly ConcurrentDictionary<int, ComplexFft> _transforms = new();

    /// <summary>The cached transform of a length.</summary>
    public ComplexFft Transform(int length) => _transforms.GetOrAdd(length, static n => new ComplexFft(n));

    /// <summary>The outputs <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/> - 1 of the full convolution,
    /// zero-padded.</summary>
    public float[] Convolve(ReadOnlySpan<float> signal, ReadOnlySpan<float> kernel, int first, int count)
    {
        // With blocks three times as long as the kernel a quarter of each transform is overhead; a short signal needs one transform.
        long whole = (long)signal.Length + kernel.Length - 1;
        int length = (int)Math.Max(SmallestTransform, BitOperations.RoundUpToPowerOf2((ulong)Math.Min(whole, 4L * kernel.Length)));
        ComplexFft fft = Transform(length);
        int block = length - kernel.Length + 1;

        var kernelRe = new double[length];
        var kernelIm = new double[length];
        TensorPrimitives.ConvertTruncating<float, double>(kernel, kernelRe);
        fft.Forward(kernelRe, kernelIm);

        var sums = new double[count];
        var re = new double[length];
        var im = new double[length];
        for (int start = 0; start < signal.Length; start += 2 * block)
        {
            Fill(signal, start, block, re);
            Fill(signal, start + block, block, im);
            fft.Forward(re, im);
            for (int k = 0; k < length; k++)
            {
                double r = (re[k] * kernelRe[k]) - (im[k] * kernelIm[k]);
                im[k] = (re[k] * kernelIm[k]) + (im[k] * kernelRe[k]);
                re[k] = r;
            }

            fft.InverseTimesLength(re, im);
            Add(re, start - first, sums);
            Add(im, start + block - first, sums);
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

    private static void Add(double[] values, int offset, double[] sums)
    {
        int start = Math.Max(0, -offset), end = Math.Min(values.Length, sums.Length - offset);
        if (start < end)
        {
            Span<double> target = sums.AsSpan(offset + start, end - start);
            TensorPrimitives.Add(target, values.AsSpan(start, end - start), target);
        }
    }
}

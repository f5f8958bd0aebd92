using CrossModalVae.Augmentation;
using CrossModalVae.Fourier;
using CrossModalVae.Numerics;

namespace CrossModalVae.Media.Tests.Augmentation;

public class BlockConvolverTests
{
    // The outputs are floats; the work between is done in double precision.
    private const float Tolerance = 2e-6f;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 3)]
    [InlineData(2_000, 7)]
    [InlineData(7, 2_000)]
    [InlineData(5_000, 900)] // several blocks, an odd number of them
    [InlineData(9_001, 500)]
    public void Convolve_AnyLengths_EqualsTheDefinition(int signalLength, int kernelLength)
    {
        float[] signal = Signals.Noise(signalLength, 1);
        float[] kernel = Signals.Noise(kernelLength, 2);
        int first = kernelLength / 3;
        int count = signalLength + (kernelLength / 2);

        float[] result = new BlockConvolver().Convolve(signal, kernel, first, count);

        for (int n = 0; n < count; n++)
        {
            double sum = 0;
            for (int k = Math.Max(0, first + n - signalLength + 1); k <= Math.Min(kernelLength - 1, first + n); k++)
            {
                sum += (double)kernel[k] * signal[first + n - k];
            }

            Assert.Equal(sum, result[n], Tolerance);
        }
    }

    [Fact]
    public void Transform_RandomInput_EqualsTheDefinitionAndComesBack()
    {
        const int n = 64;
        var random = new SeededRandom(3);
        double[] re = [.. Enumerable.Range(0, n).Select(_ => random.NextGaussian())];
        double[] im = [.. Enumerable.Range(0, n).Select(_ => random.NextGaussian())];
        double[] outRe = [.. re], outIm = [.. im];
        var fft = new ComplexFft(n);

        fft.Forward(outRe, outIm);

        for (int k = 0; k < n; k++)
        {
            System.Numerics.Complex sum = 0;
            for (int i = 0; i < n; i++)
            {
                sum += new System.Numerics.Complex(re[i], im[i]) * System.Numerics.Complex.Exp(new(0, -2 * Math.PI * i * k / n));
            }

            Assert.Equal(sum.Real, outRe[k], 1e-12);
            Assert.Equal(sum.Imaginary, outIm[k], 1e-12);
        }

        fft.InverseTimesLength(outRe, outIm);
        Assert.All(outRe.Zip(re), pair => Assert.Equal(n * pair.Second, pair.First, 1e-12));
        Assert.All(outIm.Zip(im), pair => Assert.Equal(n * pair.Second, pair.First, 1e-12));
    }

    [Fact]
    public void Transform_LengthNoPowerOfTwo_IsRefused()
    {
        var e = Assert.Throws<ArgumentOutOfRangeException>(() => new ComplexFft(12));

        Assert.Equal("'length' is 12; must be a power of two, at least 2. (Parameter 'length')", e.Message);
    }
}

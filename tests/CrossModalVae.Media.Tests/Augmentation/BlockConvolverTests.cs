using CrossModalVae.Augmentation;

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
}

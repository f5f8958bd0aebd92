using NWaves.Transforms;

namespace Compat.Tests.NWaves;

// Expected values come from the genuine sources, version 0.9.6, built as they are.
public class RealFftTests
{
    // Relative to the largest value of about 5: single precision, another order of operations and tabulated twiddles.
    private const float Tolerance = 1e-6f * 5;

    private static readonly float[] Input = [.. Enumerable.Range(0, 16).Select(i => ((i * 7 % 16) - 7.5f) / 8)];

    [Fact]
    public void Direct_SixteenSamples_GivesTheGenuineSpectrumUnscaled()
    {
        var fft = new RealFft(16);
        var re = new float[9];
        var im = new float[9];

        fft.Direct(Input, re, im);

        Assert.Equal(16, fft.Size);
        AssertClose([0, -1, -1, -1.0000001f, -1, -1, -1, -0.9999999f, -1], re);
        AssertClose([0, 0.19891244f, -2.4142137f, 0.6681786f, -1, 1.4966056f, -0.41421354f, 5.0273395f, 0], im);
        Assert.Equal(0f, im[8]);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 8)]
    public void MagnitudeSpectrum_Normalise_DividesByHalfTheSize(bool normalize, float divisor)
    {
        float[] expected = [0, 1.0195912f, 2.613126f, 1.2026899f, 1.4142135f, 1.7999523f, 1.0823922f, 5.1258307f, 1];
        var magnitudes = new float[9];

        new RealFft(16).MagnitudeSpectrum(Input, magnitudes, normalize);

        AssertClose([.. expected.Select(m => m / divisor)], magnitudes);
    }

    [Fact]
    public void Constructor_SizeNoPowerOfTwo_Throws()
    {
        var e = Assert.Throws<ArgumentException>(() => new RealFft(12));

        Assert.Equal("Size of FFT must be a power of 2!", e.Message);
    }

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.InRange(actual[i], expected[i] - Tolerance, expected[i] + Tolerance);
        }
    }
}

using System.Numerics;
using CrossModalVae.Fourier;

namespace CrossModalVae.Numerics.Tests.Fourier;

public class ComplexFftTests
{
    private const double Tolerance = 1e-11; // double precision, sums of up to 384 standard normal numbers

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(8)]
    [InlineData(24)]
    [InlineData(64)]
    [InlineData(128)]
    [InlineData(384)]
    public void Forward_RandomInput_EqualsTheDefinitionAndComesBack(int n)
    {
        (double[] re, double[] im) = Random(n, 1);
        double[] outRe = [.. re], outIm = [.. im];
        var fft = new ComplexFft<ScalarLane<double>, double>(n);

        fft.Forward(outRe, outIm);

        for (int k = 0; k < n; k++)
        {
            Complex sum = 0;
            for (int j = 0; j < n; j++)
            {
                sum += new Complex(re[j], im[j]) * Complex.Exp(new(0, -2 * Math.PI * j * k / n));
            }

            Assert.Equal(sum.Real, outRe[fft.Places[k]], Tolerance);
            Assert.Equal(sum.Imaginary, outIm[fft.Places[k]], Tolerance);
        }

        double[] backRe = [.. fft.Places.ToArray().Select(at => outRe[at])], backIm = [.. fft.Places.ToArray().Select(at => outIm[at])];
        fft.Forward(backIm, backRe);
        for (int j = 0; j < n; j++)
        {
            Assert.Equal(n * re[j], backRe[fft.Places[j]], n * Tolerance);
            Assert.Equal(n * im[j], backIm[fft.Places[j]], n * Tolerance);
        }
    }

    [Fact]
    public void Forward_AnyWidth_GivesEachLaneTheSameBits()
    {
        AssertEqualsScalar<Lanes128<double>, double>();
        AssertEqualsScalar<Lanes256<double>, double>();
        AssertEqualsScalar<Lanes512<double>, double>();
        AssertEqualsScalar<Lanes128<float>, float>();
        AssertEqualsScalar<Lanes256<float>, float>();
        AssertEqualsScalar<Lanes512<float>, float>();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(9)]
    public void Constructor_LengthOutOfReach_IsRefused(int length)
    {
        var e = Assert.Throws<ArgumentOutOfRangeException>(() => new ComplexFft<ScalarLane<double>, double>(length));

        Assert.Equal($"'length' is {length}; must be a power of two or three times one. (Parameter 'length')", e.Message);
    }

    private static void AssertEqualsScalar<T, TNumber>()
        where T : struct, ILanes<T, TNumber>
        where TNumber : unmanaged, IBinaryFloatingPointIeee754<TNumber>
    {
        const int Length = 96;
        var fft = new ComplexFft<T, TNumber>(Length);
        var scalar = new ComplexFft<ScalarLane<TNumber>, TNumber>(Length);
        var re = new TNumber[Length * T.Count];
        var im = new TNumber[Length * T.Count];
        var expected = new (TNumber[] Re, TNumber[] Im)[T.Count];
        for (int lane = 0; lane < T.Count; lane++)
        {
            (double[] laneRe, double[] laneIm) = Random(Length, lane);
            expected[lane] = ([.. laneRe.Select(TNumber.CreateTruncating)], [.. laneIm.Select(TNumber.CreateTruncating)]);
            for (int j = 0; j < Length; j++)
            {
                (re[(j * T.Count) + lane], im[(j * T.Count) + lane]) = (expected[lane].Re[j], expected[lane].Im[j]);
            }

            scalar.Forward(expected[lane].Re, expected[lane].Im);
        }

        fft.Forward(re, im);

        for (int lane = 0; lane < T.Count; lane++)
        {
            for (int k = 0; k < Length; k++)
            {
                Assert.Equal(expected[lane].Re[scalar.Places[k]], re[fft.Places[k] + lane]);
                Assert.Equal(expected[lane].Im[scalar.Places[k]], im[fft.Places[k] + lane]);
            }
        }
    }

    private static (double[] Re, double[] Im) Random(int count, int seed)
    {
        var random = new SeededRandom(seed);
        double[] Part() => [.. Enumerable.Range(0, count).Select(_ => random.NextGaussian())];
        return (Part(), Part());
    }
}

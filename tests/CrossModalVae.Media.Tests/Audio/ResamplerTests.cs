using CrossModalVae.Audio;
using CrossModalVae.Numerics;
using CsCheck;

namespace CrossModalVae.Media.Tests.Audio;

public class ResamplerTests
{
    private const double PassBandRippleDb = 0.1;
    private const double RejectionDb = 80;

    // Single precision of a filter of up to 1,400 taps.
    private const double SampleTolerance = 2e-6;

    public static TheoryData<int, int> Rates => new()
    {
        { 8_000, 16_000 },
        { 44_100, 16_000 },
        { 48_000, 16_000 },
        { 11_025, 16_000 },
        { 22_050, 16_000 },
        { 96_000, 16_000 },
        { 192_000, 16_000 },
        { 16_000, 44_100 },
        { 16_001, 16_000 }, // more phases than are kept: interpolated
        { 44_101, 16_000 },
    };

    [Theory]
    [MemberData(nameof(Rates))]
    public void Resample_ToneInThePassBand_KeepsItsAmplitudeAndTime(int from, int to)
    {
        double lower = Math.Min(from, to);
        var resampler = new Resampler(from, to);
        foreach (double share in new[] { 0.01, 0.1, 0.25, 0.4, 0.45 })
        {
            double frequency = share * lower;
            float[] output = resampler.Resample(Tone(frequency, from, from / 2));

            double worst = 0;
            for (int n = output.Length / 4; n < 3 * output.Length / 4; n++)
            {
                worst = Math.Max(worst, Math.Abs(output[n] - (0.5 * Math.Sin(2 * Math.PI * frequency * n / to))));
            }

            // An error of gain and an error of time both show as a difference; 0.1 dB is 1.16 percent.
            Assert.InRange(worst, 0, 0.5 * (Math.Pow(10, PassBandRippleDb / 20) - 1));
        }
    }

    [Theory]
    [MemberData(nameof(Rates))]
    public void Resample_ToneThatWouldAlias_IsRejected(int from, int to)
    {
        var resampler = new Resampler(from, to);
        foreach (double share in new[] { 0.5, 0.55, 0.7, 0.9 })
        {
            double frequency = share * to;
            if (frequency >= 0.5 * from)
            {
                continue;
            }

            float[] output = resampler.Resample(Tone(frequency, from, from / 2));

            Assert.InRange(Decibels(Middle(output), 0.5), double.NegativeInfinity, -RejectionDb);
        }
    }

    [Theory]
    [InlineData(8_000, 16_000)]
    [InlineData(11_025, 16_000)]
    public void Resample_Upwards_RejectsImages(int from, int to)
    {
        double frequency = 0.4 * from;
        float[] output = new Resampler(from, to).Resample(Tone(frequency, from, from / 2));

        // What is left after the tone itself is taken away is images and noise.
        float[] rest = [.. output.Select((x, n) => (float)(x - (0.5 * Math.Sin(2 * Math.PI * frequency * n / to))))];

        Assert.InRange(Decibels(Middle(rest), 0.5), double.NegativeInfinity, -RejectionDb);
    }

    [Fact]
    public void Resample_Constant_StaysConstant()
    {
        float[] input = [.. Enumerable.Repeat(0.25f, 8_000)];

        float[] output = new Resampler(44_100, 16_000).Resample(input);

        Assert.All(Middle(output), x => Assert.InRange(x, 0.25 - SampleTolerance, 0.25 + SampleTolerance));
    }

    [Fact]
    public void Resample_SameRate_ChangesNothing()
    {
        float[] input = Noise(1_000);

        float[] output = new Resampler(16_000, 16_000).Resample(input);

        Assert.Equal(input, output);
        Assert.NotSame(input, output);
    }

    [Theory]
    [InlineData(8_000, 16_000, 100, 200)]
    [InlineData(16_000, 8_000, 101, 51)]
    [InlineData(44_100, 16_000, 132_300, 48_000)]
    [InlineData(44_100, 16_000, 1, 1)]
    public void OutputCount_Input_CoversItsWholeLength(int from, int to, long count, long expected)
    {
        Assert.Equal(expected, new Resampler(from, to).OutputCount(count));
    }

    [Theory]
    [MemberData(nameof(Rates))]
    public void Resample_AnyPartWithItsMargin_HasTheBitsOfTheWhole(int from, int to)
    {
        var resampler = new Resampler(from, to);
        float[] input = Noise(from / 4);
        float[] whole = resampler.Resample(input);
        Property.Holds(
            Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Int[1, 500]),
            range =>
            {
                int firstOutput = range.Item1;
                var part = new float[Math.Min(range.Item2, whole.Length - firstOutput)];

                (long first, int count) = resampler.InputRange(firstOutput, part.Length);
                long start = Math.Max(0, first);
                int end = (int)Math.Min(input.Length, first + count);
                resampler.Resample(input.AsSpan((int)start, end - (int)start), start, part, firstOutput);

                Assert.Equal(whole.AsSpan(firstOutput, part.Length).ToArray(), part);
            },
            count: 50);
    }

    [Fact]
    public void OutputCount_AnyRatesAndLength_IsTheQuotientRoundedUp()
    {
        Gen<int> rates = Gen.Int[AudioClip.MinSampleRateHz, AudioClip.MaxSampleRateHz];
        Property.Holds(
            Gen.Select(rates, rates, Gen.Long[0, 10_000_000_000]),
            lengths =>
            {
                (int from, int to, long count) = lengths;

                long output = new Resampler(from, to).OutputCount(count);

                // The last output lies before the input's end, and the next one would not.
                Assert.True((Int128)(output - 1) * from < (Int128)count * to);
                Assert.True((Int128)output * from >= (Int128)count * to);
            },
            count: 40);
    }

    [Fact]
    public void Constructor_RateOutOfRange_NamesIt()
    {
        var e = Assert.Throws<ArgumentOutOfRangeException>(() => new Resampler(999, 16_000));

        Assert.Equal("'fromHz' is 999; must be 1000 to 768000 Hz. (Parameter 'fromHz')", e.Message);
    }

    private static float[] Tone(double frequency, int rate, int count) =>
        [.. Enumerable.Range(0, count).Select(n => (float)(0.5 * Math.Sin(2 * Math.PI * frequency * n / rate)))];

    private static float[] Noise(int count)
    {
        var random = new SeededRandom(3);
        return [.. Enumerable.Range(0, count).Select(_ => (float)random.NextDouble(-1, 1))];
    }

    // Away from the ends, where the signal starts and stops.
    private static float[] Middle(float[] x) => x[(x.Length / 4)..(3 * x.Length / 4)];

    private static double Decibels(float[] x, double amplitude) =>
        20 * Math.Log10(Math.Sqrt(2 * x.Average(v => (double)v * v)) / amplitude);
}

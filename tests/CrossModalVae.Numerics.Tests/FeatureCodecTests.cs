namespace CrossModalVae.Numerics.Tests;

public class FeatureCodecTests
{
    // Rounding to the nearest of 11 significant bits; below 2^-14 to the nearest multiple of 2^-24.
    private const double Float16Relative = 1.0 / 2048;
    private const double Float16Absolute = 1.0 / (1 << 25);
    private const double SmallestNormal = 1.0 / (1 << 14);

    [Fact]
    public void Float32_AnyFiniteValue_ComesBackBitForBit()
    {
        float[] values = [0f, -0f, 1f, float.Epsilon, -float.MaxValue, float.MaxValue, MathF.PI, 1e-30f];

        float[] back = RoundTrip(values, FeaturePrecision.Float32);

        Assert.Equal(values.Select(BitConverter.SingleToUInt32Bits), back.Select(BitConverter.SingleToUInt32Bits));
    }

    [Fact]
    public void Float16_ValuesOfEverySize_AreOffByAtMostWhatIsStated()
    {
        var random = new Random(5);
        float[] values =
        [
            .. Enumerable.Range(0, 200_000).Select(_ => (float)((random.NextDouble() - 0.5) * Math.Pow(2, random.Next(-26, 17)))),
        ];

        float[] back = RoundTrip(values, FeaturePrecision.Float16);

        double worst = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double size = Math.Abs((double)values[i]);
            double error = Math.Abs((double)back[i] - values[i]);
            Assert.InRange(error, 0, size < SmallestNormal ? Float16Absolute : Float16Relative * size);
            worst = size < SmallestNormal ? worst : Math.Max(worst, error / size);
        }

        Assert.InRange(worst, 0.9 * Float16Relative, Float16Relative); // the bound is met, not loose: it really is 11 bits
    }

    [Theory]
    [InlineData(65_519f, 65_504f)]
    [InlineData(-65_519f, -65_504f)]
    [InlineData(65_504f, 65_504f)]
    public void Float16_LargestValues_RoundToTheLargestFinite(float value, float expected) =>
        Assert.Equal([1f, expected], RoundTrip([1f, value], FeaturePrecision.Float16));

    [Theory]
    [InlineData(FeaturePrecision.Float16, 65_520f,
        "feature 1 is 65520, which float16 cannot hold (at most 65504 in size); prepare in float32")]
    [InlineData(FeaturePrecision.Float16, -1e9f,
        "feature 1 is -1E+09, which float16 cannot hold (at most 65504 in size); prepare in float32")]
    [InlineData(FeaturePrecision.Float16, float.NaN, "feature 1 is NaN; must be a finite number")]
    [InlineData(FeaturePrecision.Float16, float.NegativeInfinity, "feature 1 is -Infinity; must be a finite number")]
    [InlineData(FeaturePrecision.Float32, float.NaN, "feature 1 is NaN; must be a finite number")]
    [InlineData(FeaturePrecision.Float32, float.PositiveInfinity, "feature 1 is Infinity; must be a finite number")]
    public void Encode_ValueThatCannotBeHeld_SaysWhichAndWhy(FeaturePrecision precision, float value, string expected) =>
        Assert.Equal(expected, FeatureCodec.Encode([1f, value, 2f], precision, new byte[12]));

    private static float[] RoundTrip(float[] values, FeaturePrecision precision)
    {
        var bytes = new byte[values.Length * FeatureCodec.Size(precision)];
        var back = new float[values.Length];

        Assert.Null(FeatureCodec.Encode(values, precision, bytes));
        FeatureCodec.Decode(bytes, precision, back);

        return back;
    }
}

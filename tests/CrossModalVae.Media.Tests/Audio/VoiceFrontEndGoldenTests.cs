using CrossModalVae.Audio;

namespace CrossModalVae.Media.Tests.Audio;

/// <summary>Against the definition in double precision by numpy and torch.stft (Golden/Audio/make_voice_golden.py).</summary>
public class VoiceFrontEndGoldenTests
{
    // In units of each bin's standard deviation over time, by which normalisation divides. Measured: 2.2e-5.
    private const double Tolerance = 2e-4;

    private static readonly VoiceOptions OneSided = new() { TwoSided = false };

    [Fact]
    public void Extract_Frames_AgreeWithTorchStft()
    {
        float[] expected = GoldenVoice.Read("voice16k.every16th.npy"); // [19, 257]
        float[] deviations = GoldenVoice.Read("voice16k.pooled.npy")[GoldenVoice.Bins..];

        float[] features = new VoiceFrontEnd(OneSided with { Pooling = TimePooling.None }).Extract(GoldenVoice.PathOf("voice16k.wav"));

        Assert.Equal(297 * GoldenVoice.Bins, features.Length);
        for (int row = 0; row < 19; row++)
        {
            AssertClose(expected.AsSpan(row * GoldenVoice.Bins), features.AsSpan(16 * row * GoldenVoice.Bins), deviations);
        }
    }

    [Theory]
    [InlineData("voice16k")] // 3.2 s: its start is used
    [InlineData("voice8k")] // 1.1 s at 8 kHz: resampled, then mirrored at its end
    public void Extract_MeanAndDeviation_AgreeWithNumpy(string name)
    {
        float[] expected = GoldenVoice.Read($"{name}.pooled.npy"); // [2, 257]

        float[] features = new VoiceFrontEnd(OneSided with { Pooling = TimePooling.MeanAndDeviation })
            .Extract(GoldenVoice.PathOf($"{name}.wav"));

        Assert.Equal(2 * GoldenVoice.Bins, features.Length);
        AssertClose(expected, features, expected.AsSpan(GoldenVoice.Bins));
        AssertClose(expected.AsSpan(GoldenVoice.Bins), features.AsSpan(GoldenVoice.Bins), expected.AsSpan(GoldenVoice.Bins));
    }

    [Fact]
    public void Extract_Log_IsTheLogarithmOfMagnitudePlusOne()
    {
        float[] magnitudes = GoldenVoice.Read("voice16k.every16th.npy"); // [19, 257]

        float[] features = new VoiceFrontEnd(OneSided with { Pooling = TimePooling.None, Compression = SpectrumCompression.Log })
            .Extract(GoldenVoice.PathOf("voice16k.wav"));

        for (int row = 0; row < 19; row++)
        {
            for (int k = 0; k < GoldenVoice.Bins; k++)
            {
                double expected = Math.Log(magnitudes[(row * GoldenVoice.Bins) + k] + 1.0);
                Assert.InRange(features[(16 * row * GoldenVoice.Bins) + k], expected - Tolerance, expected + Tolerance);
            }
        }
    }

    private static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, ReadOnlySpan<float> deviations)
    {
        for (int k = 0; k < GoldenVoice.Bins; k++)
        {
            double limit = Tolerance * deviations[k];
            Assert.InRange(actual[k], expected[k] - limit, expected[k] + limit);
        }
    }
}

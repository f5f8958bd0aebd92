using CrossModalVae.Augmentation;

namespace CrossModalVae.Media.Tests.Augmentation;

public class SignalLevelTests
{
    // The error of single precision is far smaller.
    private const double SnrToleranceDb = 0.1;

    [Theory]
    [InlineData(0, 0.1)]
    [InlineData(15, 0.1)]
    [InlineData(-20, 0.1)]
    [InlineData(20, 1e-4)] // -80 dB of full scale, where voxceleb_trainer's 1e-4 would rule
    public void AddAtSnr_MeasuredRatio_IsTheOneAsked(double snrDb, double level)
    {
        float[] voice = Signals.Noise(48_000, 1, level);
        float[] noise = Signals.Noise(48_000, 2, 3);
        float[] signal = [.. voice];

        SignalLevel.AddAtSnr(signal, SignalLevel.MeanSquare(voice), noise, snrDb);

        float[] added = [.. signal.Zip(voice, (s, v) => s - v)];
        Assert.Equal(snrDb, Signals.Decibels(SignalLevel.MeanSquare(voice) / SignalLevel.MeanSquare(added)), SnrToleranceDb);
    }

    [Fact]
    public void AddAtSnr_SilenceOfEither_ChangesNothing()
    {
        float[] voice = Signals.Noise(100, 1);
        float[] signal = [.. voice];
        float[] silent = new float[100];

        SignalLevel.AddAtSnr(signal, SignalLevel.MeanSquare(voice), new float[100], 0);
        SignalLevel.AddAtSnr(silent, 0, voice, 0);

        Assert.Equal(voice, signal);
        Assert.Equal(new float[100], silent);
    }

    [Fact]
    public void AddAtSnr_OtherLength_IsRefused()
    {
        var e = Assert.Throws<ArgumentException>(() => SignalLevel.AddAtSnr(new float[3], 1, new float[2], 0));

        Assert.Equal("'disturbance' has 2 samples; must have 3, as the signal. (Parameter 'disturbance')", e.Message);
    }

    [Fact]
    public void Factor_TwentyDecibels_IsTen() => Assert.Equal(10, SignalLevel.Factor(20), 1e-12);
}

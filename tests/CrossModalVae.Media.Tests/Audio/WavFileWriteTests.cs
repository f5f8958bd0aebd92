using CrossModalVae.Audio;
using CsCheck;

namespace CrossModalVae.Media.Tests.Audio;

public sealed class WavFileWriteTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_Samples_GivesTheseBytes()
    {
        string path = _folder["sub", "a.wav"];

        WavFile.Write(path, [0f, -1f, 1f, 0.5f, -7f, 1.5f / 32_768], 8_000);

        byte[] expected = WavBytes.Riff(
            WavBytes.Format(rate: 8_000), WavBytes.Chunk("data", WavBytes.Pcm16(0, -32_768, 32_767, 16_384, -32_768, 2)));
        Assert.Equal(expected, File.ReadAllBytes(path));
        Assert.Equal(["a.wav"], Directory.GetFiles(_folder["sub"]).Select(Path.GetFileName));
    }

    [Fact]
    public void Write_EverySixteenBitValue_ComesBackExactly()
    {
        float[] samples = [.. Enumerable.Range(-32_768, 65_536).Select(i => i / 32_768f)];
        string path = _folder["all.wav"];

        WavFile.Write(path, new AudioClip(samples, 44_100));

        AudioClip read = WavFile.Read(path);
        Assert.Equal(samples, read.Samples.ToArray());
        Assert.Equal(44_100, read.SampleRateHz);
    }

    [Fact]
    public void Write_AnySamples_ComeBackWithinHalfAStep()
    {
        const float HalfStep = 0.5001f / 32_768; // and the rounding of floats
        string path = _folder["any.wav"];
        Property.Holds(
            Gen.Select(Gen.Float[-1.5f, 1.5f].Array[1, 300], Gen.Int[AudioClip.MinSampleRateHz, AudioClip.MaxSampleRateHz]),
            clip =>
            {
                (float[] samples, int rate) = clip;

                WavFile.Write(path, samples, rate);

                AudioClip read = WavFile.Read(path);
                Assert.Equal((rate, samples.Length), (read.SampleRateHz, read.Samples.Length));
                for (int n = 0; n < samples.Length; n++)
                {
                    float clipped = Math.Clamp(samples[n], -1, 32_767 / 32_768f);
                    Assert.InRange(read.Samples.Span[n], clipped - HalfStep, clipped + HalfStep);
                }
            });
    }

    [Fact]
    public void Write_UnusableSamples_LeavesTheFileAsItWas()
    {
        string path = _folder.Write("kept.wav", "old");

        var nan = Assert.Throws<ArgumentException>(() => WavFile.Write(path, [0f, float.NaN], 16_000));
        var none = Assert.Throws<ArgumentException>(() => WavFile.Write(path, [], 16_000));
        var rate = Assert.Throws<ArgumentOutOfRangeException>(() => WavFile.Write(path, [0f], 10));

        Assert.Equal("Sample 1 is NaN; must be a number. (Parameter 'samples')", nan.Message);
        Assert.Equal("There are 0 samples; a wav file written here holds 1 to 1073741773. (Parameter 'samples')", none.Message);
        Assert.Equal("'sampleRateHz' is 10; must be 1000 to 768000 Hz. (Parameter 'sampleRateHz')", rate.Message);
        Assert.Equal("old", File.ReadAllText(path));
    }

    [Fact]
    public void Write_WhereAFolderLies_SaysSoAndLeavesNothing()
    {
        string path = _folder["taken"];
        Directory.CreateDirectory(path);

        var e = Assert.Throws<IOException>(() => WavFile.Write(path, [0f], 16_000));

        Assert.StartsWith($"{path}: cannot be written: ", e.Message, StringComparison.Ordinal);
        Assert.Equal(["taken"], Directory.GetFileSystemEntries(_folder.Root).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData(new float[0], "The clip has no samples; expected at least one. (Parameter 'samples')")]
    [InlineData(new[] { 0f, 17f }, "Sample 1 is 17; must lie within ±16 (full scale is 1). (Parameter 'samples')")]
    [InlineData(new[] { 0f, 0f, float.NaN, 99f }, "Sample 2 is NaN; must lie within ±16 (full scale is 1). (Parameter 'samples')")]
    public void AudioClip_FaultySamples_AreRefused(float[] samples, string message)
    {
        var e = Assert.Throws<ArgumentException>(() => new AudioClip(samples, 16_000));

        Assert.Equal(message, e.Message);
    }

    [Fact]
    public void AudioClip_Samples_AreTheCallersAndHaveALength()
    {
        var clip = new AudioClip(new float[24_000], 16_000);

        Assert.Equal(1.5, clip.DurationSeconds);
        Assert.Equal(16_000, clip.SampleRateHz);
    }
}

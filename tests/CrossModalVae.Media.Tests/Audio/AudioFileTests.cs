using System.Diagnostics;
using CrossModalVae.Audio;
using CrossModalVae.Audio.Ffmpeg;
using CrossModalVae.Numerics;

namespace CrossModalVae.Media.Tests.Audio;

public sealed class AudioFileTests : IDisposable
{
    private const int Rate = 22_050;

    // Half a step of 16 bits, in which the lossless formats hold the sound.
    private const double LosslessTolerance = 0.5 / 32_768 * 1.001;

    // LAME encodes at 0.95 of the amplitude; other codecs keep a tone's power to a few percent.
    private const double LossyTolerance = 0.15;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> LossyEndings => new() { "mp3", "m4a", "ogg", "opus", "mp4", "mkv", "avi", "webm" };

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void Read_Flac_GivesTheSamplesAndTheRate()
    {
        (string wav, string flac) = Encode("flac");

        AudioClip clip = AudioFile.Read(flac);

        Assert.Equal(Rate, clip.SampleRateHz);
        Assert.Equal(WavFile.Read(wav).Samples.ToArray(), clip.Samples.ToArray());
        Assert.Equal(WavFile.ReadInfo(wav).DurationSeconds, AudioFile.DurationSeconds(flac));
    }

    [SkippableTheory]
    [InlineData(0.0, 0.5)]
    [InlineData(0.3, 0.2)]
    [InlineData(1.0, null)]
    [InlineData(1.9, 5.0)]
    [InlineData(0.0, 1e-6)]
    public void Read_PartOfAFlac_IsThePartOfTheWav(double start, double? duration)
    {
        (string wav, string flac) = Encode("flac");

        Assert.Equal(WavFile.Read(wav, start, duration).Samples.ToArray(), AudioFile.Read(flac, start, duration).Samples.ToArray());
    }

    [SkippableFact]
    public void Read_SeveralChannels_GivesTheirMean()
    {
        (string wav, string flac) = Encode("flac", "-ac", "3", "-af", "pan=3c|c0=c0|c1=0*c0|c2=0*c0");

        float[] mono = WavFile.Read(wav).Samples.ToArray();

        Assert.All(AudioFile.Read(flac).Samples.ToArray().Zip(mono), pair =>
            Assert.InRange(pair.First - (pair.Second / 3), -LosslessTolerance, LosslessTolerance));
    }

    [SkippableTheory]
    [MemberData(nameof(LossyEndings))]
    public void Read_LossyFilesAndVideos_GivesTheToneAtItsPower(string ending)
    {
        bool isVideo = ending is "mp4" or "mkv" or "avi" or "webm";
        string[] picture = isVideo && ending != "webm" ? ["-f", "lavfi", "-i", "color=size=32x32:duration=2:rate=5", "-c:v", "mpeg4"] : [];
        (string wav, string path) = Encode(ending, picture);

        AudioClip clip = AudioFile.Read(path, 0.5, 1);

        Assert.Equal(clip.SampleRateHz, clip.Samples.Length);
        double expected = Power(WavFile.Read(wav, 0.5, 1).Samples.Span);
        Assert.InRange(Power(clip.Samples.Span) / expected, 1 - LossyTolerance, 1 + LossyTolerance);
        // ten periods, from the very start
        Assert.InRange(Power(clip.Samples.Span[..(clip.SampleRateHz / 44)]) / expected, 1 - LossyTolerance, 1 + LossyTolerance);
    }

    [SkippableTheory]
    [InlineData(VoiceCrop.Start)]
    [InlineData(VoiceCrop.Center)]
    public void Extract_Flac_GivesTheFeaturesOfTheWav(VoiceCrop crop)
    {
        (string wav, string flac) = Encode("flac");
        var frontEnd = new VoiceFrontEnd(new VoiceOptions { DurationSeconds = 1, Crop = crop });

        Assert.Equal(frontEnd.Extract(wav), frontEnd.Extract(flac));
        Assert.Equal(frontEnd.Extract(wav, 0.4, 1.2), frontEnd.Extract(flac, 0.4, 1.2));
    }

    [SkippableFact]
    public void Read_BeyondWhatIsHeld_DecodesAgain()
    {
        (string wav, string flac) = Encode("flac");
        float[] expected = WavFile.Read(wav).Samples.ToArray();
        using var reader = new FfmpegReader(
            flac, null, SoundNotes.None, false, 0, null, new SoundReading(), CancellationToken.None, heldCount: 1_000);
        var part = new float[5_000];

        reader.Read(500, part);

        Assert.Equal(expected.Length, reader.SampleCount);
        Assert.Equal(expected.AsSpan(500, 5_000).ToArray(), part);
    }

    [SkippableFact]
    public void Read_BrokenFiles_CarriesTheReasonInOneSentence()
    {
        (_, string flac) = Encode("flac");
        byte[] bytes = File.ReadAllBytes(flac);
        string cut = _folder.Write("cut.flac", bytes[..(bytes.Length / 2)]);
        string noise = _folder.Write("noise.m4a", [.. Enumerable.Range(0, 500).Select(i => (byte)(i * 31))]);
        string silent = _folder["silent.mp4"];
        Ffmpeg("-f", "lavfi", "-i", "color=size=32x32:duration=1:rate=5", "-c:v", "mpeg4", silent);

        foreach (string path in new[] { cut, noise, silent })
        {
            var e = Assert.Throws<InvalidDataException>(() => AudioFile.Read(path));

            Assert.Matches(
                $"^{System.Text.RegularExpressions.Regex.Escape(path)}: ffmpeg cannot read its sound: [^\\n]*[^.]\\.$", e.Message);
            Assert.DoesNotContain("@ 0x", e.Message, StringComparison.Ordinal);
        }

        Assert.Equal(
            $"{silent}: ffmpeg cannot read its sound: Stream map '0:a:0' matches no streams.",
            Assert.Throws<InvalidDataException>(() => AudioFile.Read(silent)).Message);
    }

    [SkippableFact]
    public void Read_StartBeyondTheEnd_SaysSo()
    {
        (_, string flac) = Encode("flac");

        var e = Assert.Throws<InvalidDataException>(() => AudioFile.Read(flac, 7.25));

        Assert.Equal($"{flac}: ends before 7.25 s, where the clip is said to start.", e.Message);
    }

    [SkippableFact]
    public void Read_NameThatLooksLikeAnOptionOrAProtocol_IsAFile()
    {
        (_, string flac) = Encode("flac");
        string odd = _folder["-i http: x'\"$(touch y) %d.flac"];
        File.Copy(flac, odd);

        Assert.Equal(AudioFile.Read(flac).Samples.ToArray(), AudioFile.Read(odd).Samples.ToArray());
    }

    [SkippableFact]
    public void Read_Cancelled_EndsTheDecoder()
    {
        RequireFfmpeg();
        string path = _folder["long.flac"];
        Ffmpeg("-f", "lavfi", "-i", "anoisesrc=duration=600:sample_rate=48000:seed=1", path);
        using var source = new CancellationTokenSource();
        using var stream = new FfmpegStream(path, 0, null, source.Token);
        var samples = new float[1_000];
        Assert.Equal(samples.Length, stream.Read(samples));

        source.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            while (stream.Read(samples) > 0)
            {
            }
        });
        Assert.True(stream.HasEnded);
        Assert.ThrowsAny<OperationCanceledException>(() => AudioFile.Read(path, cancellationToken: source.Token));
    }

    [Fact]
    public void Read_MissingFile_NamesIt()
    {
        string path = _folder["none.flac"];

        var e = Assert.Throws<FileNotFoundException>(() => AudioFile.Read(path));

        Assert.Equal($"{path}: no such file.", e.Message);
    }

    [Fact]
    public void Find_NoFfmpegOnThePath_SaysWhatToDo()
    {
        var e = Assert.Throws<FileNotFoundException>(() => FfmpegProgram.Find("a/b.flac", null, _folder.Root));

        Assert.Equal(
            "a/b.flac: .flac files are read through the program 'ffmpeg', which is not on the PATH; "
            + "install it, or convert the file to wav.",
            e.Message);
    }

    [Theory]
    [InlineData("a.wav", false)]
    [InlineData("a.FLAC", true)]
    [InlineData("b/c.webm", true)]
    [InlineData("flac", false)]
    public void NeedsFfmpeg_Ending_Decides(string name, bool expected)
    {
        Assert.Equal(expected, AudioFile.NeedsFfmpeg(name));
    }

    private static double Power(ReadOnlySpan<float> samples) => samples.ToArray().Average(x => (double)x * x);

    private static void RequireFfmpeg() => Tool.Require(AudioFile.FfmpegPath is not null, "ffmpeg on the PATH");

    private static void Ffmpeg(params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("ffmpeg", ["-nostdin", "-loglevel", "error", "-y", .. arguments]))!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    // Two seconds of a tone with a little noise, as wav and as something else.
    private (string Wav, string Other) Encode(string ending, params string[] arguments)
    {
        RequireFfmpeg();
        var random = new SeededRandom(8);
        float[] samples =
        [
            .. Enumerable.Range(0, 2 * Rate)
                .Select(n => (float)((0.4 * Math.Sin(2 * Math.PI * 440 * n / Rate)) + (0.01 * random.NextDouble(-1, 1)))),
        ];
        string wav = _folder["sound.wav"], other = _folder[$"sound.{ending}"];
        WavFile.Write(wav, samples, Rate);
        Ffmpeg(["-i", wav, .. arguments, other]);
        return (wav, other);
    }
}

using System.Text;
using System.Text.RegularExpressions;
using CrossModalVae.Audio;
using CrossModalVae.Audio.Ffmpeg;
using CrossModalVae.Numerics;

namespace CrossModalVae.Media.Tests.Audio;

/// <summary>The content of a sound file decides how it is read, and ffmpeg is the oracle for what only it decodes.</summary>
public sealed class WrongNameTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("flac", "FLAC")]
    [InlineData("ogg", "Ogg")]
    [InlineData("mp3", "MP3")]
    [InlineData("m4a", "MP4 or M4A")]
    [InlineData("aac", "AAC")]
    [InlineData("aiff", "AIFF")]
    [InlineData("au", "AU")]
    [InlineData("caf", "CAF")]
    [InlineData("w64", "Wave64")]
    [InlineData("mka", "Matroska or WebM")]
    [InlineData("wma", "WMA or WMV")]
    [InlineData("avi", "AVI")]
    [InlineData("wv", "WavPack")]
    [InlineData("ac3", "AC-3")]
    [InlineData("rm", "RealMedia")]
    [InlineData("tta", "TTA")]
    public void Read_CompressedFileNamedWav_GivesWhatTheRightNameGives(string ending, string kind)
    {
        Decoded.Require();
        string right = Encode(ending), wrong = _folder["wrong.wav"];
        File.Copy(right, wrong);

        Assert.Equal(Decoded.ByFfmpeg(right, 1), AudioFile.Read(wrong).Samples.ToArray());
        Assert.Equal(kind, SoundContent.MediaKind(File.ReadAllBytes(wrong).AsSpan(0, SoundContent.HeadLength)));
        var frontEnd = new VoiceFrontEnd(new VoiceOptions { DurationSeconds = 0.5 });
        Assert.Equal(frontEnd.FeatureCount, frontEnd.Extract(wrong).Length);
    }

    [SkippableFact]
    public void Read_Mp3WithoutATag_IsTold()
    {
        Decoded.Require();
        string right = Encode("mp3", "-id3v2_version", "0", "-write_xing", "0"), wrong = _folder["wrong.wav"];
        File.Copy(right, wrong);

        Assert.Equal(0xFF, File.ReadAllBytes(wrong)[0]);
        Assert.Equal(AudioFile.Read(right).Samples.ToArray(), AudioFile.Read(wrong).Samples.ToArray());
    }

    [Theory]
    [InlineData("a.flac")]
    [InlineData("a.mp3")]
    [InlineData("a")]
    public void Read_WavUnderAnotherName_NeedsNoFfmpeg(string name)
    {
        short[] samples = Decoded.Sound(100);
        string path = _folder.Write(name, WavBytes.Riff(WavBytes.Format(), WavBytes.Chunk("data", WavBytes.Pcm16(samples))));

        Assert.Equal(samples.Select(x => x / 32_768f), AudioFile.Read(path).Samples.ToArray());
    }

    [Theory]
    [InlineData("x.wav")]
    [InlineData("x.bin")]
    public void Read_ContentThatNobodyKnows_SaysWhatWasExpected(string name)
    {
        string path = _folder.Write(name, "Hello, this is no sound file.");

        Assert.Equal(
            $"{path}: byte 0: found 'Hell'; expected 'RIFF'.", Assert.Throws<InvalidDataException>(() => AudioFile.Read(path)).Message);
    }

    [Fact]
    public void Find_NoFfmpegForAWrongName_NamesTheKindAndTheProgram()
    {
        var e = Assert.Throws<FileNotFoundException>(() => FfmpegProgram.Find("a/b.wav", "a file of the kind FLAC", _folder.Root));

        Assert.Equal(
            "a/b.wav: is a file of the kind FLAC, which is read through the program 'ffmpeg', which is not on the PATH; "
            + "install it, or convert the file to wav.",
            e.Message);
    }

    [SkippableTheory]
    [InlineData("adpcm_ms", 0x0002)]
    [InlineData("adpcm_ima_wav", 0x0011)]
    [InlineData("libgsm_ms", 0x0031)]
    [InlineData("libmp3lame", 0x0055)]
    [InlineData("g726", 0x0045)]
    public void Read_CompressedWav_GivesWhatFfmpegGives(string codec, int tag)
    {
        Decoded.Require();
        string path = _folder["compressed.wav"];
        string[] rate = codec is "libgsm_ms" or "g726" ? ["-ar", "8000"] : [];
        Decoded.Ffmpeg(["-i", Sound(), .. rate, "-c:a", codec, path]);

        Assert.Equal(tag, BitConverter.ToUInt16(File.ReadAllBytes(path), 20));
        Assert.Equal(Decoded.ByFfmpeg(path, 1), AudioFile.Read(path).Samples.ToArray());
    }

    [SkippableFact]
    public void Read_CompressedWavCut_IsRefusedOrTolerated()
    {
        Decoded.Require();
        string path = _folder["compressed.wav"];
        Decoded.Ffmpeg("-i", Sound(), "-c:a", "adpcm_ima_wav", path);
        byte[] bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);
        var reading = new SoundReading { ToleratesTruncation = true };

        var e = Assert.Throws<InvalidDataException>(() => AudioFile.Read(path));

        Assert.Matches("the 'data' chunk promises [0-9]+ bytes; the file holds [0-9]+ more\\.$", e.Message);
        Assert.InRange(AudioFile.Read(path, reading).Samples.Length, 6_000, 10_000);
        Assert.Equal([path], reading.Tolerated);
    }

    [SkippableTheory]
    [InlineData("flac")]
    [InlineData("ogg")]
    [InlineData("opus")]
    [InlineData("aiff")]
    [InlineData("au")]
    [InlineData("mka")]
    [InlineData("wma")]
    [InlineData("caf")]
    [InlineData("w64")]
    public void Read_CutFileOfFfmpegs_IsRefusedOrReadAsFarAsItGoesWhereTolerated(string ending)
    {
        Decoded.Require();
        string path = Encode(ending, "-af", "aloop=loop=7:size=16000"); // of several pages
        byte[] bytes = File.ReadAllBytes(path);
        int whole = AudioFile.Read(path).Samples.Length;
        File.WriteAllBytes(path, bytes[..(bytes.Length / 10 * 7)]);
        var reading = new SoundReading { ToleratesTruncation = true };

        Assert.StartsWith($"{path}: ", Assert.Throws<InvalidDataException>(() => AudioFile.Read(path)).Message, StringComparison.Ordinal);
        Assert.InRange(AudioFile.Read(path, reading).Samples.Length, 1_000, whole - 1);
        Assert.Equal([path], reading.Tolerated);
    }

    [SkippableTheory]
    [InlineData("mp3", "-b:a 64k")]
    [InlineData("mp3", "-b:a 64k -write_xing 0")]
    [InlineData("mp3", "-q:a 4")]
    [InlineData("mp3", "-q:a 4 -write_xing 0 -id3v2_version 0")]
    [InlineData("mp3", "-ar 8000")]
    [InlineData("mp3", "-ar 44100 -ac 2 -b:a 320k")]
    [InlineData("mp3", "-b:a 32k -metadata title=x -write_id3v1 1")]
    [InlineData("mp2", "-ar 48000 -b:a 192k")]
    [InlineData("mp2", "-ar 24000 -ac 1")]
    public void Read_MpegAudioCutAnywhere_IsRefusedOrReadAsFarAsItGoesWhereTolerated(string ending, string options)
    {
        Decoded.Require();
        string path = Encode(ending, ["-af", "aloop=loop=2:size=16000", .. options.Split(' ')]);
        byte[] bytes = File.ReadAllBytes(path);
        AudioClip whole = AudioFile.Read(path);
        var random = new SeededRandom(3);

        for (int i = 0; i < 12; i++)
        {
            int length = (bytes.Length / 5) + random.NextInt32((bytes.Length * 4 / 5) - 200);
            string cut = _folder.Write($"cut{i}.{ending}", bytes[..length]);
            if (IsFrameStart(bytes, length))
            {
                continue; // between two frames nothing tells
            }

            var reading = new SoundReading { ToleratesTruncation = true };
            Assert.Matches(
                $"^{Regex.Escape(cut)}: its content promises [0-9]+ bytes; the file holds {length}\\.$",
                Assert.Throws<InvalidDataException>(() => AudioFile.Read(cut)).Message);
            Assert.InRange(AudioFile.Read(cut, reading).Samples.Length, whole.Samples.Length / 10, whole.Samples.Length);
            Assert.Equal([cut], reading.Tolerated);
        }
    }

    [SkippableTheory]
    [InlineData("APETAGEX")]
    [InlineData("TAG")]
    public void Read_Mp3WithATagBehindItsFrames_IsWhole(string tag)
    {
        Decoded.Require();
        string path = Encode("mp3");
        byte[] bytes = File.ReadAllBytes(path);
        string tagged = _folder.Write("tagged.mp3", [.. bytes, .. Encoding.ASCII.GetBytes(tag.PadRight(128))]);

        Assert.Equal(AudioFile.Read(path).Samples.ToArray(), AudioFile.Read(tagged).Samples.ToArray());
    }

    [SkippableFact]
    public void Read_ProgramStreamCut_IsRefusedOrReadAsFarAsItGoesWhereTolerated()
    {
        Decoded.Require();
        string path = Encode("mpg", "-af", "aloop=loop=2:size=16000");
        byte[] bytes = File.ReadAllBytes(path);
        int whole = AudioFile.Read(path).Samples.Length;
        string cut = _folder.Write("cut.mpg", bytes[..((bytes.Length / 2 / 2_048 * 2_048) + 777)]); // within a packet
        var reading = new SoundReading { ToleratesTruncation = true };

        var e = Assert.Throws<InvalidDataException>(() => AudioFile.Read(cut));
        Assert.Contains("its content promises", e.Message, StringComparison.Ordinal);
        Assert.InRange(AudioFile.Read(cut, reading).Samples.Length, whole / 3, whole - 1);
        Assert.Equal([cut], reading.Tolerated);
    }

    [SkippableFact]
    public void Read_CafWithoutALength_IsReadToTheEnd()
    {
        Decoded.Require();
        string path = Encode("caf", "-c:a", "pcm_s16be");
        byte[] bytes = File.ReadAllBytes(path);
        int data = bytes.AsSpan().IndexOf("data"u8);
        string open = _folder.Write("open.caf", [.. bytes[..(data + 4)], .. BitConverter.GetBytes(-1L), .. bytes[(data + 12)..]]);

        Assert.Equal(AudioFile.Read(path).Samples.ToArray(), AudioFile.Read(open).Samples.ToArray());
    }

    [SkippableFact]
    public void Read_64BitPcm_GivesWhatFfmpegGives()
    {
        Decoded.Require();
        string path = _folder["long.wav"];
        Decoded.Ffmpeg("-i", Sound(), "-c:a", "pcm_s64le", path);

        Assert.Equal(Decoded.ByFfmpeg(path, 1), AudioFile.Read(path).Samples.ToArray());
    }

    [SkippableFact]
    public void Read_Mp3WithZerosAtItsEnd_CarriesFfmpegsReason()
    {
        Decoded.Require();
        string path = Encode("mp3");
        File.WriteAllBytes(path, [.. File.ReadAllBytes(path), .. new byte[4_000]]);

        var e = Assert.Throws<InvalidDataException>(() => AudioFile.Read(path));

        Assert.StartsWith($"{path}: ffmpeg cannot read its sound: ", e.Message, StringComparison.Ordinal);
        Assert.Contains("Invalid data found when processing input", e.Message, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("pcm_s24le", 1, "plain")]
    [InlineData("pcm_s32le", 2, "plain")]
    [InlineData("pcm_f32le", 1, "plain")]
    [InlineData("pcm_f64le", 2, "plain")]
    [InlineData("pcm_alaw", 1, "plain")]
    [InlineData("pcm_mulaw", 2, "plain")]
    [InlineData("pcm_u8", 2, "plain")]
    [InlineData("pcm_s16le", 1, "odd tail")]
    [InlineData("pcm_s16le", 1, "pipe")]
    [InlineData("pcm_s16le", 1, "zero")]
    [InlineData("pcm_s16le", 1, "12 bits")]
    [InlineData("pcm_s24le", 2, "20 bits")]
    [InlineData("pcm_s16le", 1, "rf64")]
    public void Read_UncompressedKinds_GiveWhatFfmpegGives(string codec, int channels, string kind)
    {
        Decoded.Require();
        string made = _folder["made.wav"];
        Decoded.Ffmpeg(
        [
            "-i", Sound(), "-ac", $"{channels}", "-c:a", codec, "-bitexact", .. kind == "rf64" ? new[] { "-rf64", "always" } : [], made,
        ]);
        byte[] bytes = File.ReadAllBytes(made);
        int data = bytes.AsSpan().IndexOf("data"u8);
        bytes = kind switch
        {
            "odd tail" => [.. bytes[..(data + 4)], .. BitConverter.GetBytes(bytes.Length - data - 7), .. bytes[(data + 8)..], 9],
            "pipe" => [.. bytes[..4], 255, 255, 255, 255, .. bytes[8..(data + 4)], 255, 255, 255, 255, .. bytes[(data + 8)..]],
            "zero" => [.. bytes[..4], 0, 0, 0, 0, .. bytes[8..(data + 4)], 0, 0, 0, 0, .. bytes[(data + 8)..]],
            "12 bits" => [.. bytes[..34], 12, 0, .. bytes[36..]],
            "20 bits" => [.. bytes[..34], 20, 0, .. bytes[36..]],
            _ => bytes,
        };
        string path = _folder.Write("kind.wav", bytes);

        float[] expected = Decoded.ByFfmpeg(path, channels);

        Assert.True(expected.Length >= 15_999);
        Assert.Equal(expected, AudioFile.Read(path).Samples.ToArray());
    }

    // The cut falls between two frames where the next frame's header follows.
    private static bool IsFrameStart(byte[] bytes, int at) => bytes[at] == 0xFF && bytes[at + 1] >= 0xE0;

    private string Sound()
    {
        string path = _folder["sound.wav"];
        File.WriteAllBytes(path, WavBytes.Riff(WavBytes.Format(), WavBytes.Chunk("data", WavBytes.Pcm16(Decoded.Sound()))));
        return path;
    }

    private string Encode(string ending, params string[] arguments)
    {
        string path = _folder[$"sound.{ending}"];
        Decoded.Ffmpeg(["-i", Sound(), .. arguments, path]);
        return path;
    }
}

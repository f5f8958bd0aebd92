using System.Buffers.Binary;
using System.Text;
using CrossModalVae.Audio;

namespace CrossModalVae.Media.Tests.Audio;

/// <summary>NIST SPHERE files, mostly named .wav, as TIMIT has them.</summary>
public sealed class SphereTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("01", 1)]
    [InlineData("10", 1)]
    [InlineData("01", 2)]
    [InlineData("10", 3)]
    public void Read_Pcm_GivesTheSamples(string format, int channels)
    {
        short[] samples = Decoded.Sound(channels * 500);
        byte[] data = WavBytes.Pcm16(format == "01" ? samples : [.. samples.Select(BinaryPrimitives.ReverseEndianness)]);
        string path = Write("a.wav", data, ("channel_count", channels), ("sample_count", 500), ("sample_byte_format", format));
        byte[] right = WavBytes.Chunk("data", WavBytes.Pcm16(samples));
        string wav = _folder.Write("right.wav", WavBytes.Riff(WavBytes.Format(channels: channels), right));

        AudioClip clip = AudioFile.Read(path);

        Assert.Equal(WavFile.Read(wav).Samples.ToArray(), clip.Samples.ToArray());
        Assert.Equal(16_000, clip.SampleRateHz);
        Assert.Equal(500 / 16_000.0, AudioFile.DurationSeconds(path));
    }

    [SkippableTheory]
    [InlineData("ulaw")]
    [InlineData("alaw")]
    public void Read_Companded_GivesWhatFfmpegGives(string coding)
    {
        Decoded.Require();
        byte[] data = [.. Enumerable.Range(0, 512).Select(i => (byte)i)];
        string path = Write(
            "a.wav",
            data,
            ("channel_count", 1),
            ("sample_count", 512),
            ("sample_coding", coding),
            ("sample_n_bytes", 1),
            ("sample_byte_format", "1"));

        Assert.Equal(Decoded.ByFfmpeg(path, 1), AudioFile.Read(path).Samples.ToArray());
    }

    [Theory]
    [InlineData(24, "012", "210")]
    [InlineData(32, "0123", "3210")]
    [InlineData(24, "01", "10")] // as sox writes them
    [InlineData(32, "01", "10")]
    public void Read_LongerSamples_EitherWayRound(int bits, string little, string big)
    {
        int length = bits / 8;
        byte[] data = [.. Enumerable.Range(0, 40 * length).Select(i => (byte)(i * 37))];
        byte[] turned = [.. data.Chunk(length).SelectMany(sample => sample.Reverse())];
        string wav = _folder.Write("right.wav", WavBytes.Riff(WavBytes.Format(bits: bits), WavBytes.Chunk("data", data)));

        foreach ((byte[] bytes, string format) in new[] { (data, little), (turned, big) })
        {
            string path = Write("a.wav", bytes, ("sample_count", 40), ("sample_n_bytes", length), ("sample_byte_format", format));
            Assert.Equal(WavFile.Read(wav).Samples.ToArray(), AudioFile.Read(path).Samples.ToArray());
        }
    }

    [Fact]
    public void Read_NoCount_IsReadToTheEnd()
    {
        short[] samples = Decoded.Sound(100);

        Assert.Equal(100, AudioFile.Read(Write("a.sph", WavBytes.Pcm16(samples))).Samples.Length);
        Assert.Equal(100, AudioFile.Read(Write("b.wav", [.. WavBytes.Pcm16(samples), 1], ("sample_count", 0))).Samples.Length);
    }

    [Fact]
    public void Read_Cut_IsRefusedOrTolerated()
    {
        string path = Write("a.wav", WavBytes.Pcm16(Decoded.Sound(100)), ("sample_count", 500));
        var reading = new SoundReading { ToleratesTruncation = true };

        Assert.Equal(
            $"{path}: its SPHERE header promises 1000 bytes of samples; the file holds 200 after it.",
            Assert.Throws<InvalidDataException>(() => AudioFile.Read(path)).Message);
        Assert.Equal(100, AudioFile.Read(path, reading).Samples.Length);
        Assert.Equal([path], reading.Tolerated);
    }

    [Theory]
    [InlineData("sample_rate", "10", "its SPHERE header has the sample_rate '10'; expected 1000 to 768000.")]
    [InlineData("sample_rate", "x", "its SPHERE header has the sample_rate 'x'; expected 1000 to 768000.")]
    [InlineData("sample_byte_format", "11", "its SPHERE header has the sample_byte_format '11'; expected 01 or 10.")]
    [InlineData("channel_count", "0", "its SPHERE header has the channel_count '0'; expected 1 to 65535.")]
    [InlineData("sample_n_bytes", "5", "its SPHERE header has the sample_n_bytes '5'; expected 1 to 4.")]
    public void Read_FaultyField_SaysWhichInOneSentence(string field, string value, string message)
    {
        string path = Write("a.wav", new byte[40], (field, value));

        Assert.Equal($"{path}: {message}", Assert.Throws<InvalidDataException>(() => AudioFile.Read(path)).Message);
    }

    [Fact]
    public void Read_FaultyHeader_SaysSo()
    {
        string huge = _folder.Write("huge.wav", "NIST_1A\n9999999\nend_head\n");
        string cut = _folder.Write("cut.wav", "NIST_1A\n   1024\nchannel_count -i 1\n");
        string open = _folder.Write("open.wav", "NIST_1A\n   1024\n" + new string('\n', 1_100));
        string empty = Write("empty.wav", []);

        string Fault(string path) => Assert.Throws<InvalidDataException>(() => AudioFile.Read(path)).Message;
        Assert.Equal($"{huge}: byte 8: found the header length '9999999'; expected 16 to 65536, as in NIST SPHERE files.", Fault(huge));
        Assert.Equal($"{cut}: its SPHERE header has 1024 bytes; the file holds 35.", Fault(cut));
        Assert.Equal($"{open}: its SPHERE header has no line 'end_head'.", Fault(open));
        Assert.Equal($"{empty}: has no samples after its SPHERE header; expected at least one.", Fault(empty));
    }

    [SkippableFact]
    public void Read_Shortened_CarriesFfmpegsReason()
    {
        Decoded.Require();
        string path = Write("a.wav", new byte[400], ("sample_count", 200), ("sample_coding", "pcm,embedded-shorten-v2.00"));

        string message = Assert.Throws<InvalidDataException>(() => AudioFile.Read(path)).Message;

        Assert.StartsWith(path, message, StringComparison.Ordinal);
        Assert.Matches("^: ffmpeg (cannot read its sound: .+|finds no sound in it)\\.$", message[path.Length..]);
    }

    private string Write(string name, byte[] data, params (string Name, object Value)[] fields)
    {
        var all = new Dictionary<string, object> { ["sample_rate"] = 16_000, ["sample_n_bytes"] = 2, ["sample_byte_format"] = "01" };
        foreach ((string field, object value) in fields)
        {
            all[field] = value;
        }

        string text = "NIST_1A\n   1024\n" + string.Concat(all.Select(field =>
            field.Value is string s ? $"{field.Key} -s{s.Length} {s}\n" : $"{field.Key} -i {field.Value}\n")) + "end_head\n";
        return _folder.Write(name, [.. Encoding.ASCII.GetBytes(text.PadRight(1024)), .. data]);
    }
}

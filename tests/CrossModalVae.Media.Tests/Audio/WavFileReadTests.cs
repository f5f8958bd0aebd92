using System.Buffers.Binary;
using CrossModalVae.Audio;
using CrossModalVae.Numerics;
using CsCheck;

namespace CrossModalVae.Media.Tests.Audio;

public sealed class WavFileReadTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, int, bool, byte[]> Encodings => new()
    {
        { "8-bit", 8, false, [0, 64, 128, 255] },
        { "16-bit", 16, false, [0x00, 0x80, 0x00, 0xC0, 0x00, 0x00, 0xFF, 0x7F] },
        { "24-bit", 24, false, [0, 0, 0x80, 0, 0, 0xC0, 0, 0, 0, 0xFF, 0xFF, 0x7F] },
        { "32-bit", 32, false, [0, 0, 0, 0x80, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0x7F] },
        { "float", 32, true, [.. new[] { -1f, -0.5f, 0f, 1f }.SelectMany(BitConverter.GetBytes)] },
        { "double", 64, true, [.. new[] { -1d, -0.5d, 0d, 1d }.SelectMany(BitConverter.GetBytes)] },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Read_EveryEncoding_ScalesFullRangeToOne(string name, int bits, bool isFloat, byte[] data)
    {
        // The largest integer lies one step below 1.
        float largest = isFloat ? 1f : (float)(1 - Math.Pow(2, 1 - bits));
        string plain = _folder.Write(
            "plain.wav", WavBytes.Riff(WavBytes.Format(isFloat ? 3 : 1, bits: bits), WavBytes.Chunk("data", data)));
        string extensible = _folder.Write(
            "extensible.wav", WavBytes.Riff(WavBytes.Extensible(isFloat ? 3 : 1, 1, 16_000, bits, bits), WavBytes.Chunk("data", data)));

        AudioClip clip = WavFile.Read(plain);

        Assert.Equal([-1f, -0.5f, 0f, largest], clip.Samples.ToArray());
        Assert.Equal(16_000, clip.SampleRateHz);
        Assert.Equal(clip.Samples.ToArray(), WavFile.Read(extensible).Samples.ToArray());
        Assert.Equal(new WavInfo(16_000, 1, bits, isFloat ? WavEncoding.IeeeFloat : WavEncoding.Pcm, 4), WavFile.ReadInfo(extensible));
        Assert.NotEmpty(name);
    }

    [Fact]
    public void ReadInfo_AnyHeader_StatesIt()
    {
        (int Tag, int Bits, WavEncoding Encoding)[] kinds =
        [
            (1, 8, WavEncoding.Pcm), (1, 16, WavEncoding.Pcm), (1, 24, WavEncoding.Pcm), (1, 32, WavEncoding.Pcm),
            (3, 32, WavEncoding.IeeeFloat), (3, 64, WavEncoding.IeeeFloat), (6, 8, WavEncoding.ALaw), (7, 8, WavEncoding.MuLaw),
        ];
        Gen<int> rates = Gen.Int[AudioClip.MinSampleRateHz, AudioClip.MaxSampleRateHz];
        Property.Holds(
            Gen.Select(Gen.Int[0, kinds.Length - 1].Select(i => kinds[i]), Gen.Int[1, 8], rates, Gen.Int[1, 50], Gen.Bool),
            header =>
            {
                ((int tag, int bits, WavEncoding encoding), int channels, int rate, int samples, bool extensible) = header;
                byte[] format = extensible
                    ? WavBytes.Extensible(tag, channels, (uint)rate, bits, bits)
                    : WavBytes.Format(tag, channels, (uint)rate, bits);
                byte[] data = WavBytes.Chunk("data", new byte[samples * channels * bits / 8]);
                string path = _folder.Write("any.wav", WavBytes.Riff(WavBytes.Chunk("junk", new byte[samples]), format, data));

                WavInfo info = WavFile.ReadInfo(path);

                Assert.Equal(new WavInfo(rate, channels, bits, encoding, samples), info);
                Assert.Equal((double)samples / rate, info.DurationSeconds);
            });
    }

    [Fact]
    public void Read_LongInt16Mono_AgreesWithOneSampleAtATime()
    {
        var random = new SeededRandom(1);
        short[] samples = [.. Enumerable.Range(0, 70_001).Select(_ => (short)random.NextInt32(65_536))];
        string path = _folder.Write("long.wav", WavBytes.Riff(WavBytes.Format(), WavBytes.Chunk("data", WavBytes.Pcm16(samples))));

        AudioClip clip = WavFile.Read(path);

        Assert.Equal(samples.Select(s => s / 32_768f), clip.Samples.ToArray());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(6)]
    public void Read_SeveralChannels_GivesTheirMean(int channels)
    {
        short[] samples = [.. Enumerable.Range(0, 5 * channels).Select(i => (short)(1_000 * (i % channels)))];
        string path = _folder.Write(
            "wide.wav", WavBytes.Riff(WavBytes.Format(channels: channels), WavBytes.Chunk("data", WavBytes.Pcm16(samples))));

        AudioClip clip = WavFile.Read(path);

        float mean = (float)(1_000 * (channels - 1) / 2.0 / 32_768);
        Assert.Equal([mean, mean, mean, mean, mean], clip.Samples.ToArray());
    }

    [Fact]
    public void Read_ChunksInAnyOrderAndOfOddLength_FindsFormatAndData()
    {
        byte[] data = WavBytes.Chunk("data", [10, 20, 30]);
        byte[] bytes = WavBytes.Riff(
            WavBytes.Chunk("LIST", [1, 2, 3, 4, 5]),
            data,
            WavBytes.Chunk("junk", []),
            WavBytes.Format(bits: 8),
            WavBytes.Chunk("id3 ", [0, 0]));
        string path = _folder.Write("order.wav", bytes);

        AudioClip clip = WavFile.Read(path);

        Assert.Equal([-118 / 128f, -108 / 128f, -98 / 128f], clip.Samples.ToArray());
    }

    [Fact]
    public void Read_Part_TakesTheSamplesAskedFor()
    {
        string path = _folder.Write("part.wav", WavBytes.Riff(WavBytes.Format(rate: 1_000), WavBytes.Chunk("data", Ramp(100))));

        Assert.Equal(Levels(20, 30), WavFile.Read(path, 0.02, 0.03).Samples.ToArray());
        Assert.Equal(Levels(90, 10), WavFile.Read(path, 0.09).Samples.ToArray());
        Assert.Equal(Levels(95, 5), WavFile.Read(path, 0.095, 7).Samples.ToArray());
        Assert.Equal(Levels(0, 1), WavFile.Read(path, 0, 1e-9).Samples.ToArray());
    }

    [Fact]
    public void Read_PartOfAHugeFile_TouchesOnlyThePart()
    {
        // A sparse file of 200 MB: reading all of it, or reserving memory for it, would not go unnoticed.
        const uint Length = 200_000_000;
        string path = _folder["huge.wav"];
        using (FileStream file = File.Create(path))
        {
            file.Write(WavBytes.Riff(WavBytes.Format(), WavBytes.Chunk("data", [], Length)));
            file.SetLength(44 + (long)Length);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        AudioClip clip = WavFile.Read(path, 6_000, 1);

        Assert.Equal(16_000, clip.Samples.Length);
        Assert.Equal(Length / 2, WavFile.ReadInfo(path).SampleCount);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Theory]
    [InlineData("RF64")]
    [InlineData("BW64")]
    public void Read_PartOfAFileBeyondFourGigabytes_ReadsOnlyThePart(string magic)
    {
        // Sparse: the zeros before the part do not exist on the disk.
        const long Length = 5_000_000_000;
        const int Rate = 16_000;
        const long FirstSample = 2_400_000_000;
        byte[] start = WavBytes.Long(magic, Length, WavBytes.Format(), WavBytes.Chunk("data", [], uint.MaxValue));
        string path = _folder["long.wav"];
        using (FileStream file = File.Create(path))
        {
            file.Write(start);
            file.SetLength(start.Length + Length);
            file.Position = start.Length + (2 * FirstSample);
            file.Write(Ramp(1_000));
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        var scratch = new byte[WavReader.MinScratchLength];
        using var reader = new WavReader(path, scratch, (double)FirstSample / Rate, 1_000.0 / Rate);
        var samples = new float[reader.SampleCount];
        reader.Read(0, samples);

        Assert.Equal(Levels(0, 1_000), samples);
        Assert.Equal(Length / 2, reader.Info.SampleCount);
        Assert.Equal(2 * 1_000, reader.BytesRead);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 18);
    }

    [Theory]
    [InlineData(7, new byte[] { 0x00, 0x80, 0xFF, 0x7F, 0xEF }, new[] { -32_124, 32_124, 0, 0, 132 })]
    [InlineData(6, new byte[] { 0x55, 0xD5, 0x2A, 0xAA, 0x80 }, new[] { -8, 8, -32_256, 32_256, 5_504 })]
    public void Read_CompandedSamples_ExpandsThemAsG711Says(int tag, byte[] codes, int[] expected)
    {
        string path = _folder.Write(
            "telephone.wav", WavBytes.Riff(WavBytes.Format(tag, rate: 8_000, bits: 8), WavBytes.Chunk("data", codes)));

        Assert.Equal(expected.Select(x => x / 32_768f), WavFile.Read(path).Samples.ToArray());
        Assert.Equal(tag == 6 ? WavEncoding.ALaw : WavEncoding.MuLaw, WavFile.ReadInfo(path).Encoding);
    }

    [SkippableTheory]
    [InlineData(6, "alaw2lin")]
    [InlineData(7, "ulaw2lin")]
    public void Read_EveryCompandedCode_AgreesWithPythonsAudioop(int tag, string function)
    {
        Tool.Require(Python.Has("audioop"), "Python with audioop");
        byte[] codes = [.. Enumerable.Range(0, 256).Select(code => (byte)code)];
        string path = _folder.Write("all.wav", WavBytes.Riff(WavBytes.Format(tag, rate: 8_000, bits: 8), WavBytes.Chunk("data", codes)));
        string oracle = Python.Run($"import audioop, struct; print(*struct.unpack('<256h', audioop.{function}(bytes(range(256)), 2)))");

        Assert.Equal(
            oracle.Split(' ').Select(x => int.Parse(x, System.Globalization.CultureInfo.InvariantCulture) / 32_768f),
            WavFile.Read(path).Samples.ToArray());
    }

    [Fact]
    public void Read_SlightlyTooLoudFloats_KeepsThem()
    {
        string path = _folder.Write(
            "loud.wav", WavBytes.Riff(WavBytes.Format(3, bits: 32), WavBytes.Chunk("data", BitConverter.GetBytes(1.25f))));

        Assert.Equal([1.25f], WavFile.Read(path).Samples.ToArray());
    }

    [Theory]
    [InlineData(-1, 1, "'startSeconds' is -1; must be >= 0. (Parameter 'startSeconds')")]
    [InlineData(double.NaN, 1, "'startSeconds' is NaN; must be >= 0. (Parameter 'startSeconds')")]
    [InlineData(0, 0, "'durationSeconds' is 0; must be > 0. (Parameter 'durationSeconds')")]
    [InlineData(0, double.PositiveInfinity, "'durationSeconds' is Infinity; must be > 0. (Parameter 'durationSeconds')")]
    public void Read_PartOutOfRange_NamesTheValue(double start, double duration, string message)
    {
        string path = _folder.Write("a.wav", WavBytes.Riff(WavBytes.Format(), WavBytes.Chunk("data", Ramp(10))));

        var e = Assert.Throws<ArgumentOutOfRangeException>(() => WavFile.Read(path, start, duration));

        Assert.Equal(message, e.Message);
    }

    private static byte[] Ramp(int count)
    {
        var bytes = new byte[2 * count];
        for (int i = 0; i < count; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(2 * i), (short)i);
        }

        return bytes;
    }

    private static float[] Levels(int first, int count) => [.. Enumerable.Range(first, count).Select(i => i / 32_768f)];
}

using System.Buffers.Binary;
using CrossModalVae.Audio;

namespace CrossModalVae.Media.Tests.Audio;

/// <summary>Wav files as recorders, pipes and old programs leave them.</summary>
public sealed class WavKindsTests : IDisposable
{
    private static readonly byte[] Tail = WavBytes.Chunk("LIST", [.. "INFOISFT"u8, 4, 0, 0, 0, .. "test"u8]);

    private readonly TemporaryFolder _folder = new();

    /// <summary>Sizes that writers into a pipe leave: ffmpeg, sox, arecord, LAME, and some of them less a header.</summary>
    public static TheoryData<uint> UnknownSizes =>
        [0xFFFFFFFF, 0xFFFFFFFF - 36, 0xFFFFFFFF - 44, 0x7FFFF000, 0x7FFFFFFF, 0x80000000, 0x7FFFFFFF - 36, 0x7FFFFF00, 0x7FFFF024,
            0x80000024];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(UnknownSizes))]
    public void Read_UnknownSizeOfAPipe_IsReadToTheEnd(uint size)
    {
        short[] samples = Decoded.Sound(1_001);
        byte[] data = WavBytes.Chunk("data", WavBytes.Pcm16(samples), size);
        string path = _folder.Write(
            "pipe.wav", [.. "RIFF"u8, .. BitConverter.GetBytes(size), .. "WAVE"u8, .. WavBytes.Format(), .. data]);

        Assert.Equal(Levels(samples), WavFile.Read(path).Samples.ToArray());
        Assert.Equal(SoundNotes.None, Notes(path));
    }

    [Fact]
    public void Read_SizeOfZero_IsReadToTheEndAndNoted()
    {
        short[] samples = Decoded.Sound(1_001);
        byte[] bytes = [.. "RIFF"u8, 0, 0, 0, 0, .. "WAVE"u8, .. WavBytes.Format(), .. WavBytes.Chunk("data", WavBytes.Pcm16(samples), 0)];
        string path = _folder.Write("pipe.wav", bytes);

        Assert.Equal(Levels(samples), WavFile.Read(path).Samples.ToArray());
        Assert.Equal(SoundNotes.StatedEmpty, Notes(path));
    }

    [Fact]
    public void Read_SizeOfZeroBeforeOtherChunks_IsEmpty()
    {
        string path = _folder.Write("empty.wav", WavBytes.Riff(WavBytes.Format(), WavBytes.Chunk("data", []), Tail));

        Assert.Equal(
            $"{path}: byte 40: the 'data' chunk is empty; expected at least one sample.",
            Assert.Throws<InvalidDataException>(() => WavFile.Read(path)).Message);
    }

    [Theory]
    [InlineData("RF64", 0UL)]
    [InlineData("BW64", 0UL)]
    [InlineData("RF64", ulong.MaxValue)]
    public void Read_LongFileOfAPipe_IsReadToTheEnd(string magic, ulong size)
    {
        short[] samples = Decoded.Sound(501);
        byte[] data = WavBytes.Chunk("data", WavBytes.Pcm16(samples), uint.MaxValue);

        string path = _folder.Write("long.wav", WavBytes.Long(magic, size, WavBytes.Format(), data));

        Assert.Equal(Levels(samples), WavFile.Read(path).Samples.ToArray());
    }

    [Theory]
    [InlineData(1, 16, 1, false)]
    [InlineData(1, 24, 1, false)]
    [InlineData(1, 32, 2, false)]
    [InlineData(3, 32, 1, false)]
    [InlineData(3, 64, 2, false)]
    [InlineData(1, 8, 1, false)]
    [InlineData(1, 16, 3, true)]
    [InlineData(3, 32, 1, true)]
    [InlineData(7, 8, 2, false)]
    public void Read_MostSignificantByteFirst_GivesTheSameSamples(int tag, int bits, int channels, bool extensible)
    {
        byte[] data = Encode(tag, bits, Decoded.Sound(channels * 500));
        byte[] format = extensible ? WavBytes.Extensible(tag, channels, 16_000, bits, bits) : WavBytes.Format(tag, channels, bits: bits);
        string little = _folder.Write("little.wav", WavBytes.Riff(format, WavBytes.Chunk("data", data)));
        string big = _folder.Write("big.wav", WavBytes.Swapped(tag, channels, bits, data, extensible));

        Assert.Equal(WavFile.ReadInfo(little), WavFile.ReadInfo(big));
        Assert.Equal(WavFile.Read(little).Samples.ToArray(), WavFile.Read(big).Samples.ToArray());
        Assert.Equal(WavFile.Read(little, 0.01, 0.01).Samples.ToArray(), WavFile.Read(big, 0.01, 0.01).Samples.ToArray());
    }

    [Fact]
    public void Read_BigEndianFileOfSox_GivesTheSamples()
    {
        // sox 14.4.2: of the sub-format only the tag is turned, not the GUID's other numbers
        byte[] data = Encode(1, 24, Decoded.Sound(100));
        byte[] big = WavBytes.Swapped(1, 1, 24, data, extensible: true);
        int guid = big.AsSpan().IndexOf("fmt "u8) + 8 + 24;
        byte[] sox = [.. big[..guid], 0, 1, 0, 0, 0, 0, 0x10, 0, .. big[(guid + 8)..]];

        Assert.Equal(
            WavFile.Read(_folder.Write("big.wav", big)).Samples.ToArray(), WavFile.Read(_folder.Write("sox.wav", sox)).Samples.ToArray());
    }

    [Fact]
    public void Read_FormatWithoutBits_TakesThemFromTheBlock()
    {
        byte[] data = WavBytes.Chunk("data", Encode(1, 16, Decoded.Sound(100))), format = WavBytes.Format()[8..22];
        string path = _folder.Write("short.wav", WavBytes.Riff(WavBytes.Chunk("fmt ", format), data));

        Assert.Equal(Levels(Decoded.Sound(100)), WavFile.Read(path).Samples.ToArray());
        Assert.Equal(SoundNotes.InferredBlock, Notes(path));
    }

    [Fact]
    public async Task Read_PipeThatNobodyWrites_IsRefusedAtOnce()
    {
        foreach (string name in new[] { "a.wav", "a.mp3" })
        {
            string pipe = _folder[name];
            NamedPipe.Make(pipe);

            var e = await Assert.ThrowsAsync<InvalidDataException>(
                () => Task.Run(() => AudioFile.Read(pipe)).WaitAsync(NamedPipe.Patience));

            Assert.Equal($"{pipe}: is empty or no regular file; expected a sound file.", e.Message);
        }
    }

    [Theory]
    [InlineData(12, 16, false)]
    [InlineData(12, 16, true)]
    [InlineData(14, 16, false)]
    [InlineData(20, 24, false)]
    [InlineData(20, 24, true)]
    [InlineData(20, 32, false)]
    [InlineData(24, 32, false)]
    [InlineData(24, 32, true)]
    public void Read_FewerBitsThanBytes_AreTheUpperOnes(int bits, int stored, bool extensible)
    {
        short[] samples = [.. Decoded.Sound(500).Select(x => (short)(x & 0xFFF0))];
        byte[] data = Encode(1, stored, samples);
        byte[] format = extensible
            ? WavBytes.Extensible(1, 1, 16_000, stored, bits)
            : WavBytes.Format(bits: bits, block: stored / 8);
        string path = _folder.Write("few.wav", WavBytes.Riff(format, WavBytes.Chunk("data", data)));

        Assert.Equal(Levels(samples), WavFile.Read(path).Samples.ToArray());
        Assert.Equal(SoundNotes.None, Notes(path));
    }

    [Theory]
    [InlineData(1, 16, 1, 1)] // less than a sample
    [InlineData(2, 16, 2, null)] // of one channel
    [InlineData(1, 16, 0, null)]
    [InlineData(1, 16, 4, null)]
    [InlineData(2, 24, 3, null)]
    [InlineData(1, 32, 1, null)]
    [InlineData(2, 0, 4, 4)] // no bits
    public void Read_BlockSizeThatTheRestContradicts_IsInferredAndNoted(int channels, int bits, int block, int? bytesPerSample)
    {
        short[] samples = Decoded.Sound(channels * 500);
        int stored = bits == 0 ? 16 : bits;
        byte[] format = WavBytes.Format(1, channels, 16_000, stored);
        BinaryPrimitives.WriteInt32LittleEndian(format.AsSpan(16), 16_000 * (bytesPerSample ?? channels * stored / 8));
        BinaryPrimitives.WriteInt16LittleEndian(format.AsSpan(20), (short)block);
        BinaryPrimitives.WriteInt16LittleEndian(format.AsSpan(22), (short)bits);
        byte[] data = WavBytes.Chunk("data", Encode(1, stored, samples));
        string right = _folder.Write("right.wav", WavBytes.Riff(WavBytes.Format(1, channels, 16_000, stored), data));
        string wrong = _folder.Write("wrong.wav", WavBytes.Riff(format, data));

        Assert.Equal(WavFile.Read(right).Samples.ToArray(), WavFile.Read(wrong).Samples.ToArray());
        Assert.Equal(SoundNotes.InferredBlock, Notes(wrong));
    }

    [Theory]
    [InlineData(1, 16, 1)]
    [InlineData(2, 16, 3)]
    [InlineData(2, 24, 5)]
    public void Read_TailThatIsNoWholeSample_IsLeftOutAndNoted(int channels, int bits, int tail)
    {
        byte[] data = Encode(1, bits, Decoded.Sound(channels * 500));
        byte[] format = WavBytes.Format(1, channels, bits: bits);
        string whole = _folder.Write("whole.wav", WavBytes.Riff(format, WavBytes.Chunk("data", data)));
        string odd = _folder.Write("odd.wav", WavBytes.Riff(format, WavBytes.Chunk("data", [.. data, .. new byte[tail]])));

        Assert.Equal(WavFile.Read(whole).Samples.ToArray(), WavFile.Read(odd).Samples.ToArray());
        Assert.Equal(SoundNotes.OddTail, Notes(odd));
    }

    [Fact]
    public void Read_SeveralDataChunks_AreOneSoundAndNoted()
    {
        short[] samples = Decoded.Sound(1_000);
        byte[] bytes = WavBytes.Riff(
            WavBytes.Format(),
            WavBytes.Chunk("data", WavBytes.Pcm16(samples[..300])),
            Tail,
            WavBytes.Chunk("data", WavBytes.Pcm16(samples[300..301])),
            WavBytes.Chunk("data", []),
            WavBytes.Chunk("data", WavBytes.Pcm16(samples[301..])));
        string path = _folder.Write("pieces.wav", bytes);

        Assert.Equal(Levels(samples), WavFile.Read(path).Samples.ToArray());
        Assert.Equal(Levels(samples[160..480]), WavFile.Read(path, 0.01, 0.02).Samples.ToArray());
        Assert.Equal(1_000, WavFile.ReadInfo(path).SampleCount);
        Assert.Equal(SoundNotes.SeveralData, Notes(path));
    }

    [Fact]
    public void Read_EmptyDataChunkBeforeAFullOne_GivesTheFullOne()
    {
        short[] samples = Decoded.Sound(100);
        byte[] full = WavBytes.Chunk("data", WavBytes.Pcm16(samples));
        string path = _folder.Write("late.wav", WavBytes.Riff(WavBytes.Format(), WavBytes.Chunk("data", []), Tail, full, Tail));

        Assert.Equal(Levels(samples), WavFile.Read(path).Samples.ToArray());
        Assert.Equal(SoundNotes.None, Notes(path));
    }

    [Fact]
    public void Read_SecondDataChunkCut_IsRefused()
    {
        byte[] bytes = WavBytes.Riff(
            WavBytes.Format(), WavBytes.Chunk("data", [1, 0, 2, 0]), WavBytes.Chunk("data", [3, 0, 4, 0], 1_000));
        string path = _folder.Write("cut.wav", bytes);

        Assert.Equal(
            $"{path}: byte 48: the 'data' chunk promises 1000 bytes; the file holds 4 more.",
            Assert.Throws<InvalidDataException>(() => WavFile.Read(path)).Message);
    }

    [Fact]
    public void Read_OddChunkWithoutPadding_FindsTheNext()
    {
        short[] samples = Decoded.Sound(100);
        byte[] odd = [.. "LIST"u8, 5, 0, 0, 0, 1, 2, 3, 4, 5];

        byte[] data = WavBytes.Chunk("data", WavBytes.Pcm16(samples));
        string path = _folder.Write("unpadded.wav", WavBytes.Riff(odd, WavBytes.Format(), data, [0x7F, 1, 2, 3, 4, 5, 6, 7, 8]));

        Assert.Equal(Levels(samples), WavFile.Read(path).Samples.ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Read_CutFile_IsReadToItsEndWhereTolerated(int channels)
    {
        short[] samples = Decoded.Sound(channels * 500);
        byte[] whole = WavBytes.Riff(WavBytes.Format(channels: channels), WavBytes.Chunk("data", WavBytes.Pcm16(samples)));
        string path = _folder.Write("cut.wav", whole[..(44 + (300 * 2 * channels) + 1)]);
        byte[] first = WavBytes.Chunk("data", WavBytes.Pcm16(samples[..(300 * channels)]));
        string part = _folder.Write("part.wav", WavBytes.Riff(WavBytes.Format(channels: channels), first));
        var reading = new SoundReading { ToleratesTruncation = true };

        AudioClip clip = AudioFile.Read(path, reading);

        Assert.Equal(WavFile.Read(part).Samples.ToArray(), clip.Samples.ToArray());
        Assert.Equal([path], reading.Tolerated);
        AudioFile.Read(part, reading);
        Assert.Equal([path], reading.Tolerated);
        Assert.Throws<InvalidDataException>(() => AudioFile.Read(path));
        Assert.Throws<InvalidDataException>(() => AudioFile.Read(path, new SoundReading()));
    }

    private static SoundNotes Notes(string path)
    {
        AudioFile.Read(path, new SoundReading(), 0, null, CancellationToken.None, out SoundNotes notes);
        return notes;
    }

    private static float[] Levels(short[] samples) => [.. samples.Select(x => x / 32_768f)];

    // 16-bit samples in another encoding, exactly but for mu-law.
    private static byte[] Encode(int tag, int bits, short[] samples) =>
    [
        .. samples.SelectMany(x => (tag, bits) switch
        {
            (1, 8) => [(byte)((x >> 8) + 128)],
            (1, 16) => BitConverter.GetBytes(x),
            (1, 24) => BitConverter.GetBytes(x << 8)[..3],
            (1, 32) => BitConverter.GetBytes(x << 16),
            (3, 32) => BitConverter.GetBytes(x / 32_768f),
            (3, 64) => BitConverter.GetBytes(x / 32_768.0),
            _ => [(byte)x],
        }),
    ];
}

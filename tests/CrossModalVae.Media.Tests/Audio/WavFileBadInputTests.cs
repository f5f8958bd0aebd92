using CrossModalVae.Audio;
using CsCheck;

namespace CrossModalVae.Media.Tests.Audio;

public sealed class WavFileBadInputTests : IDisposable
{
    // Far below what the headers of these files promise, far above what an exception and its message take.
    private const long AllocationLimit = 1 << 20;

    private static readonly byte[] Data = WavBytes.Chunk("data", [1, 0, 2, 0]);

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<byte[], string> Faults => new()
    {
        { [], "is empty or no regular file; expected a sound file." },
        { [.. "RIFF"u8, 1, 0], "ends at byte 6; expected the 12-byte header of a RIFF/WAVE file." },
        { [.. "RI"u8], "ends at byte 2; expected the 12-byte header of a RIFF/WAVE file." },
        { [.. "OggS"u8, .. new byte[40]], "byte 0: found 'OggS'; expected 'RIFF'." },
        { [0xFF, 0xFB, 0x90, 0x64, .. new byte[40]], "byte 0: found 0xFFFB9064; expected 'RIFF'." },
        { [.. "RIFF"u8, 4, 0, 0, 0, .. "AVI "u8], "byte 8: found 'AVI '; expected 'WAVE'." },
        { WavBytes.Riff(), "ends at byte 12 without a 'fmt ' chunk." },
        { WavBytes.Riff(Data), "ends at byte 24 without a 'fmt ' chunk." },
        { WavBytes.Riff(WavBytes.Format()), "ends at byte 36 without a 'data' chunk." },
        { [.. WavBytes.Riff(WavBytes.Format()), .. "dat"u8], "ends at byte 39 without a 'data' chunk." },
        { WavBytes.Riff(WavBytes.Chunk("fmt ", new byte[13]), Data), "byte 16: the 'fmt ' chunk holds 13 bytes; expected at least 14." },
        { WavBytes.Riff(WavBytes.Format(tag: 0xFFFE), Data), "byte 16: the 'fmt ' chunk holds 16 bytes; expected at least 40." },
        {
            WavBytes.Riff(WavBytes.Format(tag: 0x55), Data),
            "byte 20: found format tag 0x0055; expected PCM (0x0001), IEEE float (0x0003), A-law (0x0006) or mu-law (0x0007)."
        },
        {
            WavBytes.Riff(WavBytes.Extensible(1, 1, 16_000, 16, 16, lastGuidByte: 0), Data),
            "byte 20: found format tag 0xFFFE; expected PCM (0x0001), IEEE float (0x0003), A-law (0x0006) or mu-law (0x0007)."
        },
        { WavBytes.Riff(WavBytes.Format(channels: 0), Data), "byte 22: found 0 channels; expected at least 1." },
        { WavBytes.Riff(WavBytes.Format(rate: 0), Data), "byte 24: found a rate of 0 Hz; expected 1000 to 768000 Hz." },
        {
            WavBytes.Riff(WavBytes.Format(rate: 4_000_000_000), Data),
            "byte 24: found a rate of 4000000000 Hz; expected 1000 to 768000 Hz."
        },
        { WavBytes.Riff(WavBytes.Format(block: 4), Data), "byte 32: found a block of 4 bytes; expected 2 (1 x 16 bits)." },
        { WavBytes.Riff(WavBytes.Format(bits: 4, block: 1), Data), "byte 34: found 4 bits a sample; expected 8 to 32 for PCM." },
        { WavBytes.Riff(WavBytes.Format(bits: 64), Data), "byte 20: found PCM of 64 bits a sample; expected 8 to 32." },
        { WavBytes.Riff(WavBytes.Format(tag: 3), Data), "byte 34: found 16 bits a sample; expected 32 or 64 for floats." },
        {
            WavBytes.Riff(WavBytes.Format(), WavBytes.Chunk("data", [])),
            "byte 40: the 'data' chunk is empty; expected at least one sample."
        },
        {
            WavBytes.Riff(WavBytes.Format(channels: 2), WavBytes.Chunk("data", [1, 2, 3])),
            "byte 40: the 'data' chunk holds 3 bytes; expected at least 4, one sample of every channel."
        },
        {
            WavBytes.Riff(WavBytes.Format(), WavBytes.Chunk("data", new byte[960], 9_600)),
            "byte 36: the 'data' chunk promises 9600 bytes; the file holds 960 more."
        },
        {
            WavBytes.Riff(WavBytes.Chunk("LIST", [0, 0], 0xFFFFFFF0), WavBytes.Format(), Data),
            "byte 12: the 'LIST' chunk promises 4294967280 bytes; the file holds 38 more."
        },
        {
            WavBytes.Long("RF64", ulong.MaxValue - 1, WavBytes.Format(), WavBytes.Chunk("data", new byte[960], uint.MaxValue)),
            "byte 72: the 'data' chunk promises 9223372036854775807 bytes; the file holds 960 more."
        },
        {
            [.. "RF64"u8, .. new byte[4], .. "WAVE"u8, .. WavBytes.Chunk("ds64", new byte[8])],
            "byte 16: the 'ds64' chunk holds 8 bytes; expected at least 16."
        },
        { WavBytes.Riff(WavBytes.Format(tag: 7), Data), "byte 34: found 16 bits a sample; expected 8 for A-law and mu-law." },
        { WavBytes.Riff(new byte[8 * 10_001]), "byte 80012: found more than 10000 chunks; expected 'fmt ' and 'data' among them." },
        {
            WavBytes.Riff(WavBytes.Format(3, bits: 32), WavBytes.Chunk("data", [0, 0, 0, 0, .. BitConverter.GetBytes(float.NaN)])),
            "byte 48: found a sample of NaN; expected numbers within ±16 (full scale is 1)."
        },
        {
            WavBytes.Riff(WavBytes.Format(3, bits: 64), WavBytes.Chunk("data", BitConverter.GetBytes(double.NegativeInfinity))),
            "byte 44: found a sample of -Infinity; expected numbers within ±16 (full scale is 1)."
        },
        {
            WavBytes.Riff(WavBytes.Format(3, bits: 32), WavBytes.Chunk("data", BitConverter.GetBytes(-2_047f))),
            "byte 44: found a sample of -2047; expected numbers within ±16 (full scale is 1)."
        },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Faults))]
    public void Read_FaultyFile_SaysWhatIsWrongInOneSentence(byte[] bytes, string message)
    {
        string path = _folder.Write("bad.wav", bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();

        var e = Assert.Throws<InvalidDataException>(() => WavFile.Read(path));

        Assert.Equal($"{path}: {message}", e.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, AllocationLimit);
    }

    [Fact]
    public void Read_EveryTruncationOfAGoodFile_IsRefused()
    {
        byte[] good = WavBytes.Riff(
            WavBytes.Format(), WavBytes.Chunk("LIST", new byte[5]), WavBytes.Chunk("data", WavBytes.Pcm16(1, 2, 3, 4, 5)));
        string path = _folder["cut.wav"];

        for (int length = 0; length < good.Length; length++)
        {
            File.WriteAllBytes(path, good[..length]);
            var e = Assert.Throws<InvalidDataException>(() => WavFile.Read(path));
            Assert.StartsWith(path, e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Read_TwoBytesChanged_IsReadOrRefused()
    {
        byte[] good = WavBytes.Riff(WavBytes.Format(), WavBytes.Chunk("data", WavBytes.Pcm16(1, 2, 3, 4, 5)));
        string path = _folder["fuzz.wav"];
        int refused = 0;

        Property.Holds(
            Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte, Gen.Int[12, 43], Gen.Byte),
            changed =>
            {
                byte[] bytes = [.. good];
                bytes[changed.Item1] = changed.Item2;
                bytes[changed.Item3] = changed.Item4;
                File.WriteAllBytes(path, bytes);
                try
                {
                    Assert.InRange(WavFile.Read(path).Samples.Length, 1, 10);
                }
                catch (InvalidDataException e)
                {
                    Assert.StartsWith(path, e.Message, StringComparison.Ordinal);
                    refused++;
                }
            },
            count: 500);

        Assert.InRange(refused, 100, 499);
    }

    [Fact]
    public void Read_MissingFileOrFolder_NamesIt()
    {
        string path = _folder["none.wav"];

        var e = Assert.Throws<FileNotFoundException>(() => WavFile.Read(path));
        var folder = Assert.Throws<InvalidDataException>(() => WavFile.Read(_folder.Root));

        Assert.Equal($"{path}: no such file.", e.Message);
        Assert.Equal($"{_folder.Root}: is a folder; expected a sound file.", folder.Message);
    }

    [Fact]
    public void Read_StartBeyondTheEnd_StatesBoth()
    {
        string path = _folder.Write("short.wav", WavBytes.Riff(WavBytes.Format(), Data));

        var e = Assert.Throws<InvalidDataException>(() => WavFile.Read(path, 2.5));

        Assert.Equal($"{path}: ends at 0 s (2 samples at 16000 Hz); the clip is said to start at 2.5 s.", e.Message);
    }
}

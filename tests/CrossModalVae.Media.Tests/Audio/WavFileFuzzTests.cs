using System.Buffers.Binary;
using CrossModalVae.Audio;
using CrossModalVae.Numerics;

namespace CrossModalVae.Media.Tests.Audio;

/// <summary>
/// Mutated files: each is read, or refused with a one-sentence message, with memory bounded by the file's size.
/// </summary>
public sealed class WavFileFuzzTests : IDisposable
{
    private const int Rounds = 120_000;
    private const int Seed = 20_261_122;

    // A sample is at least a byte and becomes a float; the front end's features; an exception with its message and stack trace.
    private const int BytesPerByte = 8;
    private const int BytesBeside = 40_000;

    // A resampler for a new rate: at most 2 MiB and its window, for any file size.
    private const int BytesOfAFilter = 6 << 20;

    private static readonly uint[] BoundarySizes =
    [
        0, 1, 2, 3, 7, 16, 40, 0x7FFF, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFF0, 0xFFFFFFFE, 0xFFFFFFFF,
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly VoiceFrontEnd _frontEnd = new(new VoiceOptions { DurationSeconds = 0.04 });

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Category", "Slow")]
    public void Read_MutatedFiles_AreReadOrRefusedInOneSentence()
    {
        byte[][] seeds = Seeds();
        var random = new SeededRandom(Seed);
        string path = _folder["mutated.wav"];
        var features = new float[_frontEnd.FeatureCount];
        foreach (byte[] seed in seeds)
        {
            File.WriteAllBytes(path, seed);
            Assert.True(WavFile.Read(path).Samples.Length > 0);
            _frontEnd.Extract(path, 0, null, features);
        }

        int read = 0, refused = 0;
        for (int round = 0; round < Rounds; round++)
        {
            byte[] bytes = Mutate([.. seeds[random.NextInt32(seeds.Length)]], random);
            File.WriteAllBytes(path, bytes);
            double start = random.NextInt32(4) == 0 ? 0.005 : 0;
            double? duration = random.NextInt32(4) == 0 ? 0.01 : null;
            long before = GC.GetAllocatedBytesForCurrentThread();

            bool isRead = TryRead(path, start, duration, features, round);

            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            long allowed = ((long)BytesPerByte * bytes.Length) + BytesBeside + (UsesFrontEnd(round) ? BytesOfAFilter : 0);
            Assert.True(allocated <= allowed, $"Round {round}: {bytes.Length} bytes of file took {allocated} bytes of memory.");
            (read, refused) = isRead ? (read + 1, refused) : (read, refused + 1);
        }

        // Both outcomes occur often, or the test would prove little.
        Assert.InRange(read, Rounds / 20, Rounds);
        Assert.InRange(refused, Rounds / 3, Rounds);
    }

    private static bool UsesFrontEnd(int round) => round % 8 == 1;

    private bool TryRead(string path, double start, double? duration, float[] features, int round)
    {
        try
        {
            if (!UsesFrontEnd(round))
            {
                AudioClip clip = WavFile.Read(path, start, duration);
                Assert.InRange(clip.Samples.Length, 1, new FileInfo(path).Length);
            }
            else
            {
                _frontEnd.Extract(path, start, duration, features);
                Assert.DoesNotContain(features, x => !float.IsFinite(x));
            }

            return true;
        }
        catch (InvalidDataException e)
        {
            Assert.StartsWith($"{path}: ", e.Message, StringComparison.Ordinal);
            Assert.EndsWith(".", e.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', e.Message);
            return false;
        }
    }

    private static byte[] Mutate(byte[] bytes, SeededRandom random)
    {
        for (int times = 1 + random.NextInt32(3); times > 0 && bytes.Length > 8; times--)
        {
            int at = random.NextInt32(bytes.Length - 4);
            int header = random.NextInt32(Math.Min(bytes.Length - 4, 80));
            switch (random.NextInt32(8))
            {
                case 0: // any byte
                    bytes[at] = (byte)random.NextInt32(256);
                    break;
                case 1: // a byte of the header
                    bytes[header] = (byte)random.NextInt32(256);
                    break;
                case 2: // a size
                    BinaryPrimitives.WriteUInt32LittleEndian(
                        bytes.AsSpan(header & ~1), BoundarySizes[random.NextInt32(BoundarySizes.Length)]);
                    break;
                case 3: // a size near the truth
                    BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(header & ~1), bytes.Length - 60 + random.NextInt32(40));
                    break;
                case 4: // cut short
                    bytes = bytes[..random.NextInt32(bytes.Length)];
                    break;
                case 5: // a run of anything
                    foreach (ref byte b in bytes.AsSpan(at, Math.Min(bytes.Length - at, random.NextInt32(32))))
                    {
                        b = (byte)random.NextInt32(256);
                    }

                    break;
                case 6: // a part once more
                    int from = random.NextInt32(bytes.Length);
                    int length = Math.Min(random.NextInt32(64), bytes.Length - from);
                    bytes = [.. bytes[..at], .. bytes.AsSpan(from, length), .. bytes[at..]];
                    break;
                default: // a part left out
                    bytes = [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.NextInt32(32))..]];
                    break;
            }
        }

        return bytes;
    }

    private static byte[][] Seeds()
    {
        var random = new SeededRandom(1);
        byte[] noise = new byte[2_400];
        foreach (ref byte b in noise.AsSpan())
        {
            b = (byte)random.NextInt32(256);
        }

        byte[] floats = [.. Enumerable.Range(0, 600).SelectMany(n => BitConverter.GetBytes((float)Math.Sin(n)))];
        byte[] doubles = [.. Enumerable.Range(0, 700).SelectMany(n => BitConverter.GetBytes(Math.Sin(n)))];
        return
        [
            WavBytes.Riff(WavBytes.Format(), WavBytes.Chunk("data", noise)),
            WavBytes.Riff(
                WavBytes.Chunk("LIST", new byte[7]),
                WavBytes.Format(channels: 2, bits: 8, rate: 8_000),
                WavBytes.Chunk("data", noise),
                WavBytes.Chunk("id3 ", new byte[9])),
            WavBytes.Riff(WavBytes.Extensible(1, 1, 16_000, 24, 20), WavBytes.Chunk("data", noise)),
            WavBytes.Riff(WavBytes.Format(3, bits: 32), WavBytes.Chunk("fact", new byte[4]), WavBytes.Chunk("data", floats)),
            WavBytes.Riff(WavBytes.Extensible(3, 1, 11_025, 64, 64), WavBytes.Chunk("data", doubles)),
            WavBytes.Long("RF64", (ulong)noise.Length, WavBytes.Format(), WavBytes.Chunk("data", noise, uint.MaxValue)),
            WavBytes.Riff(WavBytes.Format(7, bits: 8, rate: 8_000), WavBytes.Chunk("data", noise)),
        ];
    }
}

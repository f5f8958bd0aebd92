using System.Buffers.Binary;
using CrossModalVae.Faces;
using CrossModalVae.Numerics;

namespace CrossModalVae.Media.Tests.Faces;

/// <summary>
/// Damaged JPEG and PNG files of every kind: each is decoded or refused with a message of this library, in memory bounded by the file's
/// size.
/// </summary>
public sealed class FaceFuzzTests
{
    private const int InputCount = 110_000;

    // A tenth of this on two cores; only a hang takes longer.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    // FaceFile grants 512 pixels a byte; a pixel takes 4 samples, 4 coefficients of 2 bytes and 6 bytes of RGB, as stored and upright, and
    // sides are padded to whole MCUs of 32; the reader's own buffers, tables and messages come on top.
    private const long LargestBytesPerByte = 512 * 32;

    // Deflate packs 1,032 bytes into one and a byte holds up to 8 pixels, which take 3 bytes as decoded and 3 upright.
    private const long LargestPngBytesPerByte = 1032 * 8 * 6;
    private const long LargestBytesBesides = 1 << 20;

    private static readonly string[] Seeds =
    [
        "base420.jpg", "base422.jpg", "base444.jpg", "optimised.jpg", "restart.jpg", "progressive420.jpg", "progressive444.jpg",
        "grey.jpg", "progressivegrey.jpg",
        "coarse.jpg", "orientation6.jpg", "cmyk.jpg", "sampodd.jpg", "samprestart.jpg", "sampprogressive.jpg", "fractional.jpg",
        "rgb420.jpg", "ycck.jpg", "scans.jpg",
    ];

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Read_DamagedJpegFiles_IsDecodedOrRefused()
    {
        byte[][] seeds = [.. Seeds.Select(name => File.ReadAllBytes(FaceFolder.Golden(name)))];
        await ReadAll(i => Mutate(i, seeds), LargestBytesPerByte);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Read_DamagedPngFiles_IsDecodedOrRefused() =>
        await ReadAll(PngMutants.Make, LargestPngBytesPerByte);

    private static async Task ReadAll(Func<int, byte[]> mutant, long largestBytesPerByte)
    {
        var outcomes = new int[2];

        // Mutant i is a function of i alone, so a failure names the input that shows it.
        Task all = Task.Run(() => Parallel.For(
            0,
            InputCount,
            () => new Reading(),
            (i, _, reading) =>
            {
                Interlocked.Increment(ref outcomes[reading.Run(i, mutant(i), largestBytesPerByte) ? 0 : 1]);
                return reading;
            },
            _ => { }));
        Task first = await Task.WhenAny(all, Task.Delay(Patience));

        Assert.True(first == all, $"{outcomes.Sum()} of {InputCount} inputs after {Patience}: one of the next hangs.");
        await all;
        Assert.Equal(InputCount, outcomes.Sum());
        Assert.InRange(outcomes[0], InputCount / 20, InputCount); // some damage cannot be seen: not all are refused
        Assert.InRange(outcomes[1], InputCount / 20, InputCount);
    }

    [Theory]
    [InlineData("base420.jpg")]
    [InlineData("progressive420.jpg")]
    [InlineData("cmyk.jpg")]
    public void Read_LargestDimensionsInASmallFile_RefusesInOneSentenceAndLittleMemory(string seed)
    {
        byte[] file = File.ReadAllBytes(FaceFolder.Golden(seed));
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(Frame(file) + 5), 0xFFFFFFFF);
        var reader = new FaceReader();
        long before = GC.GetAllocatedBytesForCurrentThread();

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => reader.ReadImage("x.jpg", file, null));

        Assert.Equal("x.jpg: is 65535 x 65535 pixels; expected at most 67108864 in all.", e.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, LargestBytesBesides);
    }

    [Fact]
    public void Read_TwoFrameHeaders_Refuses()
    {
        byte[] file = File.ReadAllBytes(FaceFolder.Golden("base420.jpg"));
        int frame = Frame(file), scan = file.AsSpan().IndexOf([(byte)0xFF, (byte)0xDA]);
        byte[] twice = [.. file.AsSpan(0, scan), .. file.AsSpan(frame, 19), .. file.AsSpan(scan)];

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => new FaceReader().ReadImage("x.jpg", twice, null));

        Assert.Equal($"x.jpg: the JPEG has a second frame header at byte {scan}; expected a complete JPEG or PNG image.", e.Message);
    }

    [Fact]
    public void Read_ThousandsOfScans_Refuses()
    {
        byte[] file = File.ReadAllBytes(FaceFolder.Golden("progressivegrey.jpg"));
        int scan = file.AsSpan().IndexOf([(byte)0xFF, (byte)0xDA]);
        int next = scan + 2 + file.AsSpan(scan + 2).IndexOf([(byte)0xFF, (byte)0xC4]);
        byte[] bomb = [.. file.AsSpan(0, scan), .. Enumerable.Repeat(file[scan..next], 501).SelectMany(bytes => bytes), 0xFF, 0xD9];

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => new FaceReader().ReadImage("x.jpg", bomb, null));

        Assert.Equal("x.jpg: cannot be decoded: has more than 500 scans; expected a complete JPEG or PNG image.", e.Message);
    }

    private static int Frame(byte[] jpeg)
    {
        int at = 2;
        while (jpeg[at + 1] is not (0xC0 or 0xC1 or 0xC2))
        {
            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(jpeg.AsSpan(at + 2));
        }

        return at;
    }

    private static byte[] Mutate(int index, byte[][] seeds)
    {
        var random = new SeededRandom(index);
        List<byte> bytes = [.. seeds[index % seeds.Length]];
        int headers = Math.Min(bytes.Count, 640);
        for (int n = 1 + random.NextInt32(4); n > 0; n--)
        {
            int at = 2 + random.NextInt32((random.NextInt32(3) > 0 ? headers : bytes.Count) - 2);
            switch (random.NextInt32(10))
            {
                case 0: // a stretch goes
                    bytes.RemoveRange(at, Math.Min(bytes.Count - at - 1, 1 + random.NextInt32(60)));
                    break;
                case 1: // a stretch comes twice, somewhere
                    bytes.InsertRange(
                        2 + random.NextInt32(bytes.Count - 2), bytes.GetRange(at, Math.Min(bytes.Count - at, 1 + random.NextInt32(120))));
                    break;
                case 2: // any marker
                    bytes.InsertRange(at, [0xFF, (byte)random.NextInt32(256)]);
                    break;
                case 3: // other dimensions, sampling, components
                    int frame = bytes.FindIndex(2, value => value is 0xC0 or 0xC2);
                    if (frame > 0 && frame + 16 < bytes.Count)
                    {
                        bytes[frame + 4 + random.NextInt32(12)] = (byte)random.NextInt32(256);
                    }

                    break;
                case 4: // another file's tail
                    byte[] other = seeds[random.NextInt32(seeds.Length)];
                    int from = random.NextInt32(other.Length);
                    bytes = [.. bytes.Take(at), .. other[from..]];
                    break;
                case 5:
                    bytes[at] = 0xFF;
                    break;
                case 6:
                    bytes[at] ^= (byte)(1 << random.NextInt32(8));
                    break;
                default:
                    bytes[at] = (byte)random.NextInt32(256);
                    break;
            }

            headers = Math.Min(bytes.Count, 640);
            if (bytes.Count < 32)
            {
                break;
            }
        }

        return [.. bytes];
    }

    /// <summary>One thread's readers.</summary>
    private sealed class Reading
    {
        private static readonly FaceOptions[] Options =
        [
            new(),
            new() { Decoding = FaceDecoding.Fast },
            new() { Width = 30, Height = 20, Colour = FaceColour.Rgb, Decoding = FaceDecoding.Fast },
        ];

        private readonly FaceReader _reader = new();
        private readonly FaceResampler[] _resamplers =
        [
            .. Options.Select(options => new FaceResampler(options.Width, options.Height, options.Colour)),
        ];

        /// <summary>Whether the file was read.</summary>
        public bool Run(int index, byte[] file, long largestBytesPerByte)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            int way = index % (Options.Length + 1);
            try
            {
                if (way == Options.Length)
                {
                    _reader.ReadImage("x.jpg", file, null);
                }
                else
                {
                    _reader.Read("x.jpg", file, null, Options[way], _resamplers[way]);
                    var sum = new float[FaceResampler.Count(Options[way])];
                    _resamplers[way].AddTo(sum);
                    Assert.All(sum, value => Assert.InRange(value, 0, 256));
                }

                return true;
            }
            catch (InvalidDataException e)
            {
                Assert.StartsWith("x.jpg: ", e.Message, StringComparison.Ordinal);
                Assert.EndsWith(".", e.Message, StringComparison.Ordinal);
                Assert.Contains("expected ", e.Message, StringComparison.Ordinal);
                return false;
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                throw new InvalidOperationException($"Input {index}: {e.GetType().Name}: {e.Message}", e);
            }
            finally
            {
                long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
                Assert.True(
                    bytes <= LargestBytesBesides + (largestBytesPerByte * file.Length),
                    $"Input {index}: {bytes} bytes for a file of {file.Length}.");
            }
        }
    }
}

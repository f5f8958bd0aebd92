using CrossModalVae.Faces;
using CrossModalVae.Numerics;
using CsCheck;

namespace CrossModalVae.Media.Tests.Faces;

public sealed class PngStructureTests
{
    private const string Expected = "expected a complete JPEG or PNG image.";

    // Every kind of picture, of any size.
    private static readonly Gen<((byte Colour, byte Depth), int Width, int Height, bool Interlaced)> Pictures =
        Gen.Select(Gen.Int[0, PngFiles.Kinds.Length - 1].Select(i => PngFiles.Kinds[i]), Gen.Int[8, 40], Gen.Int[8, 40], Gen.Bool);

    [Fact]
    public void Read_WholeFileOfAnyKindAndSize_IsRead() => Property.Holds(
        Pictures,
        picture =>
        {
            ((byte colour, byte depth), int width, int height, bool interlaced) = picture;

            FaceImage image = Read(Png(width, height, colour, depth, interlaced, _ => { }));

            Assert.Equal((width, height), (image.Width, image.Height));
        },
        count: 300);

    [Fact]
    public void Read_DataShortByAnyLength_Refuses() => Property.Holds(
        Gen.Select(Pictures, Gen.Int[1, 30]),
        damaged =>
        {
            (((byte colour, byte depth), int width, int height, bool interlaced), int missing) = damaged;
            int length = PngFiles.Rows(new SeededRandom(1), width, height, colour, depth, interlaced).Length;
            missing = Math.Min(missing, length);

            byte[] file = Png(width, height, colour, depth, interlaced, rows => rows.RemoveRange(rows.Count - missing, missing));

            Assert.Equal($"x.png: the PNG's pixel data ends after {length - missing} of {length} bytes; {Expected}", Fault(file));
        },
        count: 300);

    [Fact]
    public void Read_EmptyPieceOfData_GivesTheSamePixels()
    {
        byte[] file = Png(20, 10, 2, 8, interlaced: false, _ => { });
        int data = file.AsSpan().IndexOf("IDAT"u8) - 4, end = file.Length - PngFiles.End().Length;
        byte[] empty = PngFiles.Chunk("IDAT", []);

        FaceImage image = Read([.. file[..data], .. empty, .. empty, .. file[data..end], .. empty, .. file[end..]]);

        Assert.Equal(Read(file).Pixels.ToArray(), image.Pixels.ToArray());
    }

    [Fact]
    public void Read_MoreDataThanNeeded_GivesTheSamePixels() => Property.Holds(
        Gen.Select(Pictures, Gen.Int[1, 3_000]),
        longer =>
        {
            (((byte colour, byte depth), int width, int height, bool interlaced), int more) = longer;

            FaceImage exact = Read(Png(width, height, colour, depth, interlaced, _ => { }));
            FaceImage image = Read(Png(width, height, colour, depth, interlaced, rows => rows.AddRange(new byte[more])));

            Assert.Equal(exact.Pixels.ToArray(), image.Pixels.ToArray());
        },
        count: 300);

    [Fact]
    public void Read_PackedDataCutAnywhere_Refuses()
    {
        const int Checksum = 4; // without it all pixels are there
        foreach ((byte colour, byte depth) in PngFiles.Kinds)
        {
            foreach (bool interlaced in new[] { false, true })
            {
                byte[] data = PngFiles.Deflate(PngFiles.Rows(new SeededRandom(2), 13, 11, colour, depth, interlaced));
                for (int cut = 0; cut < data.Length - Checksum - 2; cut += 7)
                {
                    byte[] file = PngFiles.File(
                        PngFiles.Header(13, 11, colour, depth, interlaced),
                        colour == 3 ? PngFiles.Palette(depth) : [],
                        PngFiles.Chunk("IDAT", data[..cut]),
                        PngFiles.End());
                    Assert.Contains("the PNG's pixel data", Fault(file), StringComparison.Ordinal);
                }
            }
        }
    }

    [Fact]
    public void Read_SecondHeader_Refuses()
    {
        byte[] header = PngFiles.Header(9, 9, 0, 8, false);

        Assert.Equal(
            $"x.png: the PNG has a second header chunk (IHDR) at byte 33; {Expected}",
            Fault(PngFiles.File(header, header, PngFiles.End())));
    }

    [Fact]
    public void Read_HeaderNotFirst_Refuses() => Assert.Equal(
        $"x.png: the PNG's first chunk is tEXt, not its header (IHDR); {Expected}",
        Fault(PngFiles.File(PngFiles.Chunk("tEXt", [65, 0, 66]), PngFiles.Header(9, 9, 0, 8, false), PngFiles.End())));

    [Fact]
    public void Read_HugeHeader_IsRefusedBeforeAnythingIsDecoded() => Assert.Equal(
        "x.png: is 4294967295 x 4294967295 pixels; expected at most 67108864 in all.",
        Fault(PngFiles.File(PngFiles.Header(uint.MaxValue, uint.MaxValue, 6, 16, true), PngFiles.Chunk("IDAT", []), PngFiles.End())));

    [Fact]
    public void Read_KindThatPngDoesNotDefine_Refuses() => Assert.Equal(
        "x.png: the PNG's header names colour type 3, 16 bits, compression 0, filter 0, "
        + $"interlace 0, which PNG does not define; {Expected}",
        Fault(PngFiles.File(PngFiles.Header(9, 9, 3, 16, false), PngFiles.End())));

    // ImageSharp 2.1 reads the first run of data chunks only, and never returns where the picture is interlaced.
    [Fact]
    public void Read_InterruptedData_Refuses()
    {
        byte[] data = PngFiles.Deflate(PngFiles.Rows(new SeededRandom(1), 9, 9, 0, 8, true));
        byte[] file = PngFiles.File(
            PngFiles.Header(9, 9, 0, 8, true),
            PngFiles.Chunk("IDAT", data[..10]),
            PngFiles.Chunk("tEXt", [65, 0, 66]),
            PngFiles.Chunk("IDAT", data[10..]),
            PngFiles.End());

        Assert.Equal($"x.png: the PNG's pixel data (IDAT) is interrupted at byte 55 and goes on at byte 70; {Expected}", Fault(file));
    }

    [Fact]
    public void Read_DamagedData_Refuses()
    {
        byte[] data = PngFiles.Deflate(PngFiles.Rows(new SeededRandom(1), 9, 9, 0, 8, false));
        data[0] = 0xFF;

        Assert.Equal(
            $"x.png: the PNG's pixel data is damaged after 0 of 90 bytes; {Expected}",
            Fault(PngFiles.File(PngFiles.Header(9, 9, 0, 8, false), PngFiles.Chunk("IDAT", data), PngFiles.End())));
    }

    private static byte[] Png(int width, int height, byte colour, byte depth, bool interlaced, Action<List<byte>> damage)
    {
        List<byte> rows = [.. PngFiles.Rows(new SeededRandom(1), width, height, colour, depth, interlaced)];
        damage(rows);
        return PngFiles.File(
            PngFiles.Header((uint)width, (uint)height, colour, depth, interlaced), colour == 3 ? PngFiles.Palette(depth) : [],
            PngFiles.Chunk("IDAT", PngFiles.Deflate([.. rows])), PngFiles.End());
    }

    private static FaceImage Read(byte[] file) => new FaceReader().ReadImage("x.png", file, null);

    private static string Fault(byte[] file) => Assert.Throws<InvalidDataException>(() => Read(file)).Message;
}

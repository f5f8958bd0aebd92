using System.Buffers.Binary;
using CrossModalVae.Faces;
using CrossModalVae.Numerics;

namespace CrossModalVae.Media.Tests.Faces;

public sealed class FaceImageTests : IDisposable
{
    private readonly FaceFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_Png_GivesItsPixels()
    {
        byte[] pixels = FaceFolder.Noise(11, 9, seed: 1);

        FaceImage image = FaceImage.Load(_folder.Png("a.png", pixels, 11, 9));

        Assert.Equal((11, 9), (image.Width, image.Height));
        Assert.Equal(pixels, image.Pixels.ToArray());
    }

    [Fact]
    public void Load_PngNamedJpg_IsToldByItsContent()
    {
        byte[] pixels = FaceFolder.Noise(8, 8, seed: 2);

        Assert.Equal(pixels, FaceImage.Load(_folder.Png("a.jpg", pixels, 8, 8)).Pixels.ToArray());
    }

    [Fact]
    public void Load_TurnedJpeg_ComesUpright()
    {
        FaceImage image = FaceImage.Load(FaceFolder.Golden("turned.jpg")); // stored 96 x 72, EXIF orientation 6

        Assert.Equal((72, 96), (image.Width, image.Height));
    }

    [Fact]
    public void Load_Missing_NamesThePath()
    {
        string path = _folder.PathTo("nowhere/face.jpg");

        FileNotFoundException e = Assert.Throws<FileNotFoundException>(() => FaceImage.Load(path));

        Assert.Equal($"{path}: there is no such file; expected a JPEG or PNG image.", e.Message);
    }

    [Fact]
    public void Load_Folder_Refuses()
    {
        string folder = Path.GetDirectoryName(_folder.PathTo("x"))!;

        IOException e = Assert.Throws<IOException>(() => FaceImage.Load(folder));

        Assert.Equal($"{folder}: is a folder; expected a JPEG or PNG image.", e.Message);
    }

    [Fact]
    public void Load_FileOfGigabytes_RefusesBeforeReading()
    {
        string path = _folder.PathTo("video.jpg");
        using (var stream = new FileStream(path, FileMode.CreateNew))
        {
            stream.SetLength(1L << 32); // sparse
        }

        AssertRefused(path, "has 4294967296 bytes; expected a JPEG or PNG image of at most 335544320 bytes.");
    }

    [Fact]
    public void Load_Empty_Refuses() => AssertRefused(
        _folder.Write("empty.jpg", []), "is empty or no regular file; expected a JPEG or PNG image.");

    [Fact]
    public async Task Load_PipeThatNobodyWrites_RefusesAtOnce()
    {
        string pipe = _folder.PathTo("pipe.jpg"), link = _folder.PathTo("link.jpg");
        NamedPipe.Make(pipe);
        File.CreateSymbolicLink(link, pipe);

        foreach (string path in new[] { pipe, link })
        {
            Task refusal = Task.Run(() => AssertRefused(path, "is empty or no regular file; expected a JPEG or PNG image."));
            await refusal.WaitAsync(NamedPipe.Patience);
        }
    }

    [Theory]
    [InlineData("52494646000000005745425056503820", "a WebP image")]
    [InlineData("474946383961", "a GIF image")]
    [InlineData("424D36C000000000000036000000", "a BMP image")]
    [InlineData("49492A0008000000", "a TIFF image")]
    [InlineData("4D4D002A00000008", "a TIFF image")]
    [InlineData("0000000C6A5020200D0A870A", "a JPEG 2000 image")]
    [InlineData("00000018667479706865696300000000", "a HEIC image")]
    [InlineData("0000001C667479706D69663100000000", "a HEIC image")]
    [InlineData("0000002066747970617669660000", "an AVIF image")]
    [InlineData("000000206674797069736F6D0000", "a video")]
    [InlineData("0000000C4A584C200D0A870A", "a JPEG XL image")]
    [InlineData("50360A3132", "a PNM image")]
    [InlineData("255044462D312E34", "a PDF document")]
    [InlineData("3C21444F4354595045", "a text in HTML or XML")]
    public void Load_AnotherKindUnderAPicturesName_IsNamed(string start, string kind) => AssertRefused(
        _folder.Write("other.jpg", Convert.FromHexString(start)),
        $"is {kind}, whatever its name says; expected a complete JPEG or PNG image.");

    [Fact]
    public void Load_OtherKind_Refuses() => AssertRefused(
        _folder.Write("voice.jpg", "RIFF....WAVEfmt "u8),
        "begins with the bytes 52494646; expected a complete JPEG or PNG image (FFD8 or 89504E47).");

    [Fact]
    public void Load_OneByte_Refuses() => AssertRefused(
        _folder.Write("one.jpg", [0xFF]), "begins with the bytes FF; expected a complete JPEG or PNG image (FFD8 or 89504E47).");

    [Fact]
    public void Load_JpegCutAnywhere_Refuses()
    {
        byte[] jpeg = File.ReadAllBytes(_folder.Jpeg("whole.jpg", FaceFolder.Noise(32, 24, seed: 3), 32, 24));

        for (int length = 2; length < jpeg.Length; length += 7)
        {
            AssertRefused(
                _folder.Write("cut.jpg", jpeg.AsSpan(0, length)),
                $"is truncated: {length} bytes without the JPEG end-of-image marker (FFD9); expected a complete JPEG or PNG image.");
        }
    }

    [Fact]
    public void Load_PngCutAnywhere_Refuses()
    {
        byte[] png = File.ReadAllBytes(_folder.Png("whole.png", FaceFolder.Noise(16, 16, seed: 4), 16, 16));

        for (int length = 8; length < png.Length; length += 5)
        {
            AssertRefused(
                _folder.Write("cut.png", png.AsSpan(0, length)),
                $"is truncated: {length} bytes without the PNG end chunk (IEND); expected a complete JPEG or PNG image.");
        }
    }

    [Fact]
    public void Load_JpegOfHeadersOnly_Refuses()
    {
        byte[] jpeg = File.ReadAllBytes(_folder.Jpeg("whole.jpg", FaceFolder.Flat(16, 16, 1, 2, 3), 16, 16));
        int scan = jpeg.AsSpan().IndexOf([(byte)0xFF, (byte)0xDA]);

        AssertRefused(
            _folder.Write("headers.jpg", [.. jpeg.AsSpan(0, scan), 0xFF, 0xD9]),
            $"the JPEG ends at byte {scan + 2} without any pixels; expected a complete JPEG or PNG image.");
        AssertRefused(
            _folder.Write("nothing.jpg", [0xFF, 0xD8, 0xFF, 0xD9]),
            "the JPEG ends at byte 4 without a frame header; expected a complete JPEG or PNG image.");
    }

    [Theory]
    [InlineData(255)]
    [InlineData(1)]
    public void Load_JpegWhoseHuffmanTablesRunOver_Refuses(byte more)
    {
        byte[] jpeg = File.ReadAllBytes(FaceFolder.Frame);
        int tables = jpeg.AsSpan().IndexOf([(byte)0xFF, (byte)0xC4]);
        jpeg[tables + 5] += more; // the number of codes of one bit, none in a standard table

        AssertRefused(
            _folder.Write("tables.jpg", jpeg),
            $"the JPEG's Huffman tables at byte {tables} do not fill their segment; expected a complete JPEG or PNG image.");
    }

    [Fact]
    public void Load_Tiny_Refuses()
    {
        AssertRefused(_folder.Jpeg("dot.jpg", [9, 9, 9], 1, 1), "is 1 x 1 pixels; expected at least 8 x 8.");
        AssertRefused(_folder.Png("bar.png", FaceFolder.Flat(40, 7, 9, 9, 9), 40, 7), "is 40 x 7 pixels; expected at least 8 x 8.");
    }

    [Fact]
    public void Load_FewBytesThatPromiseGigabytes_RefusesBeforeDecoding()
    {
        byte[] jpeg = File.ReadAllBytes(_folder.Jpeg("whole.jpg", FaceFolder.Flat(16, 16, 1, 2, 3), 16, 16));
        int frame = jpeg.AsSpan().IndexOf([(byte)0xFF, (byte)0xC0]);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 5), 65500);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 7), 65000);

        AssertRefused(_folder.Write("bomb.jpg", jpeg), "is 65000 x 65500 pixels; expected at most 67108864 in all.");

        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 5), 8000);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 7), 8000);
        AssertRefused(
            _folder.Write("bomb.jpg", jpeg),
            $"says it is 8000 x 8000 pixels, more than its {jpeg.Length} bytes can hold; expected a complete JPEG or PNG image.");
    }

    [Fact]
    public void Load_PngWithADamagedHeader_SaysWhatTheDecoderSaid()
    {
        byte[] png = File.ReadAllBytes(_folder.Png("whole.png", FaceFolder.Flat(16, 16, 1, 2, 3), 16, 16));
        png[29] ^= 1; // a bit of the header's checksum

        AssertRefused(
            _folder.Write("damaged.png", png),
            "cannot be decoded: CRC Error. PNG IHDR chunk is corrupt!; expected a complete JPEG or PNG image.");
    }

    [Fact]
    public void Load_DamagedPixels_GivesAPictureOrASentence()
    {
        byte[] jpeg = File.ReadAllBytes(FaceFolder.Frame);
        int scan = jpeg.AsSpan().IndexOf([(byte)0xFF, (byte)0xDA]) + 14;
        var random = new SeededRandom(11);
        for (int round = 0; round < 200; round++)
        {
            byte[] damaged = [.. jpeg];
            damaged[scan + random.NextInt32(jpeg.Length - scan)] = (byte)random.NextInt32(256);
            string path = _folder.Write("damaged.jpg", damaged);

            Exception? e = Record.Exception(() => Assert.Equal((128, 128), (FaceImage.Load(path).Width, FaceImage.Load(path).Height)));

            Assert.True(
                e is null || (e is InvalidDataException && e.Message.StartsWith(path, StringComparison.Ordinal)), $"round {round}: {e}");
        }
    }

    [Fact]
    public void Constructor_PixelsOfAnotherSize_Refuses()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => new FaceImage(new byte[100], 8, 9));

        Assert.Equal("'pixels' has 100 bytes; must be 8 x 9 x 3 = 216. (Parameter 'pixels')", e.Message);
        Assert.Throws<ArgumentOutOfRangeException>("width", () => new FaceImage(new byte[7 * 8 * 3], 7, 8));
        Assert.Throws<ArgumentOutOfRangeException>("height", () => new FaceImage(new byte[7 * 8 * 3], 8, 7));
    }

    private static void AssertRefused(string path, string reason)
    {
        InvalidDataException e = Assert.Throws<InvalidDataException>(() => FaceImage.Load(path));

        Assert.Equal($"{path}: {reason}", e.Message);
    }
}

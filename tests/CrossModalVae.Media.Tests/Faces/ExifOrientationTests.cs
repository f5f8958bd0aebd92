using System.Buffers.Binary;
using CrossModalVae.Faces;
using CrossModalVae.Numerics;

namespace CrossModalVae.Media.Tests.Faces;

public sealed class ExifOrientationTests
{
    private static readonly byte[] Damaged = [.. "Exif\0\0II"u8, 42, 0, 255, 255, 255, 255];

    [Theory]
    [InlineData(1)] // BYTE
    [InlineData(3)] // SHORT
    [InlineData(4)] // LONG
    [InlineData(6)]
    [InlineData(8)]
    [InlineData(9)]
    public void Read_AnyIntegerTypeAndByteOrder_GivesTheValue(int type)
    {
        for (int value = 1; value <= 8; value++)
        {
            Assert.Equal(value, ExifOrientation.Read(Block(type, value, little: true)));
            Assert.Equal(value, ExifOrientation.Read(Block(type, value, little: false)));
        }
    }

    [Theory]
    [InlineData(3, 0)]
    [InlineData(3, 9)]
    [InlineData(4, 65_542)] // 6 in its lower half
    [InlineData(2, 6)] // ASCII
    [InlineData(11, 6)] // FLOAT
    public void Read_NoOrientation_GivesNone(int type, int value)
    {
        Assert.Equal(0, ExifOrientation.Read(Block(type, value, little: true)));
        Assert.Equal(0, ExifOrientation.Read(Block(type, value, little: false)));
    }

    [Fact]
    public void Read_DamagedBlocks_GivesNone()
    {
        byte[] block = Block(3, 6, little: true);
        for (int length = 0; length < block.Length - 4; length++)
        {
            Assert.Equal(0, ExifOrientation.Read(block.AsSpan(0, length)));
        }

        block[2] = 43;
        Assert.Equal(0, ExifOrientation.Read(block));
    }

    public static TheoryData<int, int[]> Segments => new()
    {
        { 6, [6] },
        { 6, [6, 3] }, // the first wins
        { 6, [-1, 6, 3] }, // a damaged one is no orientation
        { 6, [0, 9, 6] },
        { 1, [1, 6] },
        { 1, [-1, 0] },
    };

    [Theory]
    [MemberData(nameof(Segments))]
    public void Load_SeveralSegments_TakesTheFirstValidOne(int expected, int[] values)
    {
        byte[] plain = File.ReadAllBytes(FaceFolder.Golden("base420.jpg"));
        byte[][] blocks = [.. values.Select(value => value < 0 ? Damaged : [.. "Exif\0\0"u8, .. Block(4, value, little: false)])];
        byte[] jpeg =
        [
            .. plain[..2],
            .. blocks.SelectMany(block => new byte[] { 0xFF, 0xE1, 0, (byte)(block.Length + 2) }.Concat(block)),
            .. plain[2..],
        ];

        FaceImage upright = new FaceReader().ReadImage("x.jpg", jpeg, null), stored = new FaceReader().ReadImage("x.jpg", plain, null);

        Assert.Equal(Turned(stored, expected), upright.Pixels.ToArray());
    }

    [Theory]
    [MemberData(nameof(Segments))]
    public void Load_SeveralPngChunks_TakesTheFirstValidOne(int expected, int[] values)
    {
        byte[] header = PngFiles.Header(19, 13, 2, 8, false);
        byte[] data = PngFiles.Chunk("IDAT", PngFiles.Deflate(PngFiles.Rows(new SeededRandom(3), 19, 13, 2, 8, false)));
        byte[] exif =
            [.. values.SelectMany(value => PngFiles.Chunk("eXIf", value < 0 ? Damaged[6..] : Block(4, value, little: true)))];

        FaceImage upright = new FaceReader().ReadImage("x.png", PngFiles.File(header, exif, data, PngFiles.End()), null);

        FaceImage stored = new FaceReader().ReadImage("x.png", PngFiles.File(header, data, PngFiles.End()), null);
        Assert.Equal(Turned(stored, expected), upright.Pixels.ToArray());
    }

    // 6: stored with its first row at the right side.
    private static byte[] Turned(FaceImage stored, int orientation)
    {
        if (orientation == 1)
        {
            return stored.Pixels.ToArray();
        }

        var upright = new List<byte>();
        for (int y = 0; y < stored.Width; y++)
        {
            for (int x = 0; x < stored.Height; x++)
            {
                upright.AddRange(stored.Pixels.Slice(3 * (((stored.Height - 1 - x) * stored.Width) + y), 3));
            }
        }

        return [.. upright];
    }

    // A TIFF header, a directory of another entry and the orientation, and nothing after it.
    private static byte[] Block(int type, int value, bool little)
    {
        var bytes = new byte[8 + 2 + 24];
        (little ? "II"u8 : "MM"u8).CopyTo(bytes);
        Write(2, 42, 2);
        Write(4, 8, 4);
        Write(8, 2, 2);
        Write(10, 0x010F, 2);
        Write(12, 2, 2);
        Write(22, 0x0112, 2);
        Write(24, type, 2);
        Write(26, 1, 4);
        Write(30, value, type switch { 4 or 9 or 11 => 4, 1 or 2 or 6 => 1, _ => 2 });
        return bytes;

        void Write(int at, int number, int length)
        {
            var all = new byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(all, number);
            byte[] used = all[..length];
            (little ? used : [.. used.Reverse()]).CopyTo(bytes.AsSpan(at));
        }
    }
}

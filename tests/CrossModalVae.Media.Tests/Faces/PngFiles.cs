using System.Buffers.Binary;
using System.IO.Compression;
using CrossModalVae.Numerics;

namespace CrossModalVae.Media.Tests.Faces;

/// <summary>
/// PNG files of every colour type, bit depth and interlacing, written chunk by chunk, so that tests can damage
/// any part and still keep checksums right.
/// </summary>
internal static class PngFiles
{
    /// <summary>Colour type and bits of every kind that PNG defines.</summary>
    public static readonly (byte Colour, byte Depth)[] Kinds =
        [(0, 1), (0, 2), (0, 4), (0, 8), (0, 16), (2, 8), (2, 16), (3, 1), (3, 2), (3, 4), (3, 8), (4, 8), (4, 16), (6, 8), (6, 16)];

    private static readonly (int Left, int Top, int Right, int Down)[] Adam7 =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    public static byte[] Header(uint width, uint height, byte colour, byte depth, bool interlaced)
    {
        var content = new byte[13];
        BinaryPrimitives.WriteUInt32BigEndian(content, width);
        BinaryPrimitives.WriteUInt32BigEndian(content.AsSpan(4), height);
        (content[8], content[9], content[12]) = (depth, colour, interlaced ? (byte)1 : (byte)0);
        return Chunk("IHDR", content);
    }

    /// <summary>The unpacked pixel data: every row of every pass begins with its filter.</summary>
    public static byte[] Rows(SeededRandom random, int width, int height, byte colour, byte depth, bool interlaced)
    {
        int bits = depth * colour switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };
        var rows = new List<byte>();
        foreach ((int left, int top, int right, int down) in interlaced ? Adam7 : [(0, 0, 1, 1)])
        {
            int columns = (width - left + right - 1) / right;
            for (int y = top; y < height && columns > 0; y += down)
            {
                rows.Add((byte)random.NextInt32(5));
                for (int i = 0; i < ((columns * bits) + 7) / 8; i++) rows.Add((byte)random.NextInt32(256));
            }
        }

        return [.. rows];
    }

    public static byte[] Deflate(byte[] rows)
    {
        using var packed = new MemoryStream();
        using (var stream = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true)) stream.Write(rows);
        return packed.ToArray();
    }

    public static byte[] Palette(byte depth) => Chunk("PLTE", [.. Enumerable.Range(0, 3 << depth).Select(i => (byte)(i * 37))]);

    public static byte[] End() => Chunk("IEND", []);

    public static byte[] Chunk(string type, byte[] content)
    {
        var chunk = new byte[content.Length + 12];
        BinaryPrimitives.WriteUInt32BigEndian(chunk, (uint)content.Length);
        System.Text.Encoding.ASCII.GetBytes(type).CopyTo(chunk, 4);
        content.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(content.Length + 8), Crc(chunk.AsSpan(4, content.Length + 4)));
        return chunk;
    }

    // PNG specification, annex D.
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
        }

        return ~crc;
    }

    public static byte[] File(params byte[][] chunks) =>
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, .. chunks.SelectMany(chunk => chunk)];
}

using System.Buffers.Binary;
using System.IO.Compression;

namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>The container of a PNG file, and its writing: 8 bits a sample, no filter.</summary>
internal static class PngFile
{
    private const byte ColourGrey = 0;
    private const byte ColourRgb = 2;

    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static void Write(Image image, Stream stream)
    {
        ReadOnlySpan<byte> pixels = image.EncoderBytes(out bool grey);
        int rowBytes = image.Width * (grey ? 1 : 3);

        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, image.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], image.Height);
        header[8] = 8;
        header[9] = grey ? ColourGrey : ColourRgb;
        header[10..].Clear();

        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.Optimal, leaveOpen: true))
        {
            for (int y = 0; y < image.Height; y++)
            {
                zlib.WriteByte(0);
                zlib.Write(pixels.Slice(y * rowBytes, rowBytes));
            }
        }

        stream.Write(Signature);
        WriteChunk(stream, "IHDR"u8, header);
        WriteChunk(stream, "IDAT"u8, data.GetBuffer().AsSpan(0, (int)data.Length));
        WriteChunk(stream, "IEND"u8, []);
    }

    /// <summary>Takes the next chunk off <paramref name="rest"/>.</summary>
    public static ReadOnlySpan<byte> ReadChunk(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> type)
    {
        uint length = rest.Length < 12 ? uint.MaxValue : BinaryPrimitives.ReadUInt32BigEndian(rest);
        if (length > rest.Length - 12)
        {
            throw new InvalidImageContentException("Invalid PNG data: the file ends in the middle of a chunk.");
        }

        type = rest.Slice(4, 4);
        ReadOnlySpan<byte> data = rest.Slice(8, (int)length);
        uint crc = BinaryPrimitives.ReadUInt32BigEndian(rest[(8 + data.Length)..]);
        bool critical = (type[0] & 0x20) == 0;
        if (critical && crc != PngCrc.Of(rest.Slice(4, 4 + data.Length)))
        {
            throw new InvalidImageContentException($"CRC Error. PNG {System.Text.Encoding.ASCII.GetString(type)} chunk is corrupt!");
        }

        rest = rest[(12 + data.Length)..];
        return data;
    }

    private static void WriteChunk(Stream stream, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        byte[] chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        type.CopyTo(chunk.AsSpan(4));
        data.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), PngCrc.Of(chunk.AsSpan(4, 4 + data.Length)));
        stream.Write(chunk);
    }
}

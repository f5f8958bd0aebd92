using System.Buffers.Binary;
using System.Text;

namespace CrossModalVae.Media.Tests.Audio;

/// <summary>Wav files byte by byte, the faulty ones too.</summary>
internal static class WavBytes
{
    public static byte[] Riff(params byte[][] chunks)
    {
        byte[] body = [.. "WAVE"u8, .. chunks.SelectMany(chunk => chunk)];
        return [.. "RIFF"u8, .. UInt32((uint)body.Length), .. body];
    }

    /// <summary>RF64 or BW64: sizes of 32 bits are 0xFFFFFFFF, and a ds64 chunk states the data's.</summary>
    public static byte[] Long(string magic, ulong dataLength, params byte[][] chunks)
    {
        byte[] sizes = Chunk("ds64", [.. new byte[8], .. BitConverter.GetBytes(dataLength), .. new byte[12]]);
        return [.. Encoding.ASCII.GetBytes(magic), .. UInt32(uint.MaxValue), .. "WAVE"u8, .. sizes, .. chunks.SelectMany(chunk => chunk)];
    }

    public static byte[] Chunk(string name, byte[] content, uint? statedLength = null)
    {
        byte[] padding = content.Length % 2 == 1 ? [0] : [];
        return [.. Encoding.ASCII.GetBytes(name), .. UInt32(statedLength ?? (uint)content.Length), .. content, .. padding];
    }

    public static byte[] Format(int tag = 1, int channels = 1, uint rate = 16_000, int bits = 16, int? block = null)
    {
        int blockLength = block ?? channels * bits / 8;
        return Chunk(
            "fmt ",
            [
                .. UInt16(tag),
                .. UInt16(channels),
                .. UInt32(rate),
                .. UInt32((uint)(rate * blockLength)),
                .. UInt16(blockLength),
                .. UInt16(bits),
            ]);
    }

    public static byte[] Extensible(int subFormat, int channels, uint rate, int bits, int validBits, byte lastGuidByte = 0x71)
    {
        int block = channels * bits / 8;
        return Chunk("fmt ",
        [
            .. UInt16(0xFFFE), .. UInt16(channels), .. UInt32(rate), .. UInt32((uint)(rate * block)), .. UInt16(block), .. UInt16(bits),
            .. UInt16(22), .. UInt16(validBits), .. UInt32(0), .. UInt16(subFormat),
            0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, lastGuidByte,
        ]);
    }

    /// <summary>RIFX: every number, samples too, has its most significant byte first. The samples are given as for RIFF.</summary>
    public static byte[] Swapped(int tag, int channels, int bits, byte[] data, bool extensible)
    {
        byte[] format = extensible ? Extensible(tag, channels, 16_000, bits, bits) : Format(tag, channels, 16_000, bits);
        int[] fields = [4, 4, 2, 2, 4, 4, 2, 2, .. extensible ? new[] { 2, 2, 4, 4, 2, 2 } : []]; // then the GUID's last eight bytes
        byte[] chunk = Turn(format, fields);
        byte[] content = Turn(data, [.. Enumerable.Repeat(bits / 8, data.Length * 8 / bits)]);
        byte[] size = [.. UInt32((uint)data.Length).Reverse()], padding = new byte[data.Length % 2];
        byte[] body = [.. "WAVE"u8, .. chunk, .. "data"u8, .. size, .. content, .. padding];
        return [.. "RIFX"u8, .. UInt32((uint)body.Length).Reverse(), .. body];

        static byte[] Turn(byte[] bytes, int[] fields)
        {
            byte[] turned = [.. bytes];
            int at = 0;
            foreach (int field in fields)
            {
                if (at > 0 || bytes[0] != 'f') // but the chunk's name
                {
                    Array.Reverse(turned, at, field);
                }

                at += field;
            }

            return turned;
        }
    }

    public static byte[] Pcm16(params short[] samples) => [.. samples.SelectMany(s => UInt16((ushort)s))];

    private static byte[] UInt16(int value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)value);
        return bytes;
    }

    private static byte[] UInt32(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }
}

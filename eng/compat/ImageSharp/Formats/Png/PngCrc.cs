namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>CRC-32 of a chunk's type and data (PNG specification, annex D).</summary>
internal static class PngCrc
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(n => Entry((uint)n))];

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc = Table[(byte)(crc ^ b)] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint Entry(uint n)
    {
        for (int bit = 0; bit < 8; bit++)
        {
            n = (n & 1) != 0 ? 0xEDB88320u ^ (n >> 1) : n >> 1;
        }

        return n;
    }
}

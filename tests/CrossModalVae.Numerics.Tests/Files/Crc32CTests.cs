using System.Text;
using CrossModalVae.Files;

namespace CrossModalVae.Numerics.Tests.Files;

public class Crc32CTests
{
    // The check value of the CRC catalogue (Cook, CRC-32/ISCSI) and two of RFC 3720, B.4.
    [Fact]
    public void Compute_PublishedVectors_Agree()
    {
        Assert.Equal(0xE3069283u, Crc32C.Compute(Encoding.ASCII.GetBytes("123456789")));
        Assert.Equal(0x8A9136AAu, Crc32C.Compute(new byte[32]));
        Assert.Equal(0x46DD794Eu, Crc32C.Compute([.. Enumerable.Range(0, 32).Select(i => (byte)i)]));
    }

    [Fact]
    public void Compute_EveryLengthAndAlignment_AgreesWithBitByBit()
    {
        var bytes = new byte[80];
        new Random(3).NextBytes(bytes);
        for (int start = 0; start < 9; start++)
        {
            for (int length = 0; length < 64; length++)
            {
                ReadOnlySpan<byte> part = bytes.AsSpan(start, length);

                Assert.Equal(BitByBit(part), Crc32C.Compute(part));
            }
        }
    }

    private static uint BitByBit(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
            }
        }

        return ~crc;
    }
}

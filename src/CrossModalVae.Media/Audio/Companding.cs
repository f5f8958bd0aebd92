namespace CrossModalVae.Audio;

/// <summary>The two laws of ITU-T G.711, byte to sample; full scale of the 16-bit numbers that they stand for is 1.</summary>
internal static class Companding
{
    private static readonly float[] ALawTable = [.. Enumerable.Range(0, 256).Select(ExpandALaw)];
    private static readonly float[] MuLawTable = [.. Enumerable.Range(0, 256).Select(ExpandMuLaw)];

    public static float ALaw(byte code) => ALawTable[code];

    public static float MuLaw(byte code) => MuLawTable[code];

    // Sign, three bits of exponent, four of mantissa, every other bit inverted; 13 bits, here at the top of 16.
    private static float ExpandALaw(int code)
    {
        code ^= 0x55;
        int exponent = (code >> 4) & 7;
        int magnitude = ((code & 15) << 4) + 8;
        magnitude = exponent == 0 ? magnitude : (magnitude + 256) << (exponent - 1);
        return ((code & 0x80) != 0 ? magnitude : -magnitude) / 32_768f;
    }

    // The same fields, all bits inverted, and a bias of 33 in 14 bits, here at the top of 16.
    private static float ExpandMuLaw(int code)
    {
        const int Bias = 33 << 2;
        code = ~code;
        int magnitude = ((((code & 15) << 3) + Bias) << ((code >> 4) & 7)) - Bias;
        return ((code & 0x80) != 0 ? -magnitude : magnitude) / 32_768f;
    }
}

namespace CrossModalVae.Faces.Jpeg;

/// <summary>
/// The example Huffman tables of ITU-T T.81 annex K.3, 0 for luma and 1 for chroma: the number of codes of 1 to 16 bits, then their
/// symbols.
/// </summary>
internal static class JpegStandardTables
{
    private static readonly byte[] LumaAc = Convert.FromHexString(
        "0002010303020403050504040000017D"
        + "01020300041105122131410613516107227114328191A1082342B1C11552D1F02433627282090A161718191A25262728292A3435363738393A43"
        + "4445464748494A535455565758595A636465666768696A737475767778797A838485868788898A92939495969798999AA2A3A4A5A6A7A8A9AAB2"
        + "B3B4B5B6B7B8B9BAC2C3C4C5C6C7C8C9CAD2D3D4D5D6D7D8D9DAE1E2E3E4E5E6E7E8E9EAF1F2F3F4F5F6F7F8F9FA");

    private static readonly byte[] ChromaAc = Convert.FromHexString(
        "00020102040403040705040400010277"
        + "000102031104052131061241510761711322328108144291A1B1C109233352F0156272D10A162434E125F11718191A262728292A35363738393A"
        + "434445464748494A535455565758595A636465666768696A737475767778797A82838485868788898A92939495969798999AA2A3A4A5A6A7A8A9"
        + "AAB2B3B4B5B6B7B8B9BAC2C3C4C5C6C7C8C9CAD2D3D4D5D6D7D8D9DAE2E3E4E5E6E7E8E9EAF2F3F4F5F6F7F8F9FA");

    /// <summary>The table of DC differences.</summary>
    public static ReadOnlySpan<byte> Dc(int index) => index == 0
        ? [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
        : [0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

    /// <summary>The table of AC coefficients.</summary>
    public static ReadOnlySpan<byte> Ac(int index) => index == 0 ? LumaAc : ChromaAc;
}

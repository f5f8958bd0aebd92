using CrossModalVae.Faces;

namespace CrossModalVae.Media.Tests.Faces;

/// <summary>JPEG files as cameras and interrupted copies leave them. What they show is in <see cref="FaceGoldenTests"/>.</summary>
public sealed class JpegKindsTests
{
    /// <summary>Every way of storing, colour kind and sampling.</summary>
    public static TheoryData<string> Kinds =>
    [
        "base420", "base422", "base440", "base444", "restart", "optimised", "grey", "grey2x2", "progressivegrey", "progressive420",
        "progressive444", "sampodd", "samp411", "samp410", "samp441", "samp311", "sampluma", "sampmixed", "sampprogressive", "samprestart",
        "scans", "rgb444", "rgb420", "rgbprogressive", "fractional", "cmyk444", "cmyk420", "cmykprogressive", "cmykblack", "cmykplain",
        "ycck",
    ];

    /// <summary>Sequential files with the tables that Motion JPEG leaves out.</summary>
    public static TheoryData<string> StandardTables =>
        ["base420", "base422", "base440", "base444", "grey", "restart", "sampodd", "rgb420", "fractional"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Load_CutAnywhereAndClosedWithAnEndMarker_Refuses(string name)
    {
        byte[] file = Read(name);
        int scan = file.AsSpan().IndexOf([(byte)0xFF, (byte)0xDA]);
        byte[] end = [0xFF, 0xD9];
        var accepted = new List<int>();
        for (int cut = scan + 2; cut < file.Length - 2; cut++)
        {
            byte[] bytes = [.. file.AsSpan(0, cut), .. end];
            if (IsRead(bytes))
            {
                accepted.Add(cut);
            }
        }

        Assert.Empty(accepted);
        Assert.True(IsRead(file));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Load_PaddingInsteadOfTheEndMarker_GivesTheSamePixels(string name)
    {
        byte[] file = Read(name);
        byte[] whole = Pixels(file);
        ReadOnlySpan<byte> data = file.AsSpan(0, file.Length - 2);

        Assert.Equal(whole, Pixels([.. data, 0]));
        Assert.Equal(whole, Pixels([.. data, .. new byte[3_000]]));
        Assert.Equal(whole, Pixels([.. data, .. "00dc1234"u8]));
        Assert.Equal(whole, Pixels([.. data, 0xFF, 0xE1, 0xFF, 0xFF, 7]));
        Assert.Equal(whole, Pixels([.. file, .. new byte[500], 1, 2, 3]));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Load_HalfAFileFilledUpWithZeros_Refuses(string name)
    {
        byte[] file = Read(name);
        int scan = file.AsSpan().IndexOf([(byte)0xFF, (byte)0xDA]);

        for (int cut = scan + 20; cut < file.Length - 12; cut += 13)
        {
            byte[] filled = [.. file.AsSpan(0, cut), .. new byte[20_000]];
            string message = Assert.Throws<InvalidDataException>(() => Pixels(filled)).Message;
            Assert.True(
                message.Contains("is truncated", StringComparison.Ordinal) || message.Contains("Huffman tables", StringComparison.Ordinal),
                message);
        }
    }

    [Theory]
    [MemberData(nameof(StandardTables))]
    public void Load_NoHuffmanTables_TakesTheStandardOnes(string name)
    {
        byte[] file = Read(name), bare = WithoutTables(file);

        Assert.True(bare.Length < file.Length - 25);
        Assert.Equal(Pixels(file), Pixels(bare));
        foreach ((int side, FaceColour colour) in new[] { (23, FaceColour.Grey), (5, FaceColour.Grey), (11, FaceColour.Rgb) })
        {
            Assert.Equal(Features(file, side, colour), Features(bare, side, colour));
        }
    }

    [Theory]
    [InlineData("progressive420")]
    [InlineData("rgbprogressive")]
    public void Load_ProgressiveWithoutTables_Refuses(string name) =>
        Assert.Throws<InvalidDataException>(() => Pixels(WithoutTables(Read(name))));

    [Theory]
    [InlineData(0xC9, 8, 3, "its coding is arithmetic, not baseline or progressive with Huffman codes")]
    [InlineData(0xCA, 8, 3, "its coding is arithmetic, not baseline or progressive with Huffman codes")]
    [InlineData(0xC3, 8, 3, "its coding is lossless, not baseline or progressive with Huffman codes")]
    [InlineData(0xC5, 8, 3, "its coding is hierarchical, not baseline or progressive with Huffman codes")]
    [InlineData(0xC1, 12, 3, "it has 12 bits a sample, not 8")]
    [InlineData(0xC0, 8, 2, "it has 2 components, not 1, 3 or 4")]
    public void Load_KindThatIsNotRead_SaysWhich(byte frame, byte bits, byte components, string fault)
    {
        byte[] file = Read("base420");
        int at = file.AsSpan().IndexOf([(byte)0xFF, (byte)0xC0]);
        (file[at + 1], file[at + 4], file[at + 9]) = (frame, bits, components);

        Assert.Equal(
            $"x.jpg: cannot be decoded: {fault}; expected a complete JPEG or PNG image.",
            Assert.Throws<InvalidDataException>(() => Pixels(file)).Message);
    }

    private static byte[] Read(string name) => File.ReadAllBytes(FaceFolder.Golden($"{name}.jpg"));

    private static byte[] Pixels(byte[] file) => new FaceReader().ReadImage("x.jpg", file, null).Pixels.ToArray();

    private static float[] Features(byte[] file, int side, FaceColour colour)
    {
        using var folder = new FaceFolder();
        var options = new FaceOptions { Width = side, Height = side, Colour = colour, Decoding = FaceDecoding.Fast };
        return new FaceFrontEnd(options).Extract([folder.Write("x.jpg", file)]);
    }

    private static bool IsRead(byte[] file)
    {
        try
        {
            Pixels(file);
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static byte[] WithoutTables(byte[] file)
    {
        var kept = new List<byte>(file[..2]);
        int at = 2;
        while (file[at + 1] != 0xDA)
        {
            int length = 2 + ((file[at + 2] << 8) | file[at + 3]);
            if (file[at + 1] != 0xC4)
            {
                kept.AddRange(file[at..(at + length)]);
            }

            at += length;
        }

        return [.. kept, .. file[at..]];
    }
}

using System.Buffers.Binary;

namespace CrossModalVae.Faces.Jpeg;

/// <summary>
/// What a JPEG file says before its first scan's data, and whether <see cref="JpegFaceDecoder"/> reads that kind: 8-bit Huffman-coded
/// baseline, extended or progressive, grey or YCbCr, chroma at full or half size on either axis. That is what cameras, browsers, ffmpeg,
/// MATLAB and Pillow write; anything else (CMYK, RGB, arithmetic coding, 12 bits, odd samplings) is left to the library. Sources: ITU-R
/// T.81 annex B, JFIF 1.02, libjpeg's guesses of colour spaces.
/// </summary>
internal sealed class JpegHeader
{
    private const byte Baseline = 0xC0, Extended = 0xC1, Progressive = 0xC2;
    private const byte HuffmanTables = 0xC4;
    private const byte StartOfScan = 0xDA, EndOfImage = 0xD9;
    private const byte App0 = 0xE0, App1 = 0xE1, App14 = 0xEE;

    private JpegHeader()
    {
    }

    /// <summary>In pixels, as stored.</summary>
    public int Width { get; private init; }

    /// <summary>In pixels, as stored.</summary>
    public int Height { get; private init; }

    /// <summary>EXIF orientation, 1 to 8; 1 where there is none.</summary>
    public int Orientation { get; private init; }

    /// <summary>Whether coefficients come in several scans.</summary>
    public bool IsProgressive { get; private init; }

    /// <summary>Whether <see cref="JpegFaceDecoder"/> reads this kind.</summary>
    public bool IsSupported { get; private init; }

    /// <summary>One for grey, three for YCbCr.</summary>
    public IReadOnlyList<JpegComponent> Components { get; private init; } = [];

    /// <summary>Luma samples for one chroma sample across.</summary>
    public int HorizontalRatio => Components[0].Across;

    /// <summary>Luma samples for one chroma sample down.</summary>
    public int VerticalRatio => Components[0].Down;

    /// <summary>Reads the header of a file that <see cref="FaceFile"/> has accepted, so every segment is whole.</summary>
    public static JpegHeader Read(ReadOnlySpan<byte> file)
    {
        int orientation = 0, adobe = -1;
        bool jfif = false;
        byte frame = 0;
        ReadOnlySpan<byte> sizes = [];
        for (int at = 2;
            JpegSegments.Next(file, ref at, out byte marker, out ReadOnlySpan<byte> content) && marker is not (StartOfScan or EndOfImage);)
        {
            if (marker == App0)
            {
                jfif |= content.StartsWith("JFIF\0"u8);
            }
            else if (marker == App1 && content.StartsWith("Exif\0\0"u8))
            {
                orientation = FaceExif.Orientation(content[6..]);
            }
            else if (marker == App14 && content.Length >= 12 && content.StartsWith("Adobe"u8))
            {
                adobe = content[11];
            }
            else if (marker is >= 0xC0 and <= 0xCF and not (HuffmanTables or 0xC8 or 0xCC))
            {
                frame = marker;
                sizes = content;
            }
        }

        JpegComponent[] components = frame is Baseline or Extended or Progressive ? ReadComponents(sizes) : [];
        return new JpegHeader
        {
            Width = sizes.Length < 5 ? 0 : BinaryPrimitives.ReadUInt16BigEndian(sizes[3..]),
            Height = sizes.Length < 5 ? 0 : BinaryPrimitives.ReadUInt16BigEndian(sizes[1..]),
            Orientation = orientation == 0 ? 1 : orientation,
            IsProgressive = frame == Progressive,
            Components = components,
            IsSupported = components.Length == 1
                || (components.Length == 3 && IsYCbCr(components, jfif, adobe) && IsUsualSampling(components)),
        };
    }

    private static JpegComponent[] ReadComponents(ReadOnlySpan<byte> content)
    {
        if (content.Length < 6 || content[0] != 8 || content[5] is not (1 or 3) || content.Length != 6 + (3 * content[5]))
        {
            return [];
        }

        var components = new JpegComponent[content[5]];
        for (int i = 0; i < components.Length; i++)
        {
            ReadOnlySpan<byte> c = content.Slice(6 + (3 * i), 3);
            bool alone = components.Length == 1; // then its sampling means nothing
            components[i] = new JpegComponent(c[0], alone ? 1 : c[1] >> 4, alone ? 1 : c[1] & 15, c[2]);
        }

        bool valid = components.All(c => c.Quantisation < 4) && components.DistinctBy(c => c.Id).Count() == components.Length;
        return valid ? components : [];
    }

    // As libjpeg guesses (jdapimin.c): JFIF is YCbCr, Adobe says, else the names of the components.
    private static bool IsYCbCr(JpegComponent[] components, bool jfif, int adobe) =>
        jfif || (adobe >= 0 ? adobe == 1 : (components[0].Id, components[1].Id, components[2].Id) != ('R', 'G', 'B'));

    private static bool IsUsualSampling(JpegComponent[] components) =>
        components[0] is { Across: 1 or 2, Down: 1 or 2 } && components[1..].All(c => c is { Across: 1, Down: 1 });
}

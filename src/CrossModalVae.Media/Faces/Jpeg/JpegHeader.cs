using System.Buffers.Binary;

namespace CrossModalVae.Faces.Jpeg;

/// <summary>A component of a frame: its identifier in scan headers, its sampling factors and its quantisation table, 0 to 3.</summary>
internal sealed record JpegComponent(int Id, int HorizontalFactor, int VerticalFactor, int Quantisation);

/// <summary>How the components of a JPEG make colours.</summary>
internal enum JpegColourSpace
{
    /// <summary>One component.</summary>
    Grey,

    /// <summary>Luma and chroma (JFIF).</summary>
    YCbCr,

    /// <summary>Red, green, blue.</summary>
    Rgb,

    /// <summary>Inks, inverted as Adobe's programs write them.</summary>
    Cmyk,

    /// <summary>Cyan, magenta and yellow as luma and chroma, then black.</summary>
    Ycck,
}

/// <summary>
/// The header of a JPEG file, and whether <see cref="JpegFaceDecoder"/> reads that kind: 8-bit Huffman-coded baseline, extended or
/// progressive, grey, YCbCr, RGB, CMYK or YCCK, any sampling factors. The others (arithmetic coding, 12 bits, lossless, hierarchical) are
/// refused, as Pillow refuses them or as nobody writes them. Sources: ITU-R T.81 annex B, JFIF 1.02, libjpeg's guesses of colour spaces.
/// </summary>
internal sealed class JpegHeader
{
    private const int MaxFactor = 4; // T.81 B.2.2

    private JpegHeader()
    {
    }

    /// <summary>Width in pixels, as stored.</summary>
    public int Width { get; private init; }

    /// <summary>Height in pixels, as stored.</summary>
    public int Height { get; private init; }

    /// <summary>EXIF orientation, 1 to 8; 1 where there is none.</summary>
    public int Orientation { get; private init; }

    /// <summary>Whether coefficients are refined by several scans.</summary>
    public bool IsProgressive { get; private init; }

    /// <summary>What kind it is that is not read, the end of a sentence; null where <see cref="JpegFaceDecoder"/> reads it.</summary>
    public string? Unread { get; private init; }

    /// <summary>How components make colours.</summary>
    public JpegColourSpace ColourSpace { get; private init; }

    /// <summary>One for grey, three or four for colour.</summary>
    public IReadOnlyList<JpegComponent> Components { get; private init; } = [];

    /// <summary>The largest horizontal sampling factor: samples of a component at full width.</summary>
    public int HorizontalFactor { get; private init; } = 1;

    /// <summary>The largest vertical sampling factor.</summary>
    public int VerticalFactor { get; private init; } = 1;

    /// <summary>Whether the first component alone is the picture in grey, at full size.</summary>
    public bool HasLuma => ColourSpace is JpegColourSpace.Grey or JpegColourSpace.YCbCr
        && (Components[0].HorizontalFactor, Components[0].VerticalFactor) == (HorizontalFactor, VerticalFactor);

    /// <summary>Reads the header of a file that <see cref="FaceFile"/> has accepted, so every segment is whole.</summary>
    public static JpegHeader Read(ReadOnlySpan<byte> file)
    {
        int orientation = 0, adobe = -1;
        bool jfif = false;
        byte frame = 0;
        ReadOnlySpan<byte> sizes = [];
        for (int at = 2;
            JpegSegments.Next(file, ref at, out byte marker, out ReadOnlySpan<byte> content)
            && marker is not (JpegSegments.StartOfScan or JpegSegments.EndOfImage);)
        {
            if (marker == JpegSegments.App0)
            {
                jfif |= content.StartsWith("JFIF\0"u8);
            }
            else if (orientation == 0 && marker == JpegSegments.App1 && content.Length > 6 && content.StartsWith("Exif\0"u8))
            {
                orientation = ExifOrientation.Read(content[6..]); // the first segment that has a valid one
            }
            else if (marker == JpegSegments.App14 && content.Length >= 12 && content.StartsWith("Adobe"u8))
            {
                adobe = content[11];
            }
            else if (JpegSegments.IsFrame(marker))
            {
                frame = marker;
                sizes = content;
            }
        }

        string? unread = Kind(frame, sizes);
        JpegComponent[] components = unread is null ? ReadComponents(sizes) : [];
        return new JpegHeader
        {
            Width = sizes.Length < 5 ? 0 : BinaryPrimitives.ReadUInt16BigEndian(sizes[3..]),
            Height = sizes.Length < 5 ? 0 : BinaryPrimitives.ReadUInt16BigEndian(sizes[1..]),
            Orientation = orientation == 0 ? 1 : orientation,
            IsProgressive = frame == JpegSegments.ProgressiveFrame,
            Components = components,
            HorizontalFactor = components.Select(c => c.HorizontalFactor).DefaultIfEmpty(1).Max(),
            VerticalFactor = components.Select(c => c.VerticalFactor).DefaultIfEmpty(1).Max(),
            ColourSpace = components.Length switch
            {
                0 or 1 => JpegColourSpace.Grey,
                3 => IsYCbCr(components, jfif, adobe) ? JpegColourSpace.YCbCr : JpegColourSpace.Rgb,
                _ => adobe is -1 or 0 ? JpegColourSpace.Cmyk : JpegColourSpace.Ycck,
            },
            Unread = unread ?? (components.Length == 0 ? "its frame header is broken" : null),
        };
    }

    // A frame that is not read, as the end of a sentence.
    private static string? Kind(byte frame, ReadOnlySpan<byte> sizes)
    {
        if (frame is < JpegSegments.BaselineFrame or > JpegSegments.ProgressiveFrame)
        {
            string kind = (frame & 3) == 3 ? "lossless" : frame is 0xC9 or 0xCA ? "arithmetic" : "hierarchical";
            return $"its coding is {kind}, not baseline or progressive with Huffman codes";
        }

        return sizes.Length < 6 ? null
            : sizes[0] != 8 ? $"it has {sizes[0]} bits a sample, not 8"
            : sizes[5] is not (1 or 3 or 4) ? $"it has {sizes[5]} components, not 1, 3 or 4"
            : null;
    }

    private static JpegComponent[] ReadComponents(ReadOnlySpan<byte> content)
    {
        if (content.Length < 6 || content.Length != 6 + (3 * content[5]))
        {
            return [];
        }

        var components = new JpegComponent[content[5]];
        for (int i = 0; i < components.Length; i++)
        {
            ReadOnlySpan<byte> c = content.Slice(6 + (3 * i), 3);
            bool single = components.Length == 1; // then its sampling factors mean nothing
            components[i] = new JpegComponent(c[0], single ? 1 : c[1] >> 4, single ? 1 : c[1] & 15, c[2]);
        }

        bool valid = components.All(c => c.Quantisation < 4 && IsFactor(c.HorizontalFactor) && IsFactor(c.VerticalFactor))
            && components.DistinctBy(c => c.Id).Count() == components.Length;
        return valid ? components : [];
    }

    private static bool IsFactor(int factor) => factor is > 0 and <= MaxFactor;

    // As libjpeg guesses (jdapimin.c): JFIF is YCbCr, then Adobe's transform decides, then the identifiers of the components.
    private static bool IsYCbCr(JpegComponent[] components, bool jfif, int adobe) =>
        jfif || (adobe >= 0 ? adobe != 0 : (components[0].Id, components[1].Id, components[2].Id) != ('R', 'G', 'B'));
}

using System.Buffers.Binary;

namespace CrossModalVae.Faces.Jpeg;

/// <summary>A component of a frame: its identifier in scan headers, its sampling factors and its quantisation table, 0 to 3.</summary>
internal sealed record JpegComponent(int Id, int HorizontalFactor, int VerticalFactor, int Quantisation);

/// <summary>
/// The header of a JPEG file, and whether <see cref="JpegFaceDecoder"/> reads that kind: 8-bit Huffman-coded baseline, extended or
/// progressive, grey or YCbCr, chroma at full or half size on either axis, as cameras, browsers, ffmpeg, MATLAB and Pillow write.
/// ImageSharp reads the others (CMYK, RGB, arithmetic coding, 12 bits, unusual samplings). Sources: ITU-R T.81 annex B, JFIF 1.02,
/// libjpeg's guesses of colour spaces.
/// </summary>
internal sealed class JpegHeader
{
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

    /// <summary>Whether <see cref="JpegFaceDecoder"/> reads this kind.</summary>
    public bool IsSupported { get; private init; }

    /// <summary>One for grey, three for YCbCr.</summary>
    public IReadOnlyList<JpegComponent> Components { get; private init; } = [];

    /// <summary>Luma samples per chroma sample, horizontally.</summary>
    public int HorizontalRatio => Components[0].HorizontalFactor;

    /// <summary>Luma samples per chroma sample, vertically.</summary>
    public int VerticalRatio => Components[0].VerticalFactor;

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
            else if (marker == JpegSegments.App1 && content.StartsWith("Exif\0\0"u8))
            {
                orientation = ExifOrientation.Read(content[6..]);
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

        bool isHuffman = frame is >= JpegSegments.BaselineFrame and <= JpegSegments.ProgressiveFrame;
        JpegComponent[] components = isHuffman ? ReadComponents(sizes) : [];
        return new JpegHeader
        {
            Width = sizes.Length < 5 ? 0 : BinaryPrimitives.ReadUInt16BigEndian(sizes[3..]),
            Height = sizes.Length < 5 ? 0 : BinaryPrimitives.ReadUInt16BigEndian(sizes[1..]),
            Orientation = orientation == 0 ? 1 : orientation,
            IsProgressive = frame == JpegSegments.ProgressiveFrame,
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
            bool single = components.Length == 1; // then its sampling factors mean nothing
            components[i] = new JpegComponent(c[0], single ? 1 : c[1] >> 4, single ? 1 : c[1] & 15, c[2]);
        }

        bool valid = components.All(c => c.Quantisation < 4) && components.DistinctBy(c => c.Id).Count() == components.Length;
        return valid ? components : [];
    }

    // As libjpeg guesses (jdapimin.c): JFIF is YCbCr, then Adobe's transform decides, then the identifiers of the components.
    private static bool IsYCbCr(JpegComponent[] components, bool jfif, int adobe) =>
        jfif || (adobe >= 0 ? adobe == 1 : (components[0].Id, components[1].Id, components[2].Id) != ('R', 'G', 'B'));

    private static bool IsUsualSampling(JpegComponent[] components) =>
        components[0] is { HorizontalFactor: 1 or 2, VerticalFactor: 1 or 2 }
            && components[1..].All(c => c is { HorizontalFactor: 1, VerticalFactor: 1 });
}

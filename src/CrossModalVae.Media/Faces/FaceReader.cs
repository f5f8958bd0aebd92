using CrossModalVae.Faces.Jpeg;
using CrossModalVae.Files;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Metadata.Profiles.Exif;
using SixLabors.ImageSharp.PixelFormats;

namespace CrossModalVae.Faces;

/// <summary>
/// Reads one face file at a time: checks it, decodes it, and passes its rows on as stored. JPEG files are decoded by
/// <see cref="JpegFaceDecoder"/>, PNG by ImageSharp. Keeps its buffers between files; not thread-safe.
/// </summary>
internal sealed class FaceReader(CancellationToken cancellationToken = default)
{
    // More than the largest picture takes as an uncompressed PNG with alpha.
    private const long LargestFileBytes = 5L * FaceImage.LargestPixelCount;

    // Decoders of other formats never see a file.
    private static readonly Configuration Formats = new(new PngConfigurationModule());

    private readonly JpegFaceDecoder _jpeg = new();
    private byte[] _file = [];
    private byte[] _colours = []; // [3, width]

    /// <summary>Reads a face, or the part of it in a box, into a resampler, which is then ready for <see
    /// cref="FaceResampler.AddTo"/>.</summary>
    public void Read(string path, FaceBox? box, FaceOptions options, FaceResampler resampler) =>
        Read(path, Load(path), box, options, resampler);

    /// <summary>As <see cref="Read(string, FaceBox?, FaceOptions, FaceResampler)"/>, from bytes; the path is for messages.</summary>
    public void Read(string path, ReadOnlySpan<byte> file, FaceBox? box, FaceOptions options, FaceResampler resampler)
    {
        (JpegHeader? header, bool isClosed) = Check(path, file);
        if (header is null)
        {
            ReadByLibrary(path, file, box, options, resampler);
            return;
        }

        (int width, int height, int orientation) = (header.Width, header.Height, header.Orientation);
        bool isRotated = orientation >= 5;
        (int uprightWidth, int uprightHeight) = isRotated ? (height, width) : (width, height);
        FaceBox upright = Part(path, box, uprightWidth, uprightHeight, options.Square);
        if (!SquareCrop.IsWithin(upright, uprightWidth, uprightHeight))
        {
            Read(ReadImage(path, file, box, options), resampler);
            return;
        }

        FaceBox part = upright.Stored(orientation, width, height);
        int blockSize = BlockSize(options, part, isRotated);
        bool wantsLuma = options is { Colour: FaceColour.Grey, Decoding: FaceDecoding.Fast } && header.HasLuma && isClosed;
        bool lumaOnly = wantsLuma || header.Components.Count == 1;
        Decode(path, file, header, isClosed, blockSize, lumaOnly);
        Begin(resampler, _jpeg.Width, _jpeg.Height, orientation, part, blockSize);
        for (int y = resampler.FirstRow; y < resampler.EndRow; y++)
        {
            if (lumaOnly)
            {
                resampler.AddRow(y, _jpeg.Luma(y));
            }
            else
            {
                Colours colours = Reserve(_jpeg.Width);
                _jpeg.Colours(y, colours.Red, colours.Green, colours.Blue);
                resampler.AddRow(y, colours.Red, colours.Green, colours.Blue);
            }
        }
    }

    /// <summary>Reads an upright picture in memory into a resampler.</summary>
    public void Read(FaceImage image, FaceResampler resampler) =>
        Read(image, new FaceBox(0, 0, image.Width, image.Height), resampler);

    /// <summary>Reads an upright picture in memory, or the part of it in a box, into a resampler; the name is for messages.</summary>
    public void Read(string name, FaceImage image, FaceBox? box, FaceOptions options, FaceResampler resampler)
    {
        FaceBox part = Part(name, box, image.Width, image.Height, options.Square);
        if (SquareCrop.IsWithin(part, image.Width, image.Height))
        {
            Read(image, part, resampler);
        }
        else
        {
            Read(image.Crop(part), resampler);
        }
    }

    private void Read(FaceImage image, FaceBox part, FaceResampler resampler)
    {
        Begin(resampler, image.Width, image.Height, 1, part, 8);
        for (int y = resampler.FirstRow; y < resampler.EndRow; y++)
        {
            AddPixels(resampler, y, image.Pixels.Slice(3 * y * image.Width, 3 * image.Width));
        }
    }

    /// <summary>Reads a picture, or the part of it in a box, exactly and upright.</summary>
    public FaceImage ReadImage(string path, FaceBox? box, FaceOptions? options = null) => ReadImage(path, Load(path), box, options);

    /// <summary>As <see cref="ReadImage(string, FaceBox?, FaceOptions?)"/>, from bytes; the path is for messages.</summary>
    public FaceImage ReadImage(string path, ReadOnlySpan<byte> file, FaceBox? box, FaceOptions? options = null)
    {
        (byte[] pixels, int width, int height) = ReadPixels(path, file);
        var image = FaceImage.Of(pixels, width, height);
        return box is null && options?.Square is null ? image : image.Crop(Part(path, box, width, height, options?.Square));
    }

    // Upright pixels, [height, width, 3].
    private (byte[] Pixels, int Width, int Height) ReadPixels(string path, ReadOnlySpan<byte> file)
    {
        (JpegHeader? header, bool isClosed) = Check(path, file);
        if (header is null)
        {
            return DecodeByLibrary(path, file);
        }

        Decode(path, file, header, isClosed, 8, lumaOnly: false);
        (int width, int height) = (header.Width, header.Height);
        var stored = new byte[3 * width * height];
        Colours colours = Reserve(width);
        for (int y = 0; y < height; y++)
        {
            _jpeg.Colours(y, colours.Red, colours.Green, colours.Blue);
            PixelRows.Join(colours.Red, colours.Green, colours.Blue, stored.AsSpan(3 * y * width, 3 * width));
        }

        return header.Orientation == 1 ? (stored, width, height) : Upright(stored, width, height, header.Orientation);
    }

    private static (byte[] Pixels, int Width, int Height) Upright(byte[] stored, int width, int height, int orientation)
    {
        (int uprightWidth, int uprightHeight) = orientation >= 5 ? (height, width) : (width, height);
        var upright = new byte[stored.Length];
        for (int y = 0; y < uprightHeight; y++)
        {
            for (int x = 0; x < uprightWidth; x++)
            {
                (int sx, int sy) = ExifOrientation.Stored(orientation, x, y, width, height);
                stored.AsSpan(3 * ((sy * width) + sx), 3).CopyTo(upright.AsSpan(3 * ((y * uprightWidth) + x), 3));
            }
        }

        return (upright, uprightWidth, uprightHeight);
    }

    private static FaceBox Part(string path, FaceBox? box, int width, int height, FaceSquare? square)
    {
        box?.RequireWithin(path, width, height);
        return SquareCrop.Of(box, width, height, square);
    }

    private static int BlockSize(FaceOptions options, FaceBox part, bool isRotated) =>
        options.Decoding == FaceDecoding.Exact ? 8
        : isRotated ? JpegFaceDecoder.BlockSize(part.Width, part.Height, options.Height, options.Width)
        : JpegFaceDecoder.BlockSize(part.Width, part.Height, options.Width, options.Height);

    private static void Begin(FaceResampler resampler, int width, int height, int orientation, FaceBox part, int blockSize)
    {
        double scale = blockSize / 8.0;
        resampler.Begin(width, height, orientation, part.Left * scale, part.Top * scale, part.Width * scale, part.Height * scale);
    }

    private static (JpegHeader? Jpeg, bool IsClosed) Check(string path, ReadOnlySpan<byte> file)
    {
        bool isClosed = FaceFile.Check(path, file);
        JpegHeader? header = FaceFile.IsJpeg(file) ? JpegHeader.Read(file) : null;
        return header is { Unread: string fault } ? throw Undecodable(path, fault, null) : (header, isClosed);
    }

    // Upright pixels. Any exception of a decoder is a fault of the file; no code of this library runs inside the try block.
    private (byte[] Pixels, int Width, int Height) DecodeByLibrary(string path, ReadOnlySpan<byte> file)
    {
        byte[] copy = PngStructure.WithoutEmptyData(file); // a copy also because the decoder may outlive this call
        int orientation = PngStructure.Orientation(file);
        try
        {
            using Image<Rgb24> image = ForeignDecoder.Run(() => Image.Load<Rgb24>(Formats, copy), cancellationToken);
            orientation = orientation > 0 ? orientation : LegacyOrientation(image);
            var pixels = new byte[3 * image.Width * image.Height];
            image.CopyPixelDataTo(pixels);
            return orientation == 1
                ? (pixels, image.Width, image.Height)
                : Upright(pixels, image.Width, image.Height, orientation);
        }
        catch (Exception e) when (e is not (OutOfMemoryException or OperationCanceledException))
        {
            bool isSaid = e is ImageFormatException or NotSupportedException or TimeoutException;
            throw Undecodable(path, isSaid ? e.Message.Trim().TrimEnd('.') : "its content is damaged", e);
        }
    }

    // ImageMagick writes EXIF into text chunks, which the library reads.
    private static int LegacyOrientation(Image image) =>
        image.Metadata.ExifProfile?.Values.FirstOrDefault(value => value.Tag == ExifTag.Orientation)?.GetValue()
            is ushort orientation and >= 1 and <= 8
                ? orientation
                : 1;

    // At full size under either decoding.
    private void ReadByLibrary(string path, ReadOnlySpan<byte> file, FaceBox? box, FaceOptions options, FaceResampler resampler)
    {
        (byte[] pixels, int width, int height) = DecodeByLibrary(path, file);
        Read(path, FaceImage.Of(pixels, width, height), box, options, resampler);
    }

    private void Decode(string path, ReadOnlySpan<byte> file, JpegHeader header, bool isClosed, int blockSize, bool lumaOnly)
    {
        if (_jpeg.Decode(file, header, blockSize, lumaOnly, cancellationToken) is string fault)
        {
            throw isClosed ? Undecodable(path, fault, null) : FaceFile.Truncated(path, file.Length);
        }
    }

    private static InvalidDataException Undecodable(string path, string fault, Exception? inner) =>
        new($"{path}: cannot be decoded: {fault}; {FaceFile.Expected}.", inner);

    private ReadOnlySpan<byte> Load(string path)
    {
        int length = InputFile.ReadAll(path, FaceFile.Wanted, LargestFileBytes, ref _file);
        return _file.AsSpan(0, length);
    }

    private void AddPixels(FaceResampler resampler, int y, ReadOnlySpan<byte> pixels)
    {
        Colours colours = Reserve(pixels.Length / 3);
        PixelRows.Split(pixels, colours.Red, colours.Green, colours.Blue);
        resampler.AddRow(y, colours.Red, colours.Green, colours.Blue);
    }

    private Colours Reserve(int width)
    {
        Span<byte> rows = ScratchBuffer.Reserve(ref _colours, 3 * width);
        return new Colours(rows[..width], rows.Slice(width, width), rows[(2 * width)..]);
    }

    private readonly ref struct Colours(Span<byte> red, Span<byte> green, Span<byte> blue)
    {
        public Span<byte> Red { get; } = red;

        public Span<byte> Green { get; } = green;

        public Span<byte> Blue { get; } = blue;
    }
}

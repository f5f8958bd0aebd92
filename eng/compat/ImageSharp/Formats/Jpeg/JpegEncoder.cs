using System.Buffers;
using System.Runtime.InteropServices;

namespace SixLabors.ImageSharp.Formats.Jpeg;

public sealed unsafe class JpegEncoder
{
    private const int DefaultQuality = 75;
    private const int LargestSide = 65535;

    private readonly int? _quality;

    public int? Quality
    {
        get => _quality;
        init => _quality = value is < 1 or > 100 ? throw new ArgumentException("Quality factor must be in [1..100] range.") : value;
    }

    internal void Encode(Image image, Stream stream)
    {
        (int width, int height) = (image.Width, image.Height);
        if (width > LargestSide || height > LargestSide)
        {
            throw new ImageFormatException($"Image is too large to encode at {width}x{height} for JPEG format.");
        }

        if (Quality is null && image.Source.Sampling is not null)
        {
            // The genuine encoder takes over the quality of the JPEG that the image was decoded from.
            throw new NotSupportedException("Saving an image that was decoded from a JPEG needs JpegEncoder.Quality on the system stack.");
        }

        ReadOnlySpan<byte> bytes = image.EncoderBytes(out bool grey);
        byte[]? rgb = null;
        try
        {
            if (grey)
            {
                // A new grey image becomes a colour JPEG, as with the genuine encoder, and libjpeg converts from RGB only.
                rgb = ArrayPool<byte>.Shared.Rent(3 * bytes.Length); // [Height, Width, 3]
                for (int i = 0; i < bytes.Length; i++)
                {
                    rgb.AsSpan(3 * i, 3).Fill(bytes[i]);
                }

                bytes = rgb;
            }

            Compress(bytes, width, height, image.Source.Sampling ?? TurboSampling.Ratio420, stream);
        }
        finally
        {
            if (rgb is not null)
            {
                ArrayPool<byte>.Shared.Return(rgb);
            }
        }
    }

    private void Compress(ReadOnlySpan<byte> rgb, int width, int height, TurboSampling sampling, Stream stream)
    {
        nint handle = TurboJpeg.InitCompress();
        if (handle == 0)
        {
            throw new InvalidOperationException($"libturbojpeg cannot start an encoder: {TurboJpeg.LastError(0)}");
        }

        byte* jpeg = null;
        var size = new CULong(0);
        try
        {
            fixed (byte* source = rgb)
            {
                if (TurboJpeg.Compress(
                    handle, source, width, 0, height, TurboPixels.Rgb, &jpeg, &size, sampling, Quality ?? DefaultQuality, TurboFlags.AccurateDct) != 0)
                {
                    throw new ImageFormatException(TurboJpeg.LastError(handle));
                }
            }

            stream.Write(new ReadOnlySpan<byte>(jpeg, (int)size.Value));
        }
        finally
        {
            TurboJpeg.Free(jpeg);
            _ = TurboJpeg.Destroy(handle);
        }
    }
}

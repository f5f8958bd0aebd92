using System.Runtime.InteropServices;

namespace SixLabors.ImageSharp.Formats.Jpeg;

/// <summary>Chroma sampling, numbered as libturbojpeg does.</summary>
internal enum TurboSampling
{
    Ratio444 = 0,
    Ratio422 = 1,
    Ratio420 = 2,
    Grey = 3,
    Ratio411 = 5,
}

/// <summary>Pixel layouts, numbered as libturbojpeg does.</summary>
internal enum TurboPixels
{
    Rgb = 0,
    Cmyk = 11,
}

[Flags]
internal enum TurboFlags
{
    /// <summary>Chroma is replicated rather than interpolated, as the genuine decoder does.</summary>
    FastUpsample = 256,
    AccurateDct = 4096,
    StopOnWarning = 8192,
    LimitScans = 32768,
}

/// <summary>libturbojpeg's C interface, version 2.</summary>
internal static unsafe partial class TurboJpeg
{
    private const string Library = "libturbojpeg.so.0";

    [LibraryImport(Library, EntryPoint = "tjInitDecompress")]
    public static partial nint InitDecompress();

    [LibraryImport(Library, EntryPoint = "tjInitCompress")]
    public static partial nint InitCompress();

    [LibraryImport(Library, EntryPoint = "tjDestroy")]
    public static partial int Destroy(nint handle);

    [LibraryImport(Library, EntryPoint = "tjFree")]
    public static partial void Free(byte* buffer);

    [LibraryImport(Library, EntryPoint = "tjDecompress2")]
    public static partial int Decompress(
        nint handle, byte* jpeg, CULong jpegSize, byte* destination, int width, int pitch, int height, TurboPixels pixels, TurboFlags flags);

    [LibraryImport(Library, EntryPoint = "tjCompress2")]
    public static partial int Compress(
        nint handle,
        byte* source,
        int width,
        int pitch,
        int height,
        TurboPixels pixels,
        byte** jpeg,
        CULong* jpegSize,
        TurboSampling sampling,
        int quality,
        TurboFlags flags);

    public static string LastError(nint handle) => Marshal.PtrToStringUTF8(GetErrorStr(handle)) ?? "unknown error";

    [LibraryImport(Library, EntryPoint = "tjGetErrorStr2")]
    private static partial nint GetErrorStr(nint handle);
}

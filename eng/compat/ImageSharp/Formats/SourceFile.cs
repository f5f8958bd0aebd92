using SixLabors.ImageSharp.Formats.Jpeg;

namespace SixLabors.ImageSharp.Formats;

/// <summary>What a decoded file said of itself.</summary>
/// <param name="Orientation">EXIF orientation, 1 to 8; 0 where it has none.</param>
/// <param name="Sampling">A JPEG's chroma sampling, null for other sources.</param>
internal sealed record SourceFile(int Orientation = 0, TurboSampling? Sampling = null);

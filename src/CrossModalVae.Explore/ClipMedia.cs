using CrossModalVae.Audio;
using CrossModalVae.Faces;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace CrossModalVae.Explore;

/// <summary>Pictures and sounds of clips: of files that the manifest names, and of no others.</summary>
internal sealed class ClipMedia
{
    /// <summary>The longer side of a picture that is served, in pixels.</summary>
    internal const int ServedSide = 256;

    /// <summary>The longer side of a thumbnail in a file.</summary>
    internal const int ThumbnailSide = 96;

    /// <summary>The longest sound that is served.</summary>
    internal const double ServedSeconds = 10;

    /// <summary>The longest excerpt in a file.</summary>
    internal const double ExcerptSeconds = 2;

    /// <summary>The highest rate of a sound that is served, which every browser plays.</summary>
    internal const int ServedHz = 48_000;
    /// <summary>The rate of an excerpt.</summary>
    internal const int ExcerptHz = 16_000;

    private readonly Manifest _manifest;
    private readonly Dictionary<(string, string), Clip> _clips;

    internal ClipMedia(Manifest manifest)
    {
        _manifest = manifest;
        _clips = manifest.Clips.ToDictionary(clip => (clip.Identity, clip.Name));
    }

    /// <summary>How many rows are of clips that the manifest has.</summary>
    internal int CountKnown(EmbeddingSet rows) => rows.Rows.Count(row => _clips.ContainsKey((row.Identity, row.Clip)));

    /// <summary>The file that a row was computed from, the middle frame of a face; null where the manifest names none.</summary>
    internal string? PathOf(EmbeddingRow row) => !_clips.TryGetValue((row.Identity, row.Clip), out Clip? clip) ? null
        : row.Modality == Modality.Voice ? _manifest.VoicePath(clip)
        : clip.Faces.Count == 0 ? null : _manifest.FacePaths(clip)[clip.Faces.Count / 2];

    /// <summary>The middle frame of a clip's face as a JPEG; null where the manifest names none.</summary>
    /// <exception cref="FileNotFoundException">The file is missing.</exception>
    /// <exception cref="InvalidDataException">The file is no picture.</exception>
    internal byte[]? Face(EmbeddingRow row, int side, CancellationToken cancellationToken)
    {
        if (!_clips.TryGetValue((row.Identity, row.Clip), out Clip? clip) || clip.Faces.Count == 0)
        {
            return null;
        }

        int frame = clip.Faces.Count / 2;
        var face = FaceImage.Load(_manifest.FacePaths(clip)[frame], cancellationToken);
        return Jpeg(clip.FaceBoxes.Count > 0 && clip.FaceBoxes[frame] is FaceBox box ? face.Crop(box) : face, side);
    }

    /// <summary>The beginning of a clip's voice as a wav file; null where the manifest names none.</summary>
    /// <exception cref="FileNotFoundException">The file is missing, or ffmpeg to read it with.</exception>
    /// <exception cref="InvalidDataException">The file is no sound.</exception>
    internal byte[]? Voice(EmbeddingRow row, double mostSeconds, int mostHz, CancellationToken cancellationToken)
    {
        if (!_clips.TryGetValue((row.Identity, row.Clip), out Clip? clip) || _manifest.VoicePath(clip) is not string path)
        {
            return null;
        }

        double seconds = Math.Min(clip.DurationSeconds ?? mostSeconds, mostSeconds);
        AudioClip sound = AudioFile.Read(path, clip.StartSeconds, seconds, cancellationToken);
        return sound.SampleRateHz <= mostHz
            ? WavFile.Encode(sound.Samples.Span, sound.SampleRateHz)
            : WavFile.Encode(new Resampler(sound.SampleRateHz, mostHz).Resample(sound.Samples.Span), mostHz);
    }

    private static byte[] Jpeg(FaceImage face, int side)
    {
        using var image = Image.LoadPixelData<Rgb24>(face.Pixels.ToArray(), face.Width, face.Height);
        double scale = Math.Min(1, (double)side / Math.Max(face.Width, face.Height));
        int width = Math.Max(1, (int)Math.Round(face.Width * scale)), height = Math.Max(1, (int)Math.Round(face.Height * scale));
        if (scale < 1)
        {
            image.Mutate(picture => picture.Resize(width, height));
        }

        using var stream = new MemoryStream();
        image.SaveAsJpeg(stream, new JpegEncoder { Quality = 80 });
        return stream.ToArray();
    }
}

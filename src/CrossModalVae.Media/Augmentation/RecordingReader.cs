using CrossModalVae.Audio;

namespace CrossModalVae.Augmentation;

/// <summary>
/// Reads crops of recordings at one rate; of a long file only the crop, so that memory does not grow with the recordings. Thread-safe.
/// </summary>
internal sealed class RecordingReader(int sampleRateHz)
{
    private readonly ResamplerCache _resamplers = new(sampleRateHz);

    public int SampleRateHz => sampleRateHz;

    /// <summary>
    /// A crop at a random place; a recording shorter than that is repeated (numpy.pad, mode wrap, as voxceleb_trainer does).
    /// </summary>
    public float[] RandomCrop(VoicePiece piece, int count, SeededRandom random)
    {
        double wanted = (double)count / sampleRateHz;
        double available = Available(piece);
        double offset = random.NextDouble() * Math.Max(0, available - wanted); // drawn in any case
        float[] samples = Read(piece.Path, piece.StartSeconds + offset, Math.Min(wanted, available));
        if (samples.Length < count)
        {
            var repeated = new float[count];
            for (int n = 0; n < count; n += samples.Length)
            {
                samples.AsSpan(0, Math.Min(samples.Length, count - n)).CopyTo(repeated.AsSpan(n));
            }

            return repeated;
        }

        return samples.Length == count ? samples : samples[..count];
    }

    /// <summary>
    /// The part of a clip that a recipe's crop may use: its start or its middle, at most <paramref name="wantedSeconds"/>.
    /// </summary>
    public float[] Crop(VoicePiece piece, double wantedSeconds, VoiceCrop crop)
    {
        double available = Available(piece);
        double start = crop == VoiceCrop.Center ? Math.Max(0, (available - wantedSeconds) / 2) : 0;
        return Read(piece.Path, piece.StartSeconds + start, Math.Min(wantedSeconds, available));
    }

    /// <summary>The start of a recording.</summary>
    public float[] Read(string path, double startSeconds, double durationSeconds)
    {
        AudioClip clip = AudioFile.Read(path, startSeconds, durationSeconds);
        return Convert(clip.Samples.Span, clip.SampleRateHz);
    }

    /// <summary>Samples of another rate as samples of this reader's.</summary>
    public float[] Convert(ReadOnlySpan<float> samples, int fromHz) =>
        _resamplers.From(fromHz)?.Resample(samples) ?? samples.ToArray();

    private static double Available(VoicePiece piece)
    {
        double rest = AudioFile.DurationSeconds(piece.Path) - piece.StartSeconds;
        return Math.Min(rest, piece.DurationSeconds ?? rest);
    }
}

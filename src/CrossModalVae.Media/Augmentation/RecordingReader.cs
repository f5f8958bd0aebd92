using CrossModalVae.Audio;

namespace CrossModalVae.Augmentation;

/// <summary>A recording, or the part of one that is a clip; null seconds are to the end.</summary>
internal readonly record struct VoiceSegment(string Path, double StartSeconds = 0, double? DurationSeconds = null);

/// <summary>Reads crops of recordings at one rate; only the crop of a long file is read. Thread-safe.</summary>
internal sealed class RecordingReader(int sampleRateHz, SoundReading? reading = null)
{
    private readonly SoundReading _reading = reading ?? SoundReading.Strict;

    private readonly ResamplerCache _resamplers = new(sampleRateHz);

    public int SampleRateHz => sampleRateHz;

    /// <summary>A crop at a random place; a shorter recording is repeated (numpy.pad, mode wrap, as voxceleb_trainer does).</summary>
    public float[] RandomCrop(VoiceSegment segment, int count, SeededRandom random)
    {
        double wanted = (double)count / sampleRateHz;
        double seconds = Available(segment);
        double offset = random.NextDouble() * Math.Max(0, seconds - wanted); // drawn even where it is not needed
        float[] samples = Read(segment.Path, segment.StartSeconds + offset, Math.Min(wanted, seconds));
        int available = samples.Length;
        Array.Resize(ref samples, count);
        for (int n = available; n < count; n++)
        {
            samples[n] = samples[n - available];
        }

        return samples;
    }

    /// <summary>The part of a clip that a recipe's crop uses: its start or its middle, at most <paramref name="wantedSeconds"/>.</summary>
    public float[] Crop(VoiceSegment segment, double wantedSeconds, VoiceCrop crop)
    {
        double available = Available(segment);
        double start = crop == VoiceCrop.Center ? Math.Max(0, (available - wantedSeconds) / 2) : 0;
        return Read(segment.Path, segment.StartSeconds + start, Math.Min(wantedSeconds, available));
    }

    /// <summary>A part of a recording.</summary>
    public float[] Read(string path, double startSeconds, double durationSeconds)
    {
        AudioClip clip = AudioFile.Read(path, _reading, startSeconds, durationSeconds);
        return Convert(clip.Samples.Span, clip.SampleRateHz);
    }

    /// <summary>Samples of another rate at this reader's rate.</summary>
    public float[] Convert(ReadOnlySpan<float> samples, int fromHz) =>
        _resamplers.From(fromHz)?.Resample(samples) ?? samples.ToArray();

    private double Available(VoiceSegment segment)
    {
        double rest = AudioFile.DurationSeconds(segment.Path, _reading, CancellationToken.None) - segment.StartSeconds;
        return Math.Min(rest, segment.DurationSeconds ?? rest);
    }
}

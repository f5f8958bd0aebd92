namespace CrossModalVae.Audio;

/// <summary>One channel of samples: a part of a file, or a clip in memory.</summary>
internal interface ISampleSource
{
    int SampleRateHz { get; }

    long SampleCount { get; }

    /// <summary>Fills the destination with the samples from <paramref name="firstIndex"/> on, all of which exist.</summary>
    void Read(long firstIndex, Span<float> destination);
}

/// <summary>A part of an open file, mixed down to one channel. Not thread-safe.</summary>
internal interface IClipReader : ISampleSource, IDisposable
{
    /// <summary>What was not quite right with the file.</summary>
    SoundNotes Notes { get; }
}

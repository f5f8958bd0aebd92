namespace CrossModalVae.Audio;

/// <summary>Where the front end takes one channel of samples from: a part of a file, or a clip in memory.</summary>
internal interface ISampleSource
{
    int SampleRateHz { get; }

    long SampleCount { get; }

    /// <summary>Fills the destination with the samples from <paramref name="firstIndex"/> on, all of which exist.</summary>
    void Read(long firstIndex, Span<float> destination);
}

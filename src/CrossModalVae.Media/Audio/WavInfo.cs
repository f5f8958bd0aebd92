namespace CrossModalVae.Audio;

/// <summary>What the header of a wav file says, checked against the file's length.</summary>
/// <param name="SampleRateHz">Samples per second and channel.</param>
/// <param name="ChannelCount">Channels, at least 1.</param>
/// <param name="BitsPerSample">As stored: 8, 16, 24, 32 or 64, so 16 for 12 bits in 16; 8 for A-law and mu-law.</param>
/// <param name="Encoding">How samples are encoded.</param>
/// <param name="SampleCount">Samples per channel, at least 1; all of them are in the file.</param>
public readonly record struct WavInfo(int SampleRateHz, int ChannelCount, int BitsPerSample, WavEncoding Encoding, long SampleCount)
{
    /// <summary>The file's length, in seconds.</summary>
    public double DurationSeconds => (double)SampleCount / SampleRateHz;
}

/// <summary>Sample encoding of a wav file.</summary>
public enum WavEncoding
{
    /// <summary>Integers: unsigned of 8 bits, signed of 16, 24 or 32.</summary>
    Pcm,

    /// <summary>IEEE floats of 32 or 64 bits, full scale 1.</summary>
    IeeeFloat,

    /// <summary>A-law of 8 bits (ITU-T G.711).</summary>
    ALaw,

    /// <summary>Mu-law of 8 bits (ITU-T G.711).</summary>
    MuLaw,
}

namespace CrossModalVae.Audio;

/// <summary>How a wav file writes a sample down.</summary>
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

namespace CrossModalVae.Audio;

/// <summary>What of the Fourier transform is kept.</summary>
public enum SpectrumKind
{
    /// <summary>|X|.</summary>
    Magnitude,

    /// <summary>|X| squared.</summary>
    Power,
}

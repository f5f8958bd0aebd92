namespace CrossModalVae.Synthesis.Voices;

/// <summary>The state of the articulators during one control frame.</summary>
internal struct SpeechFrame
{
    /// <summary>Formants 1 to 3 in Hz, before scaling by the tract's length.</summary>
    public double F1;
    public double F2;
    public double F3;

    /// <summary>Level of the glottal pulses, 0 to 1.</summary>
    public double Voicing;

    /// <summary>Level of the breath noise at the glottis.</summary>
    public double Aspiration;

    /// <summary>Level, centre and bandwidth of the noise at the constriction.</summary>
    public double Frication;
    public double NoiseHz;
    public double NoiseBandwidthHz;

    /// <summary>Opening of the velum, 0 to 1.</summary>
    public double Nasal;

    /// <summary>Pitch relative to the speaker's median, in semitones.</summary>
    public double Semitones;
}

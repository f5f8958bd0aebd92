namespace CrossModalVae.Synthesis.Voices;

/// <summary>The speaker that voice traits make: anatomy and habits, the same in all of an identity's clips.</summary>
internal sealed record VoiceParameters
{
    /// <summary>Reference vocal tract, the one that the vowel table was measured on.</summary>
    private const double ReferenceTractCentimetres = 16.9;
    private const double FemaleTractCentimetres = 14.8;

    /// <summary>All resonances of the tract over those of a man of average size.</summary>
    public required double FormantScale { get; init; }

    /// <summary>Median pitch in Hz.</summary>
    public required double PitchHz { get; init; }

    /// <summary>Standard deviation of the intonation in semitones.</summary>
    public required double PitchRangeSemitones { get; init; }

    /// <summary>Standard deviation of a glottal period relative to its length.</summary>
    public required double Jitter { get; init; }

    /// <summary>Standard deviation of a glottal pulse's height relative to its mean.</summary>
    public required double Shimmer { get; init; }

    /// <summary>Aspiration noise relative to the glottal pulse.</summary>
    public required double Breath { get; init; }

    /// <summary>Loss of the glottal source at 3 kHz beyond its natural slope, in dB.</summary>
    public required double TiltDecibels { get; init; }

    /// <summary>Open share of the glottal period.</summary>
    public required double OpenQuotient { get; init; }

    /// <summary>Syllables a second while speaking.</summary>
    public required double SyllablesPerSecond { get; init; }

    /// <summary>Gain of the chest's resonance in dB.</summary>
    public required double ChestDecibels { get; init; }

    /// <summary>Formant bandwidths over the usual ones: heavier walls damp more.</summary>
    public required double BandwidthScale { get; init; }

    /// <summary>How far the velum hangs open in vowels, 0 to 0.8.</summary>
    public required double Nasality { get; init; }

    /// <summary>Where on the accent continuum the vowels lie; standard normal.</summary>
    public required double Accent { get; init; }

    public static VoiceParameters From(VoiceTraits traits)
    {
        SharedTraits shared = traits.Shared;
        bool male = shared.Sex == Sex.Male;
        double tract = (male ? ReferenceTractCentimetres : FemaleTractCentimetres) + (0.75 * shared.Size);

        // Big bodies speak lower; with the years women's pitch falls and men's rises a little.
        double semitones = (-0.9 * shared.Size) + (shared.Age * (male ? 0.3 : -0.9)) + (1.5 * traits.Pitch);
        return new VoiceParameters
        {
            FormantScale = ReferenceTractCentimetres / tract,
            PitchHz = (male ? 116.0 : 200.0) * Math.Pow(2, semitones / 12),
            PitchRangeSemitones = 2.0 * Math.Exp(0.35 * traits.PitchRange),
            Jitter = 0.007 * Math.Exp(0.6 * shared.Age),
            Shimmer = 0.05 * Math.Exp(0.4 * shared.Age),
            Breath = 0.035 * Math.Exp(0.75 * shared.Age) * (male ? 1.0 : 1.4),
            TiltDecibels = Math.Max(0, (male ? 6.0 : 8.0) + (3.5 * shared.Age)),
            OpenQuotient = Math.Clamp((male ? 0.56 : 0.64) + (0.02 * shared.Age), 0.4, 0.8),
            SyllablesPerSecond = 4.6 * Math.Exp((-0.10 * shared.Age) + (0.10 * traits.SpeakingRate)),
            ChestDecibels = 3.5 * shared.Build,
            BandwidthScale = Math.Exp(0.15 * shared.Build),
            Nasality = Math.Clamp(0.22 + (0.13 * traits.Nasality), 0, 0.8),
            Accent = shared.Origin,
        };
    }
}

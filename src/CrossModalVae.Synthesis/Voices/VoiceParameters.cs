namespace CrossModalVae.Synthesis.Voices;

/// <summary>A speaker by its voice traits: anatomy and habits, the same in all of an identity's clips.</summary>
internal sealed record VoiceParameters(
    double FormantScale, // all resonances over those of a man of average size
    double PitchHz, // median
    double PitchRangeSemitones, // standard deviation of the intonation
    double Jitter, // standard deviation of a glottal period relative to its length
    double Shimmer, // standard deviation of a glottal pulse's height relative to its mean
    double Breath, // aspiration noise relative to the glottal pulse
    double TiltDecibels, // loss of the glottal source at 3 kHz beyond its natural slope
    double OpenQuotient, // open share of the glottal period
    double SyllablesPerSecond, // while speaking
    double ChestDecibels, // gain of the chest's resonance
    double BandwidthScale, // formant bandwidths over the usual ones: heavier walls damp more
    double Nasality, // opening of the velum in vowels, 0 to 0.8
    double Accent) // of the vowels, standard normal
{
    // Lengths of the vocal tract; the vowel table was measured on the first one.
    private const double ReferenceTractCentimetres = 16.9;
    private const double FemaleTractCentimetres = 14.8;

    public static VoiceParameters From(VoiceTraits traits)
    {
        SharedTraits shared = traits.Shared;
        bool male = shared.Sex == Sex.Male;
        double tract = (male ? ReferenceTractCentimetres : FemaleTractCentimetres) + (0.75 * shared.Size);

        // Pitch falls with body size; with age women's pitch falls and men's rises a little.
        double semitones = (-0.9 * shared.Size) + (shared.Age * (male ? 0.3 : -0.9)) + (1.5 * traits.Pitch);
        return new VoiceParameters(
            FormantScale: ReferenceTractCentimetres / tract,
            PitchHz: (male ? 116.0 : 200.0) * Math.Pow(2, semitones / 12),
            PitchRangeSemitones: 2.0 * Math.Exp(0.35 * traits.PitchRange),
            Jitter: 0.007 * Math.Exp(0.6 * shared.Age),
            Shimmer: 0.05 * Math.Exp(0.4 * shared.Age),
            Breath: 0.035 * Math.Exp(0.75 * shared.Age) * (male ? 1.0 : 1.4),
            TiltDecibels: Math.Max(0, (male ? 6.0 : 8.0) + (3.5 * shared.Age)),
            OpenQuotient: Math.Clamp((male ? 0.56 : 0.64) + (0.02 * shared.Age), 0.4, 0.8),
            SyllablesPerSecond: 4.6 * Math.Exp((-0.10 * shared.Age) + (0.10 * traits.SpeakingRate)),
            ChestDecibels: 3.5 * shared.Build,
            BandwidthScale: Math.Exp(0.15 * shared.Build),
            Nasality: Math.Clamp(0.22 + (0.13 * traits.Nasality), 0, 0.8),
            Accent: shared.Origin);
    }
}

namespace CrossModalVae.Synthesis.Voices;

/// <summary>Manner of articulation.</summary>
internal enum PhoneKind
{
    Vowel,
    Stop,
    Fricative,
    Nasal,
    Approximant,
}

/// <summary>Articulatory targets of one phone, for a man of average size.</summary>
internal sealed record Phone(
    PhoneKind Kind,
    double F1, // formants in Hz
    double F2, // of a consonant its locus
    double F3,
    bool Voiced = true, // the folds vibrate
    double NoiseHz = 0, // centre of the frication or burst; 0 for none
    double NoiseBandwidthHz = 0,
    double NoiseLevel = 0) // relative to a vowel
{
    /// <summary>Vowels of American men, after the means of Hillenbrand, Getty, Clark and Wheeler (1995), rounded.</summary>
    public static IReadOnlyList<Phone> Vowels { get; } =
    [
        new(PhoneKind.Vowel, 340, 2320, 3000),
        new(PhoneKind.Vowel, 430, 2030, 2680),
        new(PhoneKind.Vowel, 480, 2090, 2690),
        new(PhoneKind.Vowel, 580, 1800, 2600),
        new(PhoneKind.Vowel, 620, 1900, 2600),
        new(PhoneKind.Vowel, 770, 1330, 2520),
        new(PhoneKind.Vowel, 650, 1000, 2540),
        new(PhoneKind.Vowel, 500, 910, 2460),
        new(PhoneKind.Vowel, 470, 1120, 2430),
        new(PhoneKind.Vowel, 380, 1000, 2340),
        new(PhoneKind.Vowel, 620, 1200, 2550),
    ];

    /// <summary>Consonants: p t k, b d g, s sh f h, z v, m n, l r w j.</summary>
    public static IReadOnlyList<Phone> Consonants { get; } =
    [
        new(PhoneKind.Stop, 250, 900, 2300, Voiced: false, 1100, 1200, 0.25),
        new(PhoneKind.Stop, 250, 1750, 2700, Voiced: false, 4200, 2200, 0.45),
        new(PhoneKind.Stop, 250, 2050, 2500, Voiced: false, 2200, 900, 0.4),
        new(PhoneKind.Stop, 250, 900, 2300, Voiced: true, 900, 1000, 0.15),
        new(PhoneKind.Stop, 250, 1750, 2700, Voiced: true, 3800, 2200, 0.25),
        new(PhoneKind.Stop, 250, 2050, 2500, Voiced: true, 2000, 900, 0.25),
        new(PhoneKind.Fricative, 320, 1750, 2600, Voiced: false, 5600, 1600, 0.30),
        new(PhoneKind.Fricative, 320, 1850, 2500, Voiced: false, 3000, 1100, 0.28),
        new(PhoneKind.Fricative, 320, 1000, 2400, Voiced: false, 4500, 4500, 0.10),
        new(PhoneKind.Fricative, 500, 1500, 2500, Voiced: false, 1500, 2500, 0.08),
        new(PhoneKind.Fricative, 280, 1750, 2600, Voiced: true, 5500, 1700, 0.14),
        new(PhoneKind.Fricative, 280, 1000, 2400, Voiced: true, 4200, 4200, 0.06),
        new(PhoneKind.Nasal, 280, 1000, 2200),
        new(PhoneKind.Nasal, 280, 1600, 2500),
        new(PhoneKind.Approximant, 360, 1250, 2700),
        new(PhoneKind.Approximant, 380, 1250, 1650),
        new(PhoneKind.Approximant, 310, 750, 2300),
        new(PhoneKind.Approximant, 290, 2250, 3000),
    ];

    /// <summary>The phone in an accent: a positive one fronts back vowels, retracts front vowels and sibilants, raises open vowels and
    /// lowers the third formant of vowels (r-colouring); a negative one does the reverse.</summary>
    public Phone WithAccent(double accent)
    {
        double a = Math.Clamp(accent, -3, 3);
        double openness = Math.Clamp((F1 - 450) / 300, 0, 1);
        double frontness = Math.Clamp((F2 - 1500) / 700, -1, 1);
        return Kind == PhoneKind.Vowel
            ? this with { F1 = F1 * (1 - (0.05 * a * openness)), F2 = F2 * (1 - (0.05 * a * frontness)), F3 = F3 * (1 - (0.035 * a)) }
            : this with { NoiseHz = NoiseHz * (1 - (NoiseHz > 2500 ? 0.05 * a : 0)) };
    }
}

namespace CrossModalVae.Synthesis.Voices;

/// <summary>The state of the articulators in one control frame.</summary>
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

/// <summary>Random utterances: syllables, phrases and pauses with articulation and intonation, one <see cref="SpeechFrame"/> every 2.5
/// ms.</summary>
internal sealed class UtterancePlanner
{
    public const int FramesPerSecond = 400;

    // Articulators move within about 40 ms, larynx and lips faster.
    private const double FormantSmoothing = 0.90;
    private const double LevelSmoothing = 0.70;
    private const double PitchSmoothing = 0.975;

    private readonly VoiceParameters _voice;
    private readonly SeededRandom _random;
    private readonly SpeechFrame[] _frames;
    private readonly Phone[] _vowels;
    private readonly Phone[] _consonants;
    private int _position;
    private double _phraseStart;

    private UtterancePlanner(VoiceParameters voice, double seconds, SeededRandom random)
    {
        _voice = voice;
        _random = random;
        _frames = new SpeechFrame[(int)Math.Ceiling(seconds * FramesPerSecond)];
        _vowels = [.. Phone.Vowels.Select(p => p.WithAccent(voice.Accent))];
        _consonants = [.. Phone.Consonants.Select(p => p.WithAccent(voice.Accent))];
    }

    /// <summary>The frames of one utterance of the given length.</summary>
    public static SpeechFrame[] Plan(VoiceParameters voice, double seconds, SeededRandom random)
    {
        var planner = new UtterancePlanner(voice, seconds, random);
        planner.Speak();
        planner.Smooth();
        return planner._frames;
    }

    private void Speak()
    {
        Pause(0.02, 0.15);
        while (_position < _frames.Length)
        {
            _phraseStart = _position;
            int syllables = 3 + _random.NextInt32(7);
            for (int s = 0; s < syllables && _position < _frames.Length; s++)
            {
                Syllable(isLast: s == syllables - 1);
            }

            Pause(0.12, 0.40);
        }
    }

    private void Syllable(bool isLast)
    {
        double seconds = 1.0 / _voice.SyllablesPerSecond * Math.Exp(0.2 * _random.NextGaussian()) * (isLast ? 1.4 : 1.0);
        double accent = _voice.PitchRangeSemitones * (_random.NextGaussian() - (isLast ? 0.8 : 0.0));
        double stress = Math.Exp(0.2 * _random.NextGaussian());
        Phone vowel = _vowels[_random.NextInt32(_vowels.Length)];

        bool hasOnset = _random.NextDouble() < 0.85;
        bool hasCoda = _random.NextDouble() < 0.35;
        double vowelShare = 1.0 - (hasOnset ? 0.35 : 0) - (hasCoda ? 0.25 : 0);
        if (hasOnset)
        {
            Consonant(_consonants[_random.NextInt32(_consonants.Length)], 0.35 * seconds, accent);
        }

        // Unstressed vowels fall short of their targets, towards the middle of the vowel space.
        double reduction = Math.Clamp(0.15 + (0.15 * _random.NextGaussian()), 0, 0.6);
        Hold(vowelShare * seconds, new SpeechFrame
        {
            F1 = vowel.F1 + (reduction * (520 - vowel.F1)),
            F2 = vowel.F2 + (reduction * (1500 - vowel.F2)),
            F3 = vowel.F3 + (reduction * (2550 - vowel.F3)),
            Voicing = stress,
            Nasal = _voice.Nasality,
            Semitones = accent,
        });
        if (hasCoda)
        {
            Consonant(_consonants[_random.NextInt32(_consonants.Length)], 0.25 * seconds, accent);
        }
    }

    private void Consonant(Phone phone, double seconds, double accent)
    {
        var frame = new SpeechFrame
        {
            F1 = phone.F1,
            F2 = phone.F2,
            F3 = phone.F3,
            NoiseHz = phone.NoiseHz,
            NoiseBandwidthHz = phone.NoiseBandwidthHz,
            Semitones = accent,
        };
        switch (phone.Kind)
        {
            case PhoneKind.Stop:
                Hold(0.6 * seconds, frame with { Voicing = phone.Voiced ? 0.12 : 0 });
                Hold(0.010, frame with { Frication = phone.NoiseLevel });
                Hold(phone.Voiced ? 0.005 : 0.035, frame with { Aspiration = phone.Voiced ? 0 : 0.25, F1 = 450 });
                break;
            case PhoneKind.Fricative:
                Hold(
                    seconds,
                    frame with { Frication = phone.NoiseLevel, Voicing = phone.Voiced ? 0.35 : 0, Aspiration = phone.Voiced ? 0 : 0.03 });
                break;
            case PhoneKind.Nasal:
                Hold(seconds, frame with { Voicing = 0.45, Nasal = 1 });
                break;
            default:
                Hold(0.8 * seconds, frame with { Voicing = 0.7, Nasal = _voice.Nasality });
                break;
        }
    }

    private void Pause(double lowSeconds, double highSeconds)
    {
        double slowness = 4.6 / _voice.SyllablesPerSecond;
        Hold(_random.NextDouble(lowSeconds, highSeconds) * slowness, new SpeechFrame { F1 = 500, F2 = 1500, F3 = 2500, Nasal = 0.3 });
    }

    private void Hold(double seconds, SpeechFrame target)
    {
        int count = Math.Max(1, (int)Math.Round(seconds * FramesPerSecond));
        for (int i = 0; i < count && _position < _frames.Length; i++)
        {
            // Pitch declines over a phrase.
            double elapsed = (_position - _phraseStart) / FramesPerSecond;
            _frames[_position++] = target with { Semitones = target.Semitones + 1.5 - (1.5 * elapsed) };
        }
    }

    // First-order smoothing forwards and backwards: coarticulation without delay.
    private void Smooth()
    {
        Span<SpeechFrame> frames = _frames;
        for (int i = 1; i < frames.Length; i++)
        {
            Smooth(ref frames[i], frames[i - 1]);
        }

        for (int i = frames.Length - 2; i >= 0; i--)
        {
            Smooth(ref frames[i], frames[i + 1]);
        }
    }

    private static void Smooth(ref SpeechFrame frame, in SpeechFrame neighbour)
    {
        frame.F1 = Mix(frame.F1, neighbour.F1, FormantSmoothing);
        frame.F2 = Mix(frame.F2, neighbour.F2, FormantSmoothing);
        frame.F3 = Mix(frame.F3, neighbour.F3, FormantSmoothing);
        frame.Voicing = Mix(frame.Voicing, neighbour.Voicing, LevelSmoothing);
        frame.Aspiration = Mix(frame.Aspiration, neighbour.Aspiration, LevelSmoothing);
        frame.Frication = Mix(frame.Frication, neighbour.Frication, LevelSmoothing);
        frame.Nasal = Mix(frame.Nasal, neighbour.Nasal, FormantSmoothing);
        frame.Semitones = Mix(frame.Semitones, neighbour.Semitones, PitchSmoothing);
    }

    private static double Mix(double value, double neighbour, double share) => ((1 - share) * value) + (share * neighbour);
}

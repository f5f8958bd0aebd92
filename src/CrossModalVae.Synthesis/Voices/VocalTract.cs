namespace CrossModalVae.Synthesis.Voices;

/// <summary>From glottis to lips: a cascade of seven formants with a nasal pole and zero, in parallel with the noise of a
/// constriction.</summary>
internal sealed class VocalTract(VoiceParameters voice, double sampleRate, double f1Shift)
{
    private static readonly double[] UpperFormants = [3500, 4500, 5500, 6500];
    private static readonly double[] Bandwidths = [60, 90, 130, 220, 300, 420, 550];

    private readonly Resonator[] _formants = new Resonator[7];
    private readonly double _nasalHz = 270 * Math.Sqrt(voice.FormantScale);
    private Resonator _nasalPole;
    private Resonator _nasalZero;
    private Resonator _constriction;

    /// <summary>Moves the articulators.</summary>
    public void Set(in SpeechFrame frame)
    {
        Tune(0, frame.F1 * f1Shift);
        Tune(1, frame.F2);
        Tune(2, frame.F3);
        for (int i = 0; i < UpperFormants.Length; i++)
        {
            Tune(3 + i, UpperFormants[i]);
        }

        // With the nose coupled, its zero moves away from its pole and attenuates the first formant.
        _nasalPole.Tune(_nasalHz, 100, sampleRate);
        _nasalZero.Tune(_nasalHz * (1 + (0.75 * frame.Nasal)), 100, sampleRate);
        if (frame.NoiseHz > 0)
        {
            double centre = Math.Min(frame.NoiseHz * Math.Sqrt(voice.FormantScale), 0.46 * sampleRate);
            _constriction.Tune(centre, frame.NoiseBandwidthHz, sampleRate);
        }
    }

    /// <summary>One output sample, from the glottal source and the noise at the constriction.</summary>
    public double Next(double glottis, double noise)
    {
        double y = _nasalZero.Cancel(_nasalPole.Resonate(glottis));
        foreach (ref Resonator formant in _formants.AsSpan())
        {
            y = formant.Resonate(y);
        }

        return y + _constriction.Resonate(noise);
    }

    private void Tune(int index, double hertz)
    {
        // With a short tract the seventh formant can reach half the sampling rate, where it would alias.
        double scaled = Math.Min(hertz * voice.FormantScale, 0.48 * sampleRate);
        _formants[index].Tune(scaled, Bandwidths[index] * voice.BandwidthScale * (0.5 + (0.5 * voice.FormantScale)), sampleRate);
    }
}

namespace CrossModalVae.Synthesis.Voices;

/// <summary>Glottis to lips: a cascade of seven formants with a nasal pole and zero, and in parallel the noise of a constriction.</summary>
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

        // Coupled, the nose's zero leaves its pole and eats into the first formant.
        _nasalPole.Tune(_nasalHz, 100, sampleRate);
        _nasalZero.Tune(_nasalHz * (1 + (0.75 * frame.Nasal)), 100, sampleRate);
        if (frame.NoiseHz > 0)
        {
            double centre = Math.Min(frame.NoiseHz * Math.Sqrt(voice.FormantScale), 0.46 * sampleRate);
            _constriction.Tune(centre, frame.NoiseBandwidthHz, sampleRate);
        }
    }

    /// <summary>One sample from the sources to the microphone.</summary>
    /// <param name="glottis">What leaves the glottis.</param>
    /// <param name="noise">What arises at the constriction.</param>
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
        // A short tract can push the seventh formant to the end of the band, where it would fold.
        double scaled = Math.Min(hertz * voice.FormantScale, 0.48 * sampleRate);
        _formants[index].Tune(scaled, Bandwidths[index] * voice.BandwidthScale * (0.5 + (0.5 * voice.FormantScale)), sampleRate);
    }
}

namespace CrossModalVae.Synthesis.Voices;

/// <summary>A two-pole resonance of unit gain at 0 Hz and its inverse (Klatt, "Software for a cascade/parallel formant synthesizer",
/// 1980).</summary>
internal struct Resonator
{
    private double _a, _b, _c, _z1, _z2;

    /// <summary>Tunes the resonance and keeps its state, so that a moving formant does not click.</summary>
    public void Tune(double hertz, double bandwidthHertz, double sampleRate)
    {
        double radius = Math.Exp(-Math.PI * bandwidthHertz / sampleRate);
        _c = -radius * radius;
        _b = 2 * radius * Math.Cos(2 * Math.PI * hertz / sampleRate);
        _a = 1 - _b - _c;
    }

    /// <summary>One sample through the resonance.</summary>
    public double Resonate(double input)
    {
        double output = (_a * input) + (_b * _z1) + (_c * _z2);
        _z2 = _z1;
        _z1 = output;
        return output;
    }

    /// <summary>One sample through the inverse filter.</summary>
    public double Cancel(double input)
    {
        double output = (input - (_b * _z1) - (_c * _z2)) / _a;
        _z2 = _z1;
        _z1 = input;
        return output;
    }
}

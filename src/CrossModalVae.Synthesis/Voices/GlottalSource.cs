namespace CrossModalVae.Synthesis.Voices;

/// <summary>
/// The derivative of the glottal flow, radiation at the lips included: Rosenberg's trigonometric pulse (1971, type C) with jitter, shimmer
/// and a slow flutter of the period, low-passed for soft closure of the folds.
/// </summary>
internal sealed class GlottalSource
{
    private readonly VoiceParameters _voice;
    private readonly SeededRandom _random;
    private readonly double _sampleRate;
    private readonly double _flutterPhase;
    private readonly double _softness;
    private double _time;
    private double _period = 1;
    private double _height;
    private double _smoothed;
    private long _sample;

    /// <summary>A source with a loss of <paramref name="tiltDecibels"/> at 3 kHz.</summary>
    public GlottalSource(VoiceParameters voice, double tiltDecibels, double sampleRate, SeededRandom random)
    {
        _voice = voice;
        _random = random;
        _sampleRate = sampleRate;
        _flutterPhase = random.NextDouble(0, 2 * Math.PI);
        _softness = OnePole(tiltDecibels, 3000, sampleRate);
    }

    /// <summary>Whether the folds are open at this sample, so that breath passes.</summary>
    public bool IsOpen => _time < _voice.OpenQuotient * _period;

    /// <summary>The next sample; the largest is about 1.</summary>
    public double Next(double pitchHz)
    {
        if (_time >= _period)
        {
            _time -= _period;
            double flutter = 4 * _voice.Jitter * Math.Sin(_flutterPhase + (2 * Math.PI * 5.3 * _sample / _sampleRate));
            double wobble = 1 + flutter + (_voice.Jitter * Math.Clamp(_random.NextGaussian(), -3, 3));
            _period = _sampleRate / pitchHz * wobble;
            _height = Math.Max(0.1, 1 + (_voice.Shimmer * _random.NextGaussian()));
        }

        double opening = 0.67 * _voice.OpenQuotient * _period;
        double closing = 0.33 * _voice.OpenQuotient * _period;
        double value = 0;
        if (_time < opening)
        {
            value = 0.5 * closing / opening * 2 * Math.Sin(Math.PI * _time / opening);
        }
        else if (_time < opening + closing)
        {
            value = -Math.Sin(0.5 * Math.PI * (_time - opening) / closing);
        }

        _time++;
        _sample++;
        _smoothed = ((1 - _softness) * value * _height) + (_softness * _smoothed);
        return _smoothed;
    }

    // The pole p of (1 - p) / (1 - p z^-1) with a given loss at a frequency: |H|^2 = (1-p)^2 / (1 - 2p cos w + p^2), solved for p.
    private static double OnePole(double decibels, double hertz, double sampleRate)
    {
        if (decibels <= 0)
        {
            return 0;
        }

        double gain = Math.Pow(10, -decibels / 10);
        double half = (1 - (gain * Math.Cos(2 * Math.PI * hertz / sampleRate))) / (1 - gain);
        return half - Math.Sqrt((half * half) - 1);
    }
}

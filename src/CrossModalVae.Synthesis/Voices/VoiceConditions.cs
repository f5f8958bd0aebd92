namespace CrossModalVae.Synthesis.Voices;

/// <summary>
/// What differs between two clips of one voice beside the words: mood, room, microphone and level. Drawn without a look at the speaker.
/// </summary>
internal sealed record VoiceTake
{
    public required double Seconds { get; init; }

    /// <summary>Vocal effort of the moment, standard normal: pitch, first formant and brightness rise with it.</summary>
    public required double Effort { get; init; }

    /// <summary>Level of the speech in dB below full scale (RMS).</summary>
    public required double LevelDecibels { get; init; }

    /// <summary>Speech over background noise in dB.</summary>
    public required double SignalToNoiseDecibels { get; init; }

    /// <summary>Colour of the noise: pole of its low-pass, 0 white to 0.95 rumbling.</summary>
    public required double NoiseColour { get; init; }

    /// <summary>Corner of the microphone's high-pass in Hz.</summary>
    public required double HighPassHz { get; init; }

    /// <summary>Corner of the channel's low-pass in Hz.</summary>
    public required double LowPassHz { get; init; }

    /// <summary>Broad resonances of microphone and room: centre in Hz and gain in dB.</summary>
    public required IReadOnlyList<(double Hertz, double Decibels)> Equaliser { get; init; }

    /// <summary>Early reflections: delay in seconds and gain.</summary>
    public required IReadOnlyList<(double Seconds, double Gain)> Echoes { get; init; }

    public static VoiceTake Draw(double minimumSeconds, double maximumSeconds, SeededRandom random) => new()
    {
        Seconds = random.NextDouble(minimumSeconds, maximumSeconds),
        Effort = random.NextGaussian(),
        LevelDecibels = random.NextDouble(-32, -20),
        SignalToNoiseDecibels = random.NextDouble(15, 38),
        NoiseColour = random.NextDouble(0, 0.95),
        HighPassHz = random.NextDouble(40, 120),
        LowPassHz = random.NextDouble(5800, 7800),
        Equaliser =
        [
            .. Enumerable.Range(0, 3)
                .Select(_ => (200 * Math.Pow(2, random.NextDouble(0, 5)), Math.Clamp(2.0 * random.NextGaussian(), -5, 5))),
        ],
        Echoes = [.. Enumerable.Range(0, 4).Select(_ => (random.NextDouble(0.004, 0.045), random.NextDouble(-0.22, 0.22)))],
    };
}

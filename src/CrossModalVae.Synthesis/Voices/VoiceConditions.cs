namespace CrossModalVae.Synthesis.Voices;

/// <summary>The nuisance factors of one clip besides the words: mood, room, microphone and level, independent of the speaker.</summary>
internal sealed record VoiceConditions(
    double Seconds,
    double Effort, // vocal effort, standard normal: pitch, first formant and brightness rise with it
    double LevelDecibels, // of the speech, below full scale (RMS)
    double SignalToNoiseDecibels, // of the background noise
    double NoiseColour, // the pole of the noise's low-pass: 0 for white
    double HighPassHz, // corner of the microphone's high-pass
    double LowPassHz, // corner of the channel's low-pass
    IReadOnlyList<(double Hertz, double Decibels)> Equaliser, // broad resonances of microphone and room
    IReadOnlyList<(double Seconds, double Gain)> Echoes) // early reflections
{
    public static VoiceConditions Draw(double minimumSeconds, double maximumSeconds, SeededRandom random) => new(
        Seconds: random.NextDouble(minimumSeconds, maximumSeconds),
        Effort: random.NextGaussian(),
        LevelDecibels: random.NextDouble(-32, -20),
        SignalToNoiseDecibels: random.NextDouble(15, 38),
        NoiseColour: random.NextDouble(0, 0.95),
        HighPassHz: random.NextDouble(40, 120),
        LowPassHz: random.NextDouble(5800, 7800),
        Equaliser:
        [
            .. Enumerable.Range(0, 3)
                .Select(_ => (200 * Math.Pow(2, random.NextDouble(0, 5)), Math.Clamp(2.0 * random.NextGaussian(), -5, 5))),
        ],
        Echoes: [.. Enumerable.Range(0, 4).Select(_ => (random.NextDouble(0.004, 0.045), random.NextDouble(-0.22, 0.22)))]);
}

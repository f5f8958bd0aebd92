namespace CrossModalVae.Synthesis.Voices;

/// <summary>Synthesizes an identity's voice: source, filter, room and microphone.</summary>
internal static class VoiceSynthesizer
{
    public const int SampleRateHz = 16_000;
    private const int SamplesPerFrame = SampleRateHz / UtterancePlanner.FramesPerSecond;

    // The chest's resonance.
    private const double ChestHz = 280;
    private const double ChestQ = 0.7;

    /// <summary>The samples of one clip in (-1, 1) at <see cref="SampleRateHz"/>; nothing else may use its random stream.</summary>
    public static float[] Speak(VoiceTraits traits, double minimumSeconds, double maximumSeconds, SeededRandom random)
    {
        VoiceParameters voice = VoiceParameters.From(traits);
        VoiceConditions conditions = VoiceConditions.Draw(minimumSeconds, maximumSeconds, random);
        double[] signal = Articulate(voice, conditions, random);
        Biquad.Peak(ChestHz, ChestQ, voice.ChestDecibels, SampleRateHz).Apply(signal);
        return Record(signal, conditions, random);
    }

    private static double[] Articulate(VoiceParameters voice, VoiceConditions conditions, SeededRandom random)
    {
        SpeechFrame[] frames = UtterancePlanner.Plan(voice, conditions.Seconds, random);
        var glottis = new GlottalSource(voice, Math.Max(0, voice.TiltDecibels - (2.0 * conditions.Effort)), SampleRateHz, random);
        var tract = new VocalTract(voice, SampleRateHz, 1 + (0.02 * conditions.Effort));
        var signal = new double[(int)Math.Round(conditions.Seconds * SampleRateHz)];
        for (int frameIndex = 0; frameIndex * SamplesPerFrame < signal.Length; frameIndex++)
        {
            SpeechFrame frame = frames[frameIndex];
            tract.Set(frame);
            double pitch = Math.Clamp(voice.PitchHz * Math.Pow(2, (frame.Semitones + (0.8 * conditions.Effort)) / 12), 50, 500);
            int end = Math.Min(signal.Length, (frameIndex + 1) * SamplesPerFrame);
            for (int i = frameIndex * SamplesPerFrame; i < end; i++)
            {
                double pulse = glottis.Next(pitch);
                double breath = voice.Breath * frame.Voicing * (glottis.IsOpen ? 1.0 : 0.3);
                double noise = Noise(random);
                signal[i] = tract.Next((frame.Voicing * pulse) + ((breath + (0.4 * frame.Aspiration)) * noise), frame.Frication * noise);
            }
        }

        return signal;
    }

    private static float[] Record(double[] signal, VoiceConditions conditions, SeededRandom random)
    {
        double[] room = [.. signal];
        foreach ((double seconds, double gain) in conditions.Echoes)
        {
            int delay = (int)(seconds * SampleRateHz);
            for (int i = delay; i < room.Length; i++)
            {
                room[i] += gain * signal[i - delay];
            }
        }

        foreach ((double hertz, double decibels) in conditions.Equaliser)
        {
            Biquad.Peak(hertz, 0.9, decibels, SampleRateHz).Apply(room);
        }

        Biquad.HighPass(conditions.HighPassHz, SampleRateHz).Apply(room);
        Biquad.LowPass(conditions.LowPassHz, SampleRateHz).Apply(room);

        double gainToLevel = Math.Pow(10, conditions.LevelDecibels / 20) / Rms(room);
        double noiseLevel = Math.Pow(10, (conditions.LevelDecibels - conditions.SignalToNoiseDecibels) / 20);
        double[] background = Background(room.Length, conditions.NoiseColour, random);
        double noiseGain = noiseLevel / Rms(background);
        double peak = 0;
        for (int i = 0; i < room.Length; i++)
        {
            room[i] = (room[i] * gainToLevel) + (background[i] * noiseGain);
            peak = Math.Max(peak, Math.Abs(room[i]));
        }

        // A clipping recording is scaled down.
        double safety = peak > 0.95 ? 0.95 / peak : 1;
        return Array.ConvertAll(room, x => (float)(x * safety));
    }

    private static double[] Background(int length, double colour, SeededRandom random)
    {
        var noise = new double[length];
        double state = 0;
        for (int i = 0; i < length; i++)
        {
            state = (colour * state) + Noise(random);
            noise[i] = state;
        }

        return noise;
    }

    private static double Noise(SeededRandom random) => random.NextDouble(-1, 1);

    private static double Rms(double[] signal)
    {
        double sum = 0;
        foreach (double x in signal)
        {
            sum += x * x;
        }

        return Math.Sqrt(sum / signal.Length) + 1e-12;
    }
}

namespace CrossModalVae.Synthesis.Voices;

/// <summary>Makes a person speak: source, filter, room and microphone.</summary>
internal static class VoiceSynthesizer
{
    public const int SampleRateHz = 16_000;
    private const int SamplesPerFrame = SampleRateHz / UtterancePlanner.FramesPerSecond;

    // Hz of the chest's resonance and how broad it is.
    private const double ChestHz = 280;
    private const double ChestQ = 0.7;

    /// <summary>One clip.</summary>
    /// <param name="traits">Who speaks.</param>
    /// <param name="minimumSeconds">Shortest clip.</param>
    /// <param name="maximumSeconds">Longest clip.</param>
    /// <param name="random">Of this clip's voice, shared with nothing else.</param>
    /// <returns>Mono samples in (-1, 1) at <see cref="SampleRateHz"/>.</returns>
    public static float[] Speak(VoiceTraits traits, double minimumSeconds, double maximumSeconds, SeededRandom random)
    {
        VoiceParameters voice = VoiceParameters.From(traits);
        VoiceTake take = VoiceTake.Draw(minimumSeconds, maximumSeconds, random);
        double[] signal = Articulate(voice, take, random);
        Biquad.Peak(ChestHz, ChestQ, voice.ChestDecibels, SampleRateHz).Apply(signal);
        return Record(signal, take, random);
    }

    private static double[] Articulate(VoiceParameters voice, VoiceTake take, SeededRandom random)
    {
        SpeechFrame[] frames = UtterancePlanner.Plan(voice, take.Seconds, random);
        var glottis = new GlottalSource(voice, Math.Max(0, voice.TiltDecibels - (2.0 * take.Effort)), SampleRateHz, random);
        var tract = new VocalTract(voice, SampleRateHz, 1 + (0.02 * take.Effort));
        var signal = new double[(int)Math.Round(take.Seconds * SampleRateHz)];
        for (int frameIndex = 0; frameIndex * SamplesPerFrame < signal.Length; frameIndex++)
        {
            SpeechFrame frame = frames[frameIndex];
            tract.Set(frame);
            double pitch = Math.Clamp(voice.PitchHz * Math.Pow(2, (frame.Semitones + (0.8 * take.Effort)) / 12), 50, 500);
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

    private static float[] Record(double[] signal, VoiceTake take, SeededRandom random)
    {
        double[] room = [.. signal];
        foreach ((double seconds, double gain) in take.Echoes)
        {
            int delay = (int)(seconds * SampleRateHz);
            for (int i = delay; i < room.Length; i++)
            {
                room[i] += gain * signal[i - delay];
            }
        }

        foreach ((double hertz, double decibels) in take.Equaliser)
        {
            Biquad.Peak(hertz, 0.9, decibels, SampleRateHz).Apply(room);
        }

        Biquad.HighPass(take.HighPassHz, SampleRateHz).Apply(room);
        Biquad.LowPass(take.LowPassHz, SampleRateHz).Apply(room);

        double gainToLevel = Math.Pow(10, take.LevelDecibels / 20) / Rms(room);
        double noiseLevel = Math.Pow(10, (take.LevelDecibels - take.SignalToNoiseDecibels) / 20);
        double[] background = Background(room.Length, take.NoiseColour, random);
        double noiseGain = noiseLevel / Rms(background);
        double peak = 0;
        for (int i = 0; i < room.Length; i++)
        {
            room[i] = (room[i] * gainToLevel) + (background[i] * noiseGain);
            peak = Math.Max(peak, Math.Abs(room[i]));
        }

        // A recording that would clip is turned down instead.
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

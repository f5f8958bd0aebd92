namespace CrossModalVae.Augmentation;

/// <summary>What is added to a voice.</summary>
internal enum AdditionKind
{
    Noise,
    Music,
    Voice, // one of a babble
}

/// <summary>One disturbance of a view, with the ratio of the voice's mean square to its own in dB.</summary>
internal readonly record struct VoiceAddition(AdditionKind Kind, double SnrDb);

/// <summary>
/// The random augmentation of one clip's voice in one view. Each effect has its own random stream, so that switching one on or off leaves
/// the others unchanged.
/// </summary>
internal sealed record VoiceDraw
{
    private readonly long _seed;
    private readonly string _stream;

    private VoiceDraw(long seed, string stream)
    {
        _seed = seed;
        _stream = stream;
    }

    /// <summary>Speed in steps of 0.01; 1 for unchanged.</summary>
    public double SpeedFactor { get; init; } = 1;

    /// <summary>Whether reverberation is applied.</summary>
    public bool Reverberates { get; init; }

    /// <summary>The disturbances in their order.</summary>
    public IReadOnlyList<VoiceAddition> Additions { get; init; } = [];

    /// <summary>Change of level in dB; 0 for unchanged.</summary>
    public double GainDb { get; init; }

    /// <summary>Whether SpecAugment is applied.</summary>
    public bool MasksSpectrum { get; init; }

    /// <summary>Whether the samples are unchanged.</summary>
    public bool KeepsSignal => SpeedFactor == 1 && !Reverberates && Additions.Count == 0 && GainDb == 0;

    /// <summary>Whether the view equals the clip.</summary>
    public bool KeepsClip => KeepsSignal && !MasksSpectrum;

    /// <summary>Draws for a view, counted from 1, of the clip with a key.</summary>
    public static VoiceDraw For(VoiceAugmentationOptions options, long seed, string clipKey, int view)
    {
        ArgumentNullException.ThrowIfNull(options);
        var draw = new VoiceDraw(seed, $"augmentation/voice/{view}/{clipKey}");
        SeededRandom random = draw.Stream("environment");
        double shared = random.NextDouble(), cumulative = 0;
        bool noise = Happens(options.NoiseProbability);
        bool music = Happens(options.MusicProbability);
        bool babble = Happens(options.BabbleProbability);
        bool room = Happens(options.ReverberationProbability);

        var additions = new List<VoiceAddition>();
        if (noise)
        {
            additions.Add(new(AdditionKind.Noise, draw.Stream("noise").NextDouble(options.NoiseSnrMinDb, options.NoiseSnrMaxDb)));
        }

        if (music)
        {
            additions.Add(new(AdditionKind.Music, draw.Stream("music").NextDouble(options.MusicSnrMinDb, options.MusicSnrMaxDb)));
        }

        if (babble)
        {
            SeededRandom voices = draw.Stream("babble");
            int count = options.BabbleVoicesMin + voices.NextInt32(options.BabbleVoicesMax - options.BabbleVoicesMin + 1);
            for (int i = 0; i < count; i++)
            {
                additions.Add(new(AdditionKind.Voice, voices.NextDouble(options.BabbleSnrMinDb, options.BabbleSnrMaxDb)));
            }
        }

        return draw with
        {
            SpeedFactor = draw.Speed(options),
            Reverberates = room,
            Additions = additions,
            GainDb = draw.Gain(options),
            MasksSpectrum = draw.Stream("spec-augment").NextDouble() < options.SpecAugmentProbability,
        };

        // One number against cumulative probabilities, or a number for each.
        bool Happens(double probability)
        {
            if (options.Combine == EffectCombination.Each)
            {
                return random.NextDouble() < probability;
            }

            bool happens = shared >= cumulative && shared < cumulative + probability;
            cumulative += probability;
            return happens;
        }
    }

    /// <summary>The random stream of an effect.</summary>
    public SeededRandom Stream(string effect) => SeededRandom.For(_seed, $"{_stream}/{effect}");

    private double Speed(VoiceAugmentationOptions options)
    {
        SeededRandom random = Stream("speed");
        if (random.NextDouble() >= options.SpeedProbability)
        {
            return 1;
        }

        int low = (int)Math.Round(100 * options.SpeedMin);
        int high = (int)Math.Round(100 * options.SpeedMax);
        return (low + random.NextInt32(high - low + 1)) / 100.0;
    }

    private double Gain(VoiceAugmentationOptions options)
    {
        SeededRandom random = Stream("gain");
        return random.NextDouble() < options.GainProbability ? random.NextDouble(options.GainMinDb, options.GainMaxDb) : 0;
    }
}

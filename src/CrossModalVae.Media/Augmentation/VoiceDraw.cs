namespace CrossModalVae.Augmentation;

/// <summary>
/// What happens to the voice of one view of one clip: a function of seed, clip and view. Every effect draws from a stream of its own, so
/// that switching one on or off leaves the others as they were.
/// </summary>
public sealed record VoiceDraw
{
    private readonly long _seed;
    private readonly string _stream;

    private VoiceDraw(long seed, string stream)
    {
        _seed = seed;
        _stream = stream;
    }

    /// <summary>How many times as fast, in steps of 0.01; 1 for unchanged.</summary>
    public double SpeedFactor { get; init; } = 1;

    /// <summary>Whether the voice is heard in a room.</summary>
    public bool Reverberates { get; init; }

    /// <summary>What is added, in this order.</summary>
    public IReadOnlyList<VoiceAddition> Additions { get; init; } = [];

    /// <summary>Change of level in dB; 0 for unchanged.</summary>
    public double GainDb { get; init; }

    /// <summary>Whether stripes of the spectrogram are masked.</summary>
    public bool MasksSpectrum { get; init; }

    /// <summary>Whether the samples stay as they are.</summary>
    public bool KeepsSignal => SpeedFactor == 1 && !Reverberates && Additions.Count == 0 && GainDb == 0;

    /// <summary>Whether the view is the clip as it is.</summary>
    public bool KeepsClip => KeepsSignal && !MasksSpectrum;

    /// <summary>Draws.</summary>
    /// <param name="options">What may happen.</param>
    /// <param name="seed">The augmentation's seed.</param>
    /// <param name="clipKey">The clip's key.</param>
    /// <param name="view">The view, from 1.</param>
    public static VoiceDraw For(VoiceAugmentationOptions options, long seed, string clipKey, int view)
    {
        ArgumentNullException.ThrowIfNull(options);
        var draw = new VoiceDraw(seed, $"augmentation/voice/{view}/{clipKey}");
        SeededRandom random = draw.Stream("environment");
        double common = random.NextDouble();
        double passed = 0;
        bool noise = Happens(options.NoiseProbability);
        bool music = Happens(options.MusicProbability);
        bool babble = Happens(options.BabbleProbability);
        bool room = Happens(options.ReverberationProbability);

        var additions = new List<VoiceAddition>();
        if (noise)
        {
            additions.Add(
                new VoiceAddition(AdditionKind.Noise, draw.Stream("noise").NextDouble(options.NoiseSnrMinDb, options.NoiseSnrMaxDb)));
        }

        if (music)
        {
            additions.Add(
                new VoiceAddition(AdditionKind.Music, draw.Stream("music").NextDouble(options.MusicSnrMinDb, options.MusicSnrMaxDb)));
        }

        if (babble)
        {
            SeededRandom voices = draw.Stream("babble");
            int count = options.BabbleVoicesMin + voices.NextInt32(options.BabbleVoicesMax - options.BabbleVoicesMin + 1);
            for (int i = 0; i < count; i++)
            {
                additions.Add(new VoiceAddition(AdditionKind.Voice, voices.NextDouble(options.BabbleSnrMinDb, options.BabbleSnrMaxDb)));
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

        // One draw against stacked probabilities, or a draw each.
        bool Happens(double probability)
        {
            if (options.Combine == EffectCombination.Each)
            {
                return random.NextDouble() < probability;
            }

            bool here = common >= passed && common < passed + probability;
            passed += probability;
            return here;
        }
    }

    /// <summary>The random numbers of a part of this view.</summary>
    internal SeededRandom Stream(string part) => SeededRandom.For(_seed, $"{_stream}/{part}");

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

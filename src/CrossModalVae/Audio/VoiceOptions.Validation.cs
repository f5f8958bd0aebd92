using static System.FormattableString;

namespace CrossModalVae.Audio;

public sealed partial record VoiceOptions
{
    private const double MaxDurationSeconds = 600;
    private const int MinFftLength = 4;
    private const int MaxFftLength = 65_536;

    /// <summary>The clip's length in samples: N.</summary>
    internal int SampleCount => (int)Math.Round(DurationSeconds * SampleRateHz);

    /// <summary>The window's length in samples.</summary>
    internal int WindowSamples => (int)Math.Round(WindowSeconds * SampleRateHz);

    /// <summary>The hop in samples.</summary>
    internal int HopSamples => (int)Math.Round(HopSeconds * SampleRateHz);

    /// <summary>Everything that is wrong with these options, a sentence each; empty where they are right.</summary>
    public IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        Check(faults, nameof(SampleRateHz), SampleRateHz, SampleRateHz is >= AudioClip.MinSampleRateHz and <= AudioClip.MaxSampleRateHz,
            $"must be {AudioClip.MinSampleRateHz} to {AudioClip.MaxSampleRateHz}");
        Check(faults, nameof(DurationSeconds), DurationSeconds, DurationSeconds is > 0 and <= MaxDurationSeconds, $"must be > 0 and <= {MaxDurationSeconds}");
        Check(faults, nameof(Dither), Dither, Dither is >= 0 and <= 1, "must be 0 to 1");
        Check(faults, nameof(PreEmphasis), PreEmphasis, PreEmphasis is >= 0 and <= 1, "must be 0 to 1");
        Check(faults, nameof(WindowSeconds), WindowSeconds, WindowSeconds is > 0 and <= MaxDurationSeconds, "must be > 0");
        Check(faults, nameof(HopSeconds), HopSeconds, HopSeconds is > 0 and <= MaxDurationSeconds, "must be > 0");
        Check(faults, nameof(FftLength), FftLength, FftLength is >= MinFftLength and <= MaxFftLength && int.IsPow2(FftLength),
            $"must be a power of two, {MinFftLength} to {MaxFftLength}");
        Check(faults, nameof(Crop), Crop, Enum.IsDefined(Crop), "must be Start or Center");
        Check(faults, nameof(ShortClips), ShortClips, Enum.IsDefined(ShortClips), "must be Reflect or Refuse");
        Check(faults, nameof(Compression), Compression, Enum.IsDefined(Compression), "must be None or Log");
        Check(faults, nameof(Pooling), Pooling, Enum.IsDefined(Pooling), "must be None, Mean or MeanAndDeviation");
        Check(faults, nameof(Normalisation), Normalisation, Enum.IsDefined(Normalisation), "must be Corpus or ClipOverTime");
        if (faults.Count == 0)
        {
            CheckFraming(faults);
            CheckOrder(faults);
        }

        return faults;
    }

    /// <summary>Refuses options that cannot work, naming every fault.</summary>
    /// <exception cref="ArgumentException">An option is out of range, options contradict each other, or their order destroys the voice.</exception>
    public void Validate()
    {
        IReadOnlyList<string> faults = Faults();
        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", faults));
        }
    }

    private static void Check<T>(List<string> faults, string name, T value, bool valid, string constraint)
    {
        if (!valid)
        {
            faults.Add(Invariant($"'{name}' is {value}; {constraint}."));
        }
    }

    private void CheckFraming(List<string> faults)
    {
        Check(faults, nameof(WindowSeconds), WindowSeconds, WindowSamples is >= 2 && WindowSamples <= FftLength,
            $"must be 2 to {FftLength} samples, the FFT's length (it is {WindowSamples})");
        Check(faults, nameof(HopSeconds), HopSeconds, HopSamples is >= 1 && HopSamples <= FftLength,
            $"must be 1 to {FftLength} samples, the FFT's length (it is {HopSamples})");
        Check(faults, nameof(DurationSeconds), DurationSeconds, SampleCount >= FftLength,
            $"must be at least one frame of {FftLength} samples (it is {SampleCount})");
    }

    // The trap of the literal order: what was centred over time has the mean 0 over time, whoever speaks.
    private void CheckOrder(List<string> faults)
    {
        if (Normalisation == FeatureNormalisation.ClipOverTime && Pooling != TimePooling.None)
        {
            faults.Add($"'Normalisation' is ClipOverTime and 'Pooling' is {Pooling}; a bin normalised over a clip's frames has mean 0 and deviation 1 over "
                + "the same frames whoever speaks, so nothing of the voice would be left; use Normalisation Corpus, or Pooling None.");
        }
    }
}

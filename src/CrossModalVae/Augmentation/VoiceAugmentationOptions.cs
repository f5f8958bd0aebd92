using System.Text.Json.Serialization;
using static System.FormattableString;

namespace CrossModalVae.Augmentation;

/// <summary>How noise, music, babble and reverberation come together in one view.</summary>
public enum EffectCombination
{
    /// <summary>At most one of the four, by one draw (voxceleb_trainer); their probabilities add up to at most 1.</summary>
    One,

    /// <summary>Each by a draw of its own.</summary>
    Each,
}

/// <summary>
/// What may happen to a training voice, in this order: speed, reverberation, noise, music and babble, gain; then masks on the spectrogram. Defaults are
/// voxceleb_trainer's: one in five views each of noise, music, babble, reverberation and none of them.
/// </summary>
public sealed record VoiceAugmentationOptions
{
    internal const double LargestDecibels = 40;

    /// <summary>Whether noise, music, babble and reverberation exclude each other. Default: at most one.</summary>
    public EffectCombination Combine { get; init; } = EffectCombination.One;

    /// <summary>Probability of noise, 0 to 1. Default 0.2.</summary>
    public double NoiseProbability { get; init; } = 0.2;

    /// <summary>Least voice-to-noise ratio in dB, -20 to 40. Default 0.</summary>
    public double NoiseSnrMinDb { get; init; }

    /// <summary>Largest voice-to-noise ratio in dB. Default 15.</summary>
    public double NoiseSnrMaxDb { get; init; } = 15;

    /// <summary>Probability of music, 0 to 1. Default 0.2.</summary>
    public double MusicProbability { get; init; } = 0.2;

    /// <summary>Least voice-to-music ratio in dB, -20 to 40. Default 5.</summary>
    public double MusicSnrMinDb { get; init; } = 5;

    /// <summary>Largest voice-to-music ratio in dB. Default 15.</summary>
    public double MusicSnrMaxDb { get; init; } = 15;

    /// <summary>Probability of babble, several other people talking, 0 to 1. Default 0.2.</summary>
    public double BabbleProbability { get; init; } = 0.2;

    /// <summary>Least ratio in dB of the voice to each single voice of the babble, -20 to 40. Default 13.</summary>
    public double BabbleSnrMinDb { get; init; } = 13;

    /// <summary>Largest ratio in dB of the voice to each single voice of the babble. Default 20.</summary>
    public double BabbleSnrMaxDb { get; init; } = 20;

    /// <summary>Fewest voices of a babble, 1 to 20. Default 3.</summary>
    public int BabbleVoicesMin { get; init; } = 3;

    /// <summary>Most voices of a babble. Default 7.</summary>
    public int BabbleVoicesMax { get; init; } = 7;

    /// <summary>Probability of a room's reverberation, 0 to 1. Default 0.2.</summary>
    public double ReverberationProbability { get; init; } = 0.2;

    /// <summary>Shortest reverberation time (60 dB) in seconds of a generated room, 0.05 to 5. Default 0.2.</summary>
    [JsonPropertyName("rt60_min_s")]
    public double Rt60MinSeconds { get; init; } = 0.2;

    /// <summary>Longest reverberation time of a generated room. Default 0.8.</summary>
    [JsonPropertyName("rt60_max_s")]
    public double Rt60MaxSeconds { get; init; } = 0.8;

    /// <summary>Least ratio in dB of a generated room's direct sound to its reverberation, -20 to 40. Default 0.</summary>
    public double DirectMinDb { get; init; }

    /// <summary>Largest ratio in dB of a generated room's direct sound to its reverberation. Default 12.</summary>
    public double DirectMaxDb { get; init; } = 12;

    /// <summary>Probability of another speed, 0 to 1; pitch and formants move with it. Default 0.</summary>
    public double SpeedProbability { get; init; }

    /// <summary>Slowest speed, 0.5 to 2; speeds are drawn in steps of 0.01. Default 0.9.</summary>
    public double SpeedMin { get; init; } = 0.9;

    /// <summary>Fastest speed. Default 1.1.</summary>
    public double SpeedMax { get; init; } = 1.1;

    /// <summary>Probability of another level, 0 to 1. Default 0.</summary>
    public double GainProbability { get; init; }

    /// <summary>Least gain in dB, -40 to 20. Default -6.</summary>
    public double GainMinDb { get; init; } = -6;

    /// <summary>Largest gain in dB. Default 6.</summary>
    public double GainMaxDb { get; init; } = 6;

    /// <summary>Probability of SpecAugment (Park et al. 2019) on the spectrogram, 0 to 1. Default 0.</summary>
    public double SpecAugmentProbability { get; init; }

    /// <summary>Stripes of time, 0 to 20. Default 2.</summary>
    public int TimeMasks { get; init; } = 2;

    /// <summary>Widest stripe of time as a share of the frames, 0 to 1. Default 0.1.</summary>
    public double TimeMaskShare { get; init; } = 0.1;

    /// <summary>Stripes of frequency, 0 to 20. Default 2.</summary>
    public int FrequencyMasks { get; init; } = 2;

    /// <summary>Widest stripe of frequency as a share of the bins, 0 to 1. Default 0.15.</summary>
    public double FrequencyMaskShare { get; init; } = 0.15;

    /// <summary>Everything that is wrong with these options, a sentence each; empty where they are right.</summary>
    public IReadOnlyList<string> Faults()
    {
        const double leastSnr = -20;
        var faults = new List<string>();
        if (!Enum.IsDefined(Combine))
        {
            faults.Add($"'{nameof(Combine)}' is {Combine}; must be One or Each.");
        }

        OptionFaults.Probability(faults, nameof(NoiseProbability), NoiseProbability);
        OptionFaults.Range(faults, nameof(NoiseSnrMinDb), NoiseSnrMinDb, nameof(NoiseSnrMaxDb), NoiseSnrMaxDb, leastSnr, LargestDecibels);
        OptionFaults.Probability(faults, nameof(MusicProbability), MusicProbability);
        OptionFaults.Range(faults, nameof(MusicSnrMinDb), MusicSnrMinDb, nameof(MusicSnrMaxDb), MusicSnrMaxDb, leastSnr, LargestDecibels);
        OptionFaults.Probability(faults, nameof(BabbleProbability), BabbleProbability);
        OptionFaults.Range(faults, nameof(BabbleSnrMinDb), BabbleSnrMinDb, nameof(BabbleSnrMaxDb), BabbleSnrMaxDb, leastSnr, LargestDecibels);
        OptionFaults.Range(faults, nameof(BabbleVoicesMin), BabbleVoicesMin, nameof(BabbleVoicesMax), BabbleVoicesMax, 1, 20);
        OptionFaults.Probability(faults, nameof(ReverberationProbability), ReverberationProbability);
        OptionFaults.Range(faults, nameof(Rt60MinSeconds), Rt60MinSeconds, nameof(Rt60MaxSeconds), Rt60MaxSeconds, 0.05, 5);
        OptionFaults.Range(faults, nameof(DirectMinDb), DirectMinDb, nameof(DirectMaxDb), DirectMaxDb, leastSnr, LargestDecibels);
        OptionFaults.Probability(faults, nameof(SpeedProbability), SpeedProbability);
        OptionFaults.Range(faults, nameof(SpeedMin), SpeedMin, nameof(SpeedMax), SpeedMax, 0.5, 2);
        OptionFaults.Probability(faults, nameof(GainProbability), GainProbability);
        OptionFaults.Range(faults, nameof(GainMinDb), GainMinDb, nameof(GainMaxDb), GainMaxDb, -LargestDecibels, 20);
        OptionFaults.Probability(faults, nameof(SpecAugmentProbability), SpecAugmentProbability);
        OptionFaults.Within(faults, nameof(TimeMasks), TimeMasks, 0, 20);
        OptionFaults.Within(faults, nameof(TimeMaskShare), TimeMaskShare, 0, 1);
        OptionFaults.Within(faults, nameof(FrequencyMasks), FrequencyMasks, 0, 20);
        OptionFaults.Within(faults, nameof(FrequencyMaskShare), FrequencyMaskShare, 0, 1);
        double sum = NoiseProbability + MusicProbability + BabbleProbability + ReverberationProbability;
        if (Combine == EffectCombination.One && sum > 1 + 1e-9)
        {
            faults.Add(Invariant(
                $"'{nameof(Combine)}' is One and the probabilities of noise, music, babble and reverberation add up to {sum:0.###}; must be at most 1, or '{nameof(Combine)}' Each."));
        }

        return faults;
    }

    /// <summary>Refuses options that cannot work, naming every fault.</summary>
    /// <exception cref="ArgumentException">A value lies outside its range; the message lists all that do.</exception>
    public void Validate() => OptionFaults.Throw([.. Faults()]);
}

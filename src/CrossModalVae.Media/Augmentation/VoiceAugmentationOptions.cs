using System.Text.Json.Serialization;
using static System.FormattableString;

namespace CrossModalVae.Augmentation;

/// <summary>How noise, music, babble and reverberation are combined in one view.</summary>
public enum EffectCombination
{
    /// <summary>At most one of the four (voxceleb_trainer); their probabilities add up to at most 1.</summary>
    One,

    /// <summary>Each independently.</summary>
    Each,
}

/// <summary>
/// Augmentation of training voices, in this order: speed, reverberation, noise, music and babble, gain; then masks on the spectrogram.
/// Defaults are voxceleb_trainer's: a fifth of the views each with noise, music, babble, reverberation and none of them.
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

    /// <summary>Probability of babble, several other voices at once, 0 to 1. Default 0.2.</summary>
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

    /// <summary>Probability of a change of speed, 0 to 1; pitch and formants change with it. Default 0.</summary>
    public double SpeedProbability { get; init; }

    /// <summary>Slowest speed, 0.5 to 2; speeds are drawn in steps of 0.01. Default 0.9.</summary>
    public double SpeedMin { get; init; } = 0.9;

    /// <summary>Fastest speed. Default 1.1.</summary>
    public double SpeedMax { get; init; } = 1.1;

    /// <summary>Probability of a change of level, 0 to 1. Default 0.</summary>
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

    /// <summary>The faults of these options, a sentence each; empty where they are valid.</summary>
    internal IReadOnlyList<string> Faults()
    {
        const double leastSnr = -20;
        var faults = new OptionFaults();
        faults.Member(Combine);
        faults.Probability(NoiseProbability);
        faults.Range(NoiseSnrMinDb, NoiseSnrMaxDb, leastSnr, LargestDecibels);
        faults.Probability(MusicProbability);
        faults.Range(MusicSnrMinDb, MusicSnrMaxDb, leastSnr, LargestDecibels);
        faults.Probability(BabbleProbability);
        faults.Range(BabbleSnrMinDb, BabbleSnrMaxDb, leastSnr, LargestDecibels);
        faults.Range(BabbleVoicesMin, BabbleVoicesMax, 1, 20);
        faults.Probability(ReverberationProbability);
        faults.Range(Rt60MinSeconds, Rt60MaxSeconds, 0.05, 5);
        faults.Range(DirectMinDb, DirectMaxDb, leastSnr, LargestDecibels);
        faults.Probability(SpeedProbability);
        faults.Range(SpeedMin, SpeedMax, 0.5, 2);
        faults.Probability(GainProbability);
        faults.Range(GainMinDb, GainMaxDb, -LargestDecibels, 20);
        faults.Probability(SpecAugmentProbability);
        faults.Within(TimeMasks, 0, 20);
        faults.Within(TimeMaskShare, 0, 1);
        faults.Within(FrequencyMasks, 0, 20);
        faults.Within(FrequencyMaskShare, 0, 1);
        double sum = NoiseProbability + MusicProbability + BabbleProbability + ReverberationProbability;
        if (Combine == EffectCombination.One && sum > 1 + 1e-9)
        {
            faults.Add(Invariant($"'{nameof(Combine)}' is One and the probabilities of noise, music, babble and reverberation add up to ")
                + Invariant($"{sum:0.###}; must be at most 1, or '{nameof(Combine)}' Each."));
        }

        return faults.All;
    }

    /// <summary>Refuses invalid options, naming every fault.</summary>
    /// <exception cref="ArgumentException">A value lies outside its range; the message lists all that do.</exception>
    public void Validate() => OptionFaults.Throw(Faults());
}

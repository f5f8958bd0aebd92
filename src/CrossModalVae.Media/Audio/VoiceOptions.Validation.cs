using CrossModalVae.Numerics;
using static System.FormattableString;

namespace CrossModalVae.Audio;

public sealed partial record VoiceOptions
{
    private const double MaxDurationSeconds = 600;
    private const double MaxScale = 1e9;
    private const int MinMelBins = 4;
    private const int MinFftLength = 4;
    private const int MaxFftLength = 65_536;

    /// <summary>The clip's length in samples: N.</summary>
    internal int SampleCount => (int)Math.Round(DurationSeconds * SampleRateHz);

    /// <summary>The window's length in samples.</summary>
    internal int WindowSamples => (int)Math.Round(WindowSeconds * SampleRateHz);

    /// <summary>The hop in samples.</summary>
    internal int HopSamples => (int)Math.Round(HopSeconds * SampleRateHz);

    /// <summary>Samples of a frame: no clip may be shorter.</summary>
    internal int FrameSamples => Framing == VoiceFraming.WindowLength ? WindowSamples : FftLength;

    /// <summary>Whether each clip is normalised over its own frames.</summary>
    internal bool NormalisesClips => Normalisation is FeatureNormalisation.ClipOverTime or FeatureNormalisation.ClipOverTimeUnbiased;

    /// <summary>Everything that is wrong with these options, a sentence each; empty where they are right.</summary>
    public IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        Check(faults, nameof(SampleRateHz), SampleRateHz, SampleRateHz is >= AudioClip.MinSampleRateHz and <= AudioClip.MaxSampleRateHz,
            $"must be {AudioClip.MinSampleRateHz} to {AudioClip.MaxSampleRateHz}");
        Check(faults, nameof(DurationSeconds), DurationSeconds, DurationSeconds is > 0 and <= MaxDurationSeconds,
            Invariant($"must be > 0 and <= {MaxDurationSeconds}"));
        Check(faults, nameof(SignalScale), SignalScale, SignalScale is > 0 and <= MaxScale, Invariant($"must be > 0 and <= {MaxScale}"));
        Check(faults, nameof(Dither), Dither, Dither is >= 0 and <= 1, "must be 0 to 1");
        Check(faults, nameof(PreEmphasis), PreEmphasis, PreEmphasis is >= 0 and <= 1, "must be 0 to 1");
        Check(faults, nameof(SpectrumScale), SpectrumScale, SpectrumScale is > 0 and <= MaxScale,
            Invariant($"must be > 0 and <= {MaxScale}"));
        Check(faults, nameof(LogFloor), LogFloor, LogFloor is > 0 and <= MaxScale && (float)LogFloor > 0,
            Invariant($"must be > 0 and <= {MaxScale}"));
        Check(faults, nameof(WindowSeconds), WindowSeconds, WindowSeconds is > 0 and <= MaxDurationSeconds, "must be > 0");
        Check(faults, nameof(HopSeconds), HopSeconds, HopSeconds is > 0 and <= MaxDurationSeconds, "must be > 0");
        Check(faults, nameof(FftLength), FftLength, FftLength is >= MinFftLength and <= MaxFftLength && int.IsPow2(FftLength),
            $"must be a power of two, {MinFftLength} to {MaxFftLength}");
        CheckEnum(faults, nameof(Crop), Crop);
        CheckEnum(faults, nameof(ShortClips), ShortClips);
        CheckEnum(faults, nameof(DitherShape), DitherShape);
        CheckEnum(faults, nameof(PreEmphasisStage), PreEmphasisStage);
        CheckEnum(faults, nameof(PreEmphasisEdge), PreEmphasisEdge);
        CheckEnum(faults, nameof(Framing), Framing);
        CheckEnum(faults, nameof(Window), Window);
        CheckEnum(faults, nameof(Spectrum), Spectrum);
        CheckEnum(faults, nameof(MelFilters), MelFilters);
        CheckEnum(faults, nameof(Compression), Compression);
        CheckEnum(faults, nameof(Pooling), Pooling);
        CheckEnum(faults, nameof(Normalisation), Normalisation);
        if (faults.Count == 0)
        {
            CheckFraming(faults);
            CheckMel(faults);
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
            throw UserError.Mark(new ArgumentException(string.Join(" ", faults)));
        }
    }

    private static void Check<T>(List<string> faults, string name, T value, bool valid, string constraint)
    {
        if (!valid)
        {
            faults.Add(Invariant($"'{name}' is {value}; {constraint}."));
        }
    }

    private static void CheckEnum<T>(List<string> faults, string name, T value)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            string[] names = Enum.GetNames<T>();
            faults.Add($"'{name}' is {value}; must be {string.Join(", ", names[..^1])} or {names[^1]}.");
        }
    }

    private void CheckFraming(List<string> faults)
    {
        Check(faults, nameof(WindowSeconds), WindowSeconds, WindowSamples is >= 2 && WindowSamples <= FftLength,
            $"must be 2 to {FftLength} samples, the FFT's length (it is {WindowSamples})");
        Check(faults, nameof(HopSeconds), HopSeconds, HopSamples is >= 1 && HopSamples <= FftLength,
            $"must be 1 to {FftLength} samples, the FFT's length (it is {HopSamples})");
        Check(faults, nameof(DurationSeconds), DurationSeconds, SampleCount >= FrameSamples,
            $"must be at least one frame of {FrameSamples} samples (it is {SampleCount})");
    }

    // A filter that falls between two bins would be a constant feature whoever speaks.
    private void CheckMel(List<string> faults)
    {
        double half = SampleRateHz / 2.0;
        Check(faults, nameof(MelBins), MelBins, MelBins is 0 || (MelBins >= MinMelBins && MelBins <= FftLength / 2),
            $"must be {MinMelBins} to {FftLength / 2}, half the FFT's length, or 0 for none");
        Check(faults, nameof(MelLowHz), MelLowHz, MelLowHz >= 0 && MelLowHz < half, Invariant($"must be 0 to below {half}, half the rate"));
        Check(faults, nameof(MelHighHz), MelHighHz, MelHighHz == 0 || (MelHighHz > MelLowHz && MelHighHz <= half),
            Invariant($"must be above 'MelLowHz' and at most {half}, half the rate, or 0 for that"));
        if (MelBins == 0 || faults.Count > 0)
        {
            return;
        }

        if (TwoSided)
        {
            faults.Add($"'TwoSided' is True and 'MelBins' is {MelBins}; mel bins have no second half, so 'TwoSided' must be False.");
        }

        MelFilterBank bank = MakeMelFilters()!;
        int empty = Enumerable.Range(0, bank.Count).FirstOrDefault(filter => bank.Weights(filter, out _).IsEmpty, -1);
        Check(faults, nameof(MelBins), MelBins, empty < 0,
            Invariant($"filter {empty} falls between two bins of {SampleRateHz / (double)FftLength:0.##} Hz and would always be empty; ")
            + "take fewer mel bins or a longer FFT");
    }

    /// <summary>The mel filters of options without faults; null where there are none.</summary>
    internal MelFilterBank? MakeMelFilters() => MelBins == 0
        ? null
        : new MelFilterBank(MelFilters, MelBins, FftLength, SampleRateHz, MelLowHz, MelHighHz == 0 ? SampleRateHz / 2.0 : MelHighHz);

    // The trap of the literal order: what was centred over time has the mean 0 over time, whoever speaks.
    private void CheckOrder(List<string> faults)
    {
        if (NormalisesClips && Pooling != TimePooling.None)
        {
            faults.Add($"'Normalisation' is {Normalisation} and 'Pooling' is {Pooling}; a bin normalised over a clip's frames has mean 0 and deviation 1 over "
                + "the same frames whoever speaks, so nothing of the voice would be left; use Normalisation Corpus, or Pooling None.");
        }
    }
}

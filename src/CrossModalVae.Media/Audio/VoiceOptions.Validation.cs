using CrossModalVae.Encoders;
using static System.FormattableString;

namespace CrossModalVae.Audio;

public sealed partial record VoiceOptions
{
    private const double MaxDurationSeconds = 600;
    private const double MaxScale = 1e9;
    private const int MinMelBins = 4;
    private const int MinFftLength = 4;
    private const int MaxFftLength = 65_536;

    /// <summary>The crop's length in samples: N.</summary>
    internal int SampleCount => (int)Math.Round(DurationSeconds * SampleRateHz);

    /// <summary>The window's length in samples.</summary>
    internal int WindowSamples => (int)Math.Round(WindowSeconds * SampleRateHz);

    /// <summary>The hop in samples.</summary>
    internal int HopSamples => (int)Math.Round(HopSeconds * SampleRateHz);

    /// <summary>A frame's length in samples: no clip may be shorter.</summary>
    internal int FrameSamples => Framing == VoiceFraming.WindowLength ? WindowSamples : FftLength;

    /// <summary>Whether each clip is normalised over its own frames.</summary>
    internal bool NormalisesClips => Normalisation is FeatureNormalisation.ClipOverTime or FeatureNormalisation.ClipOverTimeUnbiased;

    /// <summary>The faults of these options, a sentence each; empty where they are valid.</summary>
    internal IReadOnlyList<string> Faults()
    {
        var faults = new OptionFaults();
        faults.Within(SampleRateHz, AudioClip.MinSampleRateHz, AudioClip.MaxSampleRateHz);
        faults.AboveAndAtMost(DurationSeconds, 0, MaxDurationSeconds);
        faults.AboveAndAtMost(SignalScale, 0, MaxScale);
        faults.Within(Dither, 0, 1);
        faults.Within(PreEmphasis, 0, 1);
        faults.AboveAndAtMost(SpectrumScale, 0, MaxScale);
        faults.Check(LogFloor is > 0 and <= MaxScale && (float)LogFloor > 0, nameof(LogFloor), LogFloor, $"must be > 0 and <= {MaxScale}");
        faults.Above(WindowSeconds, 0);
        faults.Above(HopSeconds, 0);
        faults.Check(
            FftLength is >= MinFftLength and <= MaxFftLength && int.IsPow2(FftLength),
            nameof(FftLength),
            FftLength,
            $"must be a power of two, {MinFftLength} to {MaxFftLength}");
        faults.Member(Crop);
        faults.Member(ShortClips);
        faults.Member(DitherShape);
        faults.Member(PreEmphasisStage);
        faults.Member(PreEmphasisEdge);
        faults.Member(Framing);
        faults.Member(Window);
        faults.Member(Spectrum);
        faults.Member(MelFilters);
        faults.Member(Compression);
        faults.Member(Pooling);
        faults.Member(Normalisation);
        if (faults.All.Count == 0)
        {
            CheckFraming(faults);
            CheckMel(faults);

            // Over a clip's frames a bin that was normalised over the same frames has the mean 0: pooling would erase the voice.
            if (NormalisesClips && Pooling != TimePooling.None)
            {
                faults.Add(
                    $"'Normalisation' is {Normalisation} and 'Pooling' is {Pooling}; a bin normalised over a clip's frames has mean 0 and "
                    + "standard deviation 1 over those frames whoever speaks, so nothing of the voice would be left; "
                    + "use Normalisation Corpus, or Pooling None.");
            }
        }

        if (Encoder is not null)
        {
            CheckEncoder(faults, Encoder);
        }

        return faults.All;
    }

    /// <summary>Refuses invalid options, naming every fault.</summary>
    /// <exception cref="ArgumentException">An option is out of range, or options contradict each other.</exception>
    public void Validate() => OptionFaults.Throw(Faults());

    private void CheckEncoder(OptionFaults faults, VoiceEncoderOptions encoder)
    {
        try
        {
            encoder.Validate();
        }
        catch (ArgumentException e) when (UserError.IsMarked(e))
        {
            faults.Add($"Section 'encoder': {e.Message}");
        }

        if (Pooling != TimePooling.None)
        {
            faults.Add($"'Pooling' is {Pooling} and there is an encoder, which pools the frames itself; 'Pooling' must be None.");
        }

        if (NormalisesClips)
        {
            faults.Add(
                $"'Normalisation' is {Normalisation} and there is an encoder, whose vectors it would be of; must be Corpus or None "
                + "('frames' of the encoder normalises frames).");
        }
    }

    private void CheckFraming(OptionFaults faults)
    {
        faults.Check(WindowSamples >= 2 && WindowSamples <= FftLength, nameof(WindowSeconds), WindowSeconds,
            $"must be 2 to {FftLength} samples, the FFT's length (it is {WindowSamples})");
        faults.Check(HopSamples >= 1 && HopSamples <= FftLength, nameof(HopSeconds), HopSeconds,
            $"must be 1 to {FftLength} samples, the FFT's length (it is {HopSamples})");
        faults.Check(SampleCount >= FrameSamples, nameof(DurationSeconds), DurationSeconds,
            $"must be at least one frame of {FrameSamples} samples (it is {SampleCount})");
    }

    // A filter that falls between two bins would be a constant feature.
    private void CheckMel(OptionFaults faults)
    {
        double half = SampleRateHz / 2.0;
        faults.Check(MelBins is 0 || (MelBins >= MinMelBins && MelBins <= FftLength / 2), nameof(MelBins), MelBins,
            $"must be {MinMelBins} to {FftLength / 2}, half the FFT's length, or 0 for none");
        faults.Check(MelLowHz >= 0 && MelLowHz < half, nameof(MelLowHz), MelLowHz, Invariant($"must be 0 to below {half}, half the rate"));
        faults.Check(MelHighHz == 0 || (MelHighHz > MelLowHz && MelHighHz <= half), nameof(MelHighHz), MelHighHz,
            Invariant($"must be above 'MelLowHz' and at most {half}, half the rate, or 0 for that"));
        if (MelBins == 0 || faults.All.Count > 0)
        {
            return;
        }

        if (TwoSided)
        {
            faults.Add($"'TwoSided' is True and 'MelBins' is {MelBins}; mel bins have no second half, so 'TwoSided' must be False.");
        }

        MelFilterBank bank = MakeMelFilters()!;
        int empty = Enumerable.Range(0, bank.Count).FirstOrDefault(filter => bank.Weights(filter, out _).IsEmpty, -1);
        faults.Check(empty < 0, nameof(MelBins), MelBins,
            Invariant($"filter {empty} falls between two bins of {SampleRateHz / (double)FftLength:0.##} Hz and would always be empty; ")
            + "take fewer mel bins or a longer FFT");
    }

    /// <summary>The mel filters of options without faults; null where there are none.</summary>
    internal MelFilterBank? MakeMelFilters() => MelBins == 0
        ? null
        : new MelFilterBank(MelFilters, MelBins, FftLength, SampleRateHz, MelLowHz, MelHighHz == 0 ? SampleRateHz / 2.0 : MelHighHz);
}

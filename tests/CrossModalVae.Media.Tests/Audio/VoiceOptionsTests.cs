using CrossModalVae.Audio;

namespace CrossModalVae.Media.Tests.Audio;

public class VoiceOptionsTests
{
    public static TheoryData<VoiceOptions, string> Faulty => new()
    {
        { new() { SampleRateHz = 10 }, "'SampleRateHz' is 10; must be 1000 to 768000." },
        { new() { DurationSeconds = 0 }, "'DurationSeconds' is 0; must be > 0 and <= 600." },
        { new() { DurationSeconds = double.NaN }, "'DurationSeconds' is NaN; must be > 0 and <= 600." },
        { new() { DurationSeconds = 0.031 }, "'DurationSeconds' is 0.031; must be at least one frame of 512 samples (it is 496)." },
        { new() { Dither = -0.5 }, "'Dither' is -0.5; must be 0 to 1." },
        { new() { PreEmphasis = 1.5 }, "'PreEmphasis' is 1.5; must be 0 to 1." },
        { new() { WindowSeconds = 0 }, "'WindowSeconds' is 0; must be > 0." },
        { new() { WindowSeconds = 0.04 }, "'WindowSeconds' is 0.04; must be 2 to 512 samples, the FFT's length (it is 640)." },
        { new() { HopSeconds = -1 }, "'HopSeconds' is -1; must be > 0." },
        { new() { HopSeconds = 1e-6 }, "'HopSeconds' is 1E-06; must be 1 to 512 samples, the FFT's length (it is 0)." },
        { new() { FftLength = 500 }, "'FftLength' is 500; must be a power of two, 4 to 65536." },
        { new() { Crop = (VoiceCrop)9 }, "'Crop' is 9; must be Start or Center." },
        { new() { ShortClips = (ShortClipPolicy)9 }, "'ShortClips' is 9; must be Reflect or Refuse." },
        { new() { Compression = (SpectrumCompression)9 }, "'Compression' is 9; must be None, Log or FlooredLog." },
        { new() { Pooling = (TimePooling)9 }, "'Pooling' is 9; must be None, Mean or MeanAndDeviation." },
        {
            new() { Normalisation = (FeatureNormalisation)9 },
            "'Normalisation' is 9; must be Corpus, ClipOverTime, ClipOverTimeUnbiased or None."
        },
        { new() { SignalScale = 0 }, "'SignalScale' is 0; must be > 0 and <= 1000000000." },
        { new() { SpectrumScale = double.PositiveInfinity }, "'SpectrumScale' is Infinity; must be > 0 and <= 1000000000." },
        { new() { LogFloor = 1e-60 }, "'LogFloor' is 1E-60; must be > 0 and <= 1000000000." },
        { new() { Window = (VoiceWindow)9 }, "'Window' is 9; must be Hamming, HammingSymmetric, Hann, HannSymmetric or Povey." },
        { new() { Framing = (VoiceFraming)9 }, "'Framing' is 9; must be FftLength, WindowLength or CenterReflect." },
        { new() { PreEmphasisStage = (PreEmphasisStage)9 }, "'PreEmphasisStage' is 9; must be Signal, BeforeDc or Frame." },
        { new() { PreEmphasisEdge = (PreEmphasisEdge)9 }, "'PreEmphasisEdge' is 9; must be Zero, Replicate or Reflect." },
        { new() { DitherShape = (DitherShape)9 }, "'DitherShape' is 9; must be Uniform or Triangular." },
        { new() { Spectrum = (SpectrumKind)9 }, "'Spectrum' is 9; must be Magnitude or Power." },
        { new() { MelFilters = (MelFilters)9 }, "'MelFilters' is 9; must be Htk, Slaney or Kaldi." },
        { new() { MelBins = 3 }, "'MelBins' is 3; must be 4 to 256, half the FFT's length, or 0 for none." },
        { new() { MelLowHz = 8_000 }, "'MelLowHz' is 8000; must be 0 to below 8000, half the rate." },
        {
            new() { MelLowHz = 500, MelHighHz = 400 },
            "'MelHighHz' is 400; must be above 'MelLowHz' and at most 8000, half the rate, or 0 for that."
        },
        { new() { MelBins = 40 }, "'TwoSided' is True and 'MelBins' is 40; mel bins have no second half, so 'TwoSided' must be False." },
        {
            new() { MelBins = 128, TwoSided = false },
            "'MelBins' is 128; filter 0 falls between two bins of 31.25 Hz and would always be empty; take fewer mel bins or a longer FFT."
        },
        {
            new() { Framing = VoiceFraming.WindowLength, DurationSeconds = 0.02 },
            "'DurationSeconds' is 0.02; must be at least one frame of 400 samples (it is 320)."
        },
        {
            new() { HopSeconds = -1, FftLength = 0, Dither = double.NaN },
            "'Dither' is NaN; must be 0 to 1. 'HopSeconds' is -1; must be > 0. 'FftLength' is 0; must be a power of two, 4 to 65536."
        },
        {
            new() { Normalisation = FeatureNormalisation.ClipOverTime },
            "'Normalisation' is ClipOverTime and 'Pooling' is Mean; a bin normalised over a clip's frames has "
            + "mean 0 and standard deviation 1 over those frames "
            + "whoever speaks, so nothing of the voice would be left; use Normalisation Corpus, or Pooling None."
        },
        {
            new() { Normalisation = FeatureNormalisation.ClipOverTime, Pooling = TimePooling.MeanAndDeviation },
            "'Normalisation' is ClipOverTime and 'Pooling' is MeanAndDeviation; "
            + "a bin normalised over a clip's frames has mean 0 and standard deviation 1 over those "
            + "frames whoever speaks, so nothing of the voice would be left; use Normalisation Corpus, or Pooling None."
        },
    };

    [Theory]
    [MemberData(nameof(Faulty))]
    public void Validate_FaultyOptions_NamesEveryFault(VoiceOptions options, string message)
    {
        var e = Assert.Throws<ArgumentException>(options.Validate);
        var constructed = Assert.Throws<ArgumentException>(() => new VoiceFrontEnd(options));

        Assert.Equal(message, e.Message);
        Assert.Equal(message, constructed.Message);
        Assert.Equal(message, string.Join(" ", options.Faults()));
    }

    [Fact]
    public void Validate_DefaultsAndNormalisedFrames_Pass()
    {
        new VoiceOptions().Validate();
        new VoiceOptions { Normalisation = FeatureNormalisation.ClipOverTime, Pooling = TimePooling.None }.Validate();

        Assert.Empty(new VoiceOptions().Faults());
    }
}

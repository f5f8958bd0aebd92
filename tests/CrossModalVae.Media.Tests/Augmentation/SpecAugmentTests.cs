using CrossModalVae.Audio;
using CrossModalVae.Augmentation;
using CrossModalVae.Numerics;

namespace CrossModalVae.Media.Tests.Augmentation;

public class SpecAugmentTests
{
    private const int Frames = 40;
    private const int Bins = 30;

    private static readonly VoiceAugmentationOptions Options = new()
    {
        TimeMasks = 2,
        TimeMaskShare = 0.25,
        FrequencyMasks = 3,
        FrequencyMaskShare = 0.5,
    };

    [Fact]
    public void Apply_DrawnStripes_AndNothingElse_HaveTheMean()
    {
        for (int seed = 0; seed < 50; seed++)
        {
            float[] before = Signals.Noise(Frames * Bins, seed, 2);
            SpectrumMask[] masks = SpecAugment.Draw(Options, Frames, Bins, new SeededRandom(seed));
            float[] after = [.. before];

            SpecAugment.Apply(after, Bins, masks);

            float mean = after.Where((_, i) => Masked(masks, i)).FirstOrDefault();
            Assert.Equal(before.Average(), mean, 1e-5f);
            for (int i = 0; i < after.Length; i++)
            {
                Assert.Equal(Masked(masks, i) ? mean : before[i], after[i]);
            }
        }
    }

    [Fact]
    public void Draw_ManySeeds_WidthsAndPlacesFillTheirRanges()
    {
        SpectrumMask[] masks =
        [
            .. Enumerable.Range(0, 400).SelectMany(seed => SpecAugment.Draw(Options, Frames, Bins, new SeededRandom(seed))),
        ];
        SpectrumMask[] time = [.. masks.Where(mask => mask.IsTime)];
        SpectrumMask[] frequency = [.. masks.Where(mask => !mask.IsTime)];

        Assert.Equal(800, time.Length);
        Assert.Equal(1200, frequency.Length);
        Assert.Equal(Enumerable.Range(0, 11), time.Select(mask => mask.Width).Distinct().Order());
        Assert.Equal(Enumerable.Range(0, 16), frequency.Select(mask => mask.Width).Distinct().Order());
        Assert.Equal((0, Frames), (time.Min(mask => mask.Start), time.Max(mask => mask.Start + mask.Width)));
        Assert.Equal((0, Bins), (frequency.Min(mask => mask.Start), frequency.Max(mask => mask.Start + mask.Width)));
    }

    [Fact]
    public void VoiceFrontEnd_Edit_SeesTheCompressedSpectrogramOnceAndItsChangeIsPooled()
    {
        var frontEnd = new VoiceFrontEnd(new VoiceOptions { TwoSided = false, Compression = SpectrumCompression.Log });
        var clip = new AudioClip(Signals.Noise(48_000, 1), Signals.Rate);
        var plain = new float[frontEnd.FeatureCount];
        frontEnd.Extract(clip, plain);
        var masked = new float[frontEnd.FeatureCount];
        int calls = 0;

        frontEnd.Extract(
            clip,
            (spectrum, bins) =>
            {
                calls++;
                Assert.Equal((257, 297), (bins, spectrum.Length / bins));
                SpecAugment.Apply(spectrum, bins, [new SpectrumMask(false, 100, 20)]);
            },
            masked);

        Assert.Equal(1, calls);
        Assert.Equal(plain[..100], masked[..100]);
        Assert.Equal(plain[120..], masked[120..]);
        Assert.All(masked[100..120], value => Assert.Equal(plain.Average(), value, 1e-3f));
    }

    private static bool Masked(SpectrumMask[] masks, int index) => masks.Any(mask =>
    {
        int at = mask.IsTime ? index / Bins : index % Bins;
        return at >= mask.Start && at < mask.Start + mask.Width;
    });
}

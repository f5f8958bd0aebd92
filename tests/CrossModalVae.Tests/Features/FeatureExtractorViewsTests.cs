using CrossModalVae.Audio;
using CrossModalVae.Augmentation;
using CrossModalVae.Corpora;
using CrossModalVae.Faces;
using CrossModalVae.Features;
using CrossModalVae.Recipes;

namespace CrossModalVae.Tests.Features;

public class FeatureExtractorViewsTests
{
    private static readonly AugmentationOptions Everything = new()
    {
        Views = 3,
        Voice = new VoiceAugmentationOptions
        {
            Combine = EffectCombination.Each,
            NoiseProbability = 0.6,
            MusicProbability = 0.6,
            BabbleProbability = 0.6,
            ReverberationProbability = 0.6,
            SpeedProbability = 0.6,
            GainProbability = 0.6,
            SpecAugmentProbability = 0.6,
        },
        Face = new FaceAugmentationOptions
        {
            CropProbability = 0.6,
            BrightnessProbability = 0.6,
            ContrastProbability = 0.6,
            BlurProbability = 0.6,
            CutOutProbability = 0.6,
        },
    };

    private static readonly AugmentationOptions Nothing = new()
    {
        Views = 2,
        Voice = new VoiceAugmentationOptions
        {
            NoiseProbability = 0,
            MusicProbability = 0,
            BabbleProbability = 0,
            ReverberationProbability = 0,
        },
        Face = new FaceAugmentationOptions { FlipProbability = 0 },
    };

    private readonly Manifest _manifest = ManifestReader.Read(Path.Combine(Fixtures.Grid, "manifest.jsonl"));

    [Fact]
    public void Augment_OnAllCores_EqualsEveryViewAskedForAlone()
    {
        Clip[] clips = [.. _manifest.Clips.DistinctBy(clip => clip.Identity).Take(8)];
        var extractor = Extractor(Everything, clips);
        FeatureTable clean = extractor.Extract(_manifest, clips.Contains);
        var reported = new List<int>();

        FeatureTable table = extractor.Augment(_manifest, clean, new Immediate(reported.Add));

        Assert.Equal(Enumerable.Range(1, 24), reported);
        Assert.Same(clean.Voice, table.Voice);
        Assert.Equal(3, table.AugmentedViews.Count);
        var voice = new float[extractor.VoiceLength];
        var face = new float[extractor.FaceLength];
        for (int i = clips.Length - 1; i >= 0; i--)
        {
            for (int view = 3; view >= 1; view--)
            {
                Extractor(Everything, clips).ExtractView(_manifest, clips[i], view, voice, face);
                Assert.Equal(voice, Row(table.AugmentedViews[view - 1].Voice, i, voice.Length));
                Assert.Equal(face, Row(table.AugmentedViews[view - 1].Face, i, face.Length));
            }

            Assert.NotEqual(clean.VoiceRow(i).ToArray(), Row(table.AugmentedViews[0].Voice, i, voice.Length));
        }

        Assert.All(table.AugmentedViews.SelectMany(view => view.Voice.Concat(view.Face)), value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void ExtractView_ProbabilitiesOfZero_IsTheClipBitForBit()
    {
        Clip[] clips = [.. _manifest.Clips.Take(2)];
        var extractor = Extractor(Nothing, clips);
        FeatureTable clean = extractor.Extract(_manifest, clips.Contains);

        FeatureTable table = extractor.Augment(_manifest, clean);

        Assert.Equal(2, table.AugmentedViews.Count);
        Assert.All(table.AugmentedViews, view => Assert.Equal(clean.Voice, view.Voice));
        Assert.All(table.AugmentedViews, view => Assert.Equal(clean.Face, view.Face));
    }

    [Fact]
    public void ExtractView_AnotherSeed_AnotherView()
    {
        Clip[] clips = [.. _manifest.Clips.DistinctBy(clip => clip.Identity).Take(4)];
        float[] Voices(long seed)
        {
            var extractor = Extractor(Everything with { Seed = seed }, clips);
            return extractor.Augment(_manifest, extractor.Extract(_manifest, clips.Contains)).AugmentedViews[0].Voice;
        }

        Assert.Equal(Voices(1), Voices(1));
        Assert.NotEqual(Voices(1), Voices(2));
    }

    [Fact]
    public void ExtractView_GainAlone_MovesLogSpectraByIt()
    {
        AugmentationOptions options = Nothing with { Voice = Nothing.Voice with { GainProbability = 1, GainMinDb = 6, GainMaxDb = 6 } };
        Clip clip = _manifest.Clips[0];
        var recipe = new Recipe { Name = "x", Voice = new VoiceOptions { Dither = 0, TwoSided = false }, Augmentation = options };
        var extractor = new FeatureExtractor(recipe, AugmentationSources.Generated);
        var clean = new float[extractor.VoiceLength];
        var louder = new float[extractor.VoiceLength];
        var face = new float[extractor.FaceLength];

        extractor.ExtractView(_manifest, clip, 0, clean, face);
        extractor.ExtractView(_manifest, clip, 1, louder, face);

        float factor = (float)SignalLevel.Factor(6);
        Assert.All(clean.Zip(louder), pair => Assert.Equal(1, pair.Second / (factor * pair.First), 1e-4f));
    }

    [Fact]
    public void ExtractView_FlipAlone_MirrorsTheResizedFace()
    {
        AugmentationOptions options = Nothing with { Face = new FaceAugmentationOptions { FlipProbability = 1 } };
        var extractor = new FeatureExtractor(
            new Recipe { Name = "x", Face = new FaceOptions { Width = 16, Height = 12 }, Augmentation = options },
            AugmentationSources.Generated);
        var voice = new float[extractor.VoiceLength];
        var clean = new float[extractor.FaceLength];
        var mirrored = new float[extractor.FaceLength];

        extractor.ExtractView(_manifest, _manifest.Clips[0], 0, voice, clean);
        extractor.ExtractView(_manifest, _manifest.Clips[0], 1, voice, mirrored);

        for (int i = 0; i < clean.Length; i++)
        {
            Assert.Equal(clean[(i / 16 * 16) + 15 - (i % 16)], mirrored[i], 1e-5f); // sums run the other way
        }
    }

    [Fact]
    public void ExtractView_NoSuchView_IsRefused()
    {
        var extractor = new FeatureExtractor(new Recipe { Name = "x" });

        var e = Assert.Throws<ArgumentOutOfRangeException>(
            () => extractor.ExtractView(_manifest, _manifest.Clips[0], 1, new float[512], new float[529]));

        Assert.Equal("'view' is 1; must be 0 to 0. (Parameter 'view')", e.Message);
        Assert.Equal(0, extractor.AugmentedViewCount);
    }

    [Fact]
    public void ExtractView_ClipShorterThanAFrame_IsRefusedInTheSameWordsAsTheClipItself()
    {
        using var folder = new TemporaryFolder();
        WavFile.Write(folder["a.wav"], new float[100], 16_000);
        var clip = new Clip { Identity = "a", Name = "0", Voice = "a.wav", Split = CorpusSplit.Train };
        var manifest = new Manifest(folder["m.jsonl"], [clip]);
        AugmentationOptions options = Nothing with { Voice = Nothing.Voice with { GainProbability = 1 } };
        var extractor = new FeatureExtractor(new Recipe { Name = "x", Augmentation = options }, AugmentationSources.Generated);

        string Refusal(int view) =>
            Assert.Throws<InvalidDataException>(() => extractor.ExtractView(manifest, clip, view, new float[512], [])).Message;

        Assert.Equal(Refusal(0), Refusal(1));
    }

    [Fact]
    public void Where_TableWithViews_KeepsTheSameRowsOfEveryView()
    {
        var table = new FeatureTable
        {
            Clips =
            [
                .. Enumerable.Range(0, 3)
                    .Select(i => new Clip { Identity = $"p{i}", Name = "0", Voice = "v", Faces = ["f"], Split = CorpusSplit.Train }),
            ],
            Voice = [0, 0, 1, 1, 2, 2],
            Face = [0, 1, 2],
            VoiceLength = 2,
            FaceLength = 1,
            AugmentedViews = [new FeatureView([10, 10, 11, 11, 12, 12], [10, 11, 12])],
        };

        FeatureTable part = table.Where(clip => clip.Identity != "p1");

        FeatureView view = Assert.Single(part.AugmentedViews);
        Assert.Equal([10f, 10f, 12f, 12f], view.Voice);
        Assert.Equal([10f, 12f], view.Face);
    }

    private static float[] Row(float[] values, int row, int length) => values[(row * length)..((row + 1) * length)];

    private FeatureExtractor Extractor(AugmentationOptions options, Clip[] clips) =>
        new(new Recipe { Name = "x", Augmentation = options }, AugmentationSources.Generated.WithVoices(_manifest, clips));

    private sealed class Immediate(Action<int> action) : IProgress<int>
    {
        public void Report(int value) => action(value);
    }
}

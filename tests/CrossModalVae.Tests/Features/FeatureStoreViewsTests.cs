using CrossModalVae.Augmentation;
using CrossModalVae.Corpora;
using CrossModalVae.Features;
using CrossModalVae.Recipes;

namespace CrossModalVae.Tests.Features;

/// <summary>Augmented views of the training split in a feature store.</summary>
public sealed class FeatureStoreViewsTests : IDisposable
{
    private const int Views = 2;

    private readonly GridCopy _corpus = new();
    private readonly Manifest _manifest;

    public FeatureStoreViewsTests() => _manifest = Split(identity => identity is "s1" or "s2" ? CorpusSplit.Validation : CorpusSplit.Train);

    private static Recipe Augmented { get; } = GridCopy.Pooled with
    {
        Name = "augmented",
        Augmentation = new AugmentationOptions { Views = Views },
    };

    public void Dispose() => _corpus.Dispose();

    [Fact]
    public void Augment_StoredViews_AreThoseOfTheFilesBitForBit()
    {
        FeatureStoreReport report = Prepare(Augmented);
        using FeatureStore store = FeatureStore.Open(_corpus["f"]);
        FeatureTable train = store.Read(_manifest, IsTrained);

        FeatureTable stored = store.Augment(_manifest, Augmented, AugmentationSources.Generated, train);

        var extractor = new FeatureExtractor(Augmented, AugmentationSources.Generated.WithVoices(_manifest, train.Clips));
        FeatureTable computed = extractor.Augment(_manifest, extractor.Extract(_manifest, IsTrained));
        Assert.Equal(new FeatureStoreReport(27, 27 + (Views * train.Count), 27 + (Views * train.Count), report.Bytes), report);
        Assert.Equal(Views, store.AugmentedViewCount);
        Assert.Equal(computed.Clips, stored.Clips);
        Assert.Equal(computed.Voice, stored.Voice);
        Assert.Equal(computed.Face, stored.Face);
        Assert.Equal(Views, stored.AugmentedViews.Count);
        for (int v = 0; v < Views; v++)
        {
            Assert.Equal(computed.AugmentedViews[v].Voice, stored.AugmentedViews[v].Voice);
            Assert.Equal(computed.AugmentedViews[v].Face, stored.AugmentedViews[v].Face);
            Assert.NotEqual(stored.Voice, stored.AugmentedViews[v].Voice);
        }
    }

    [Fact]
    public void Build_Views_AnyNumberOfJobsAndAStopGiveTheSameBytes()
    {
        Prepare(Augmented, "whole", jobs: 3);
        using (var source = new CancellationTokenSource())
        {
            var half = new Progress(source, 40);
            Assert.Throws<OperationCanceledException>(
                () => new FeatureStoreBuilder(Augmented, new FeatureStoreOptions { Jobs = 1 })
                    .Build(_manifest, _corpus["f"], half, source.Token));
        }

        FeatureStoreReport report = Prepare(Augmented, jobs: 1);

        Assert.Equal(report.RowCount - 40, report.ComputedCount);
        Assert.Equal(report.RowCount, new FeatureStoreBuilder(Augmented).CountRows(_manifest));
        Assert.Equal(File.ReadAllBytes(_corpus["whole"]), File.ReadAllBytes(_corpus["f"]));
    }

    [Fact]
    public void Read_StoreWithViews_ServesARecipeWithoutAugmentation()
    {
        Prepare(Augmented);
        using FeatureStore store = FeatureStore.Open(_corpus["f"]);
        store.RequireRecipe(GridCopy.Pooled);

        Assert.Equal(new FeatureExtractor(GridCopy.Pooled).Extract(_manifest).Voice, store.Read(_manifest).Voice);
    }

    [Fact]
    public void Augment_OtherViewsThanAskedFor_AreRefused()
    {
        Prepare(Augmented);
        Prepare(GridCopy.Pooled, "plain");
        string f = _corpus["f"];
        using FeatureStore store = FeatureStore.Open(f);
        using FeatureStore plain = FeatureStore.Open(_corpus["plain"]);
        FeatureTable train = store.Read(_manifest, IsTrained);
        Recipe louder = Augmented with { Augmentation = Augmented.Augmentation! with { Voice = new() { NoiseSnrMinDb = -3 } } };
        Directory.CreateDirectory(_corpus["rirs"]);
        File.Copy(_manifest.VoicePath(_manifest.Clips[0])!, Path.Combine(_corpus["rirs"], "room.wav"));
        AugmentationSources rooms = AugmentationSources.Open(Augmented.Augmentation!.Voice, null, _corpus["rirs"]);

        AssertRefused(
            $"{f}: was prepared with augmentation.voice.noise_snr_min_db 0; "
            + "expected -3, as in recipe 'augmented': prepare the features anew.",
            () => store.Augment(_manifest, louder, AugmentationSources.Generated, train));
        AssertRefused(
            $"{f}: holds augmented views of another training split; expected this one's for recipe 'augmented': prepare the features anew.",
            () => store.Augment(_manifest, Augmented, AugmentationSources.Generated, train.Where(clip => clip.Identity != "x03")));
        AssertRefused(
            $"{f}: holds augmented views made with other noise or room recordings; "
            + "expected the same for recipe 'augmented': prepare the features anew.",
            () => store.Augment(_manifest, Augmented, rooms, train));
        AssertRefused(
            $"{_corpus["plain"]}: holds no augmented views; expected those of recipe 'augmented': prepare the features anew.",
            () => plain.Augment(_manifest, Augmented, AugmentationSources.Generated, train));
        AssertRefused($"{f}: has no augmented view 3 of clip '{train.Clips[0].Key}'; expected one.", () =>
            store.ReadVoice(train.Clips[0], new float[512], 3));
        AssertRefused($"{f}: holds augmented views; expected none, as for recipe 'pooled': prepare the features anew.", () =>
            Prepare(GridCopy.Pooled));
        AssertRefused(
            $"{_corpus["plain"]}: holds no augmented views; expected those of recipe 'augmented': prepare the features anew.",
            () => Prepare(Augmented, "plain"));
    }

    [Fact]
    public void Build_AugmentedWithoutValidationSplit_IsRefused()
    {
        Manifest undecided = Split(_ => CorpusSplit.Train);

        var error = Assert.Throws<InvalidDataException>(() => new FeatureStoreBuilder(Augmented).Build(undecided, _corpus["f"]));

        Assert.Equal(
            $"{undecided.FilePath}: has no validation split; expected both, because recipe 'augmented' augments the training clips, "
            + "and which those are must not depend on a run: mark both splits, or prepare by a recipe without 'augmentation'.",
            error.Message);
        Assert.False(File.Exists(FeatureStoreBuilder.PartialPath(_corpus["f"])));
    }

    private static bool IsTrained(Clip clip) => clip.Split == CorpusSplit.Train;

    private static void AssertRefused(string expected, Action action) =>
        Assert.Equal(expected, Assert.Throws<InvalidDataException>(action).Message);

    private Manifest Split(Func<string, CorpusSplit> split) =>
        new(_corpus.Manifest.FilePath, [.. _corpus.Manifest.Clips.Select(clip => clip with { Split = split(clip.Identity) })]);

    private FeatureStoreReport Prepare(Recipe recipe, string name = "f", int? jobs = null) =>
        new FeatureStoreBuilder(recipe, new FeatureStoreOptions { Jobs = jobs }).Build(_manifest, _corpus[name]);

    private sealed class Progress(CancellationTokenSource source, int at) : IProgress<int>
    {
        public void Report(int value)
        {
            if (value == at)
            {
                source.Cancel();
            }
        }
    }
}

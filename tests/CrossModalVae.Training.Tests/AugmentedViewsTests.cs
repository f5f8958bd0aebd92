using CrossModalVae.Corpora;
using CrossModalVae.Features;
using CrossModalVae.Numerics;
using CrossModalVae.Recipes;

namespace CrossModalVae.Training.Tests;

public sealed class AugmentedViewsTests : IDisposable
{
    private static readonly TrainerOptions Cpu = new() { Device = "cpu", Threads = 1 };

    private readonly TemporaryFolder _folder = new();
    private readonly FeatureTable _plain = Synthetic.Table(20, 3);
    private readonly FeatureTable _validation = Synthetic.Table(12, 3, seed: 2, split: CorpusSplit.Validation, prefix: "v");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(PairSampling.Clips)]
    [InlineData(PairSampling.Identities)]
    public void Batches_WithViews_AreTheSameClipsAndEveryViewAsOften(PairSampling sampling)
    {
        var options = new TrainingOptions { BatchSize = 16, PassesPerEpoch = 30, Sampling = sampling };
        List<ClipPair[]> plain = new PairSampler(_plain, options).Batches(1, 1);

        List<ClipPair[]> drawn = new PairSampler(WithViews(3), options).Batches(1, 1);

        Assert.Equal(plain, drawn.Select(batch => batch.Select(pair => pair with { VoiceView = 0, FaceView = 0 }).ToArray()));
        Assert.All(plain.SelectMany(batch => batch), pair => Assert.Equal((0, 0), (pair.VoiceView, pair.FaceView)));
        ClipPair[] pairs = [.. drawn.SelectMany(batch => batch)];
        foreach (Func<ClipPair, int> view in (Func<ClipPair, int>[])[pair => pair.VoiceView, pair => pair.FaceView])
        {
            foreach (int v in Enumerable.Range(0, 4))
            {
                Assert.Equal(0.25, (double)pairs.Count(pair => view(pair) == v) / pairs.Length, 5 * Math.Sqrt(0.25 * 0.75 / pairs.Length));
            }
        }

        Assert.Contains(pairs, pair => pair.VoiceView != pair.FaceView);
        Assert.Equal(drawn, new PairSampler(WithViews(3), options).Batches(1, 1));
        Assert.NotEqual(drawn, new PairSampler(WithViews(3), options).Batches(1, 2));
    }

    [Fact]
    public void Gather_Views_AreStandardisedByTheClipsAsTheyAre()
    {
        FeatureTable table = WithViews(2);
        FeatureStatistics voice = table.ComputeStatistics(Modality.Voice, out _);
        FeatureStatistics face = table.ComputeStatistics(Modality.Face, out _);
        var standardised = new StandardisedTable(table, voice, face);

        PairBatch batch = standardised.Gather([new ClipPair(5, 7, 2, 1), new ClipPair(8, 8)], TorchSharp.torch.CPU);

        Assert.Equal(_plain.ComputeStatistics(Modality.Voice, out _).Mean, voice.Mean);
        Assert.Equal(
            [.. Standardised(voice, table.AugmentedViews[1].Voice, 5), .. Standardised(voice, table.Voice, 8)],
            batch.Voice!.ToFloats());
        Assert.Equal(
            [.. Standardised(face, table.AugmentedViews[0].Face, 7), .. Standardised(face, table.Face, 8)], batch.Face!.ToFloats());
    }

    [Fact]
    public void Run_WithViews_StoppedAndResumed_EqualsAnUndisturbedRunBitForBit()
    {
        FeatureTable train = WithViews(2);
        TrainingResult straight = new Trainer(Synthetic.Recipe(4), Cpu).Run(train, _validation, _folder["straight"]);
        new Trainer(Synthetic.Recipe(4), Cpu with { Epochs = 2 }).Run(train, _validation, _folder["run"]);
        new Trainer(Synthetic.Recipe(4), Cpu with { Resume = true }).Run(train, _validation, _folder["run"]);
        new Trainer(Synthetic.Recipe(4), Cpu).Run(_plain, _validation, _folder["plain"]);

        byte[] Weights(string run) => File.ReadAllBytes(Path.Combine(run, "weights.safetensors"));
        Assert.Equal(Weights(_folder["straight"]), Weights(_folder["run"]));
        Assert.NotEqual(Weights(_folder["plain"]), Weights(_folder["run"]));
        Assert.Equal(60, straight.Recipe.Statistics!.Voice.ClipCount);
    }

    [Fact]
    public void Run_ResumedOnOtherViews_IsRefused()
    {
        new Trainer(Synthetic.Recipe(1), Cpu).Run(WithViews(2), _validation, _folder["run"]);

        var e = Assert.Throws<InvalidOperationException>(
            () => new Trainer(Synthetic.Recipe(2), Cpu with { Resume = true }).Run(WithViews(2, seed: 9), _validation, _folder["run"]));

        Assert.Equal(
            $"{_folder["run"]}: the run was started on other clips or features; it can be resumed on the same ones only.", e.Message);
    }

    [Fact]
    public void ByIdentity_TableWithViews_KeepsThemForTrainingOnly()
    {
        (FeatureTable train, FeatureTable validation) = ValidationSplit.ByIdentity(WithViews(2), 0.2, 1);

        Assert.Equal(2, train.AugmentedViews.Count);
        Assert.Equal(train.Voice.Length, train.AugmentedViews[1].Voice.Length);
        Assert.Empty(validation.AugmentedViews);
    }

    private static float[] Standardised(FeatureStatistics statistics, float[] values, int row)
    {
        var result = new float[statistics.Length];
        statistics.Standardise(values.AsSpan(row * statistics.Length, statistics.Length), result);
        return result;
    }

    private FeatureTable WithViews(int count, long seed = 5)
    {
        var random = new SeededRandom(seed);
        float[] Disturbed(float[] values) => [.. values.Select(value => value + (float)random.NextGaussian())];
        return new FeatureTable
        {
            Clips = _plain.Clips,
            Voice = _plain.Voice,
            Face = _plain.Face,
            VoiceLength = _plain.VoiceLength,
            FaceLength = _plain.FaceLength,
            AugmentedViews = [.. Enumerable.Range(0, count).Select(_ => new FeatureView(Disturbed(_plain.Voice), Disturbed(_plain.Face)))],
        };
    }
}

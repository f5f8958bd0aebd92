using CrossModalVae.Features;
using CrossModalVae.Recipes;

namespace CrossModalVae.Training.Tests;

public class PairSamplerTests
{
    private static readonly TrainingOptions Clips = new() { BatchSize = 5 };
    private static readonly TrainingOptions Identities = new() { BatchSize = 5, Sampling = PairSampling.Identities };

    [Fact]
    public void Batches_Clips_HasEveryClipOnceWithItsOwnFace()
    {
        FeatureTable table = Synthetic.Table(4, 3);

        List<ClipPair[]> batches = new PairSampler(table, Clips).Batches(1, 1);

        Assert.Equal([5, 5, 2], batches.Select(batch => batch.Length));
        Assert.Equal(Enumerable.Range(0, 12), batches.SelectMany(batch => batch).Select(pair => pair.VoiceRow).Order());
        Assert.All(batches.SelectMany(batch => batch), pair => Assert.Equal(pair.VoiceRow, pair.FaceRow));
    }

    [Fact]
    public void Batches_Identities_HasEveryIdentityOnceInBatchesOfNearlyEqualSize()
    {
        FeatureTable table = Synthetic.Table(11, 3);

        List<ClipPair[]> batches = new PairSampler(table, Identities).Batches(1, 1);

        Assert.Equal([3, 4, 4], batches.Select(batch => batch.Length));
        Assert.Equal(11, batches.SelectMany(batch => batch).Select(pair => table.Clips[pair.VoiceRow].Identity).Distinct().Count());
        Assert.All(batches.SelectMany(batch => batch), pair =>
            Assert.Equal(table.Clips[pair.VoiceRow].Identity, table.Clips[pair.FaceRow].Identity));
        Assert.Contains(batches.SelectMany(batch => batch), pair => pair.VoiceRow != pair.FaceRow);
    }

    [Fact]
    public void Batches_SeveralPasses_RepeatsTheSplit()
    {
        FeatureTable table = Synthetic.Table(4, 1);

        List<ClipPair[]> batches = new PairSampler(table, Identities with { PassesPerEpoch = 3 }).Batches(1, 1);

        Assert.Equal([4, 4, 4], batches.Select(batch => batch.Length));
    }

    [Fact]
    public void Batches_SeedAndEpoch_DecideTheOrder()
    {
        var sampler = new PairSampler(Synthetic.Table(20, 2), Identities);

        Assert.Equal(Rows(sampler.Batches(1, 2)), Rows(sampler.Batches(1, 2)));
        Assert.NotEqual(Rows(sampler.Batches(1, 2)), Rows(sampler.Batches(1, 3)));
        Assert.NotEqual(Rows(sampler.Batches(1, 2)), Rows(sampler.Batches(2, 2)));
    }

    [Fact]
    public void Batches_MissingModalities_ListCompletePairsFirstThenVoicesThenFaces()
    {
        FeatureTable table = Synthetic.Without(Synthetic.Table(4, 1), voice: row => row is 0 or 3, face: row => row is 1 or 3);

        ClipPair[] batch = new PairSampler(table, Clips).Batches(1, 1).Single();

        Assert.Equal(
            [new ClipPair(2, 2), new ClipPair(1, ClipPair.Missing), new ClipPair(ClipPair.Missing, 0)],
            batch.Select(pair => new ClipPair(pair.VoiceRow, pair.FaceRow)));
    }

    private static IEnumerable<(int, int)> Rows(List<ClipPair[]> batches) =>
        batches.SelectMany(batch => batch).Select(pair => (pair.VoiceRow, pair.FaceRow));
}

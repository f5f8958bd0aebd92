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

    [Fact]
    public void Batches_IdentitiesAndClips_HaveSeveralDifferentClipsOfEveryPersonInOneBatch()
    {
        FeatureTable table = Synthetic.Without(Synthetic.Table(10, 4), voice: row => row is 1 or 2, face: row => row is 0 or 1 or 2);
        TrainingOptions options = Identities with { BatchSize = 12, Sampling = PairSampling.IdentitiesAndClips, ClipsPerIdentity = 3 };

        List<ClipPair[]> batches = new PairSampler(table, options).Batches(1, 1);

        Assert.Equal((9 * 3) + 2, batches.Sum(batch => batch.Length));
        Assert.Equal(
            [3, 3, 4], batches.Select(batch => batch.Select(pair => table.Clips[pair.VoiceRow].Identity).Distinct().Count()).Order());
        IEnumerable<ClipPair> pairs = batches.SelectMany(batch => batch);
        foreach (IGrouping<string, ClipPair> person in pairs.GroupBy(pair => table.Clips[pair.VoiceRow].Identity))
        {
            Assert.Single(batches, batch => person.All(batch.Contains));
            bool hasFew = person.Key == "p000"; // two voices and one face: the second pair has the face again
            Assert.Equal(hasFew ? 2 : 3, person.Select(pair => pair.VoiceRow).Distinct().Count());
            Assert.Equal(hasFew ? 1 : 3, person.Select(pair => pair.FaceRow).Distinct().Count());
            Assert.All(person, pair => Assert.Equal(person.Key, table.Clips[pair.FaceRow].Identity));
        }
    }

    [Theory]
    [InlineData(0.0, 0.3, 0.7)]
    [InlineData(1.0, 1.0, 1.0)]
    [InlineData(0.5, 0.6, 0.9)]
    public void Batches_SameGenderShare_IsTheShareOfABatchOfOneGender(double share, double least, double most)
    {
        FeatureTable table = WithGenders(Synthetic.Table(200, 1));
        TrainingOptions options = Identities with { BatchSize = 20, SameGenderShare = share };

        List<ClipPair[]> batches = new PairSampler(table, options).Batches(1, 1);

        Assert.Equal(200, batches.SelectMany(batch => batch).Select(pair => pair.VoiceRow).Distinct().Count());
        double mean = batches.Average(batch => batch.CountBy(pair => table.Clips[pair.VoiceRow].Gender!).Max(own => own.Value) / 20.0);
        Assert.InRange(mean, least, most);
    }

    [Fact]
    public void RequireUsable_WhatTheSplitLacks_IsSaid()
    {
        Exception clips = Assert.Throws<InvalidDataException>(() => PairSampler.RequireUsable(
            Synthetic.Table(4, 1), new TrainingOptions { Sampling = PairSampling.IdentitiesAndClips }));
        Exception genders = Assert.Throws<InvalidDataException>(() => PairSampler.RequireUsable(
            Synthetic.Table(4, 1), Identities with { SameGenderShare = 0.5 }));

        Assert.Equal("'clips_per_identity' is 2, but every person of the training split has one clip.", clips.Message);
        Assert.Equal(
            "'same_gender_share' is 0.5, but the manifest does not have two genders in the training split.", genders.Message);
    }

    private static FeatureTable WithGenders(FeatureTable table) => new()
    {
        Clips = [.. table.Clips.Index().Select(clip => clip.Item with { Gender = clip.Index % 2 == 0 ? "m" : "f" })],
        Voice = table.Voice,
        Face = table.Face,
        VoiceLength = table.VoiceLength,
        FaceLength = table.FaceLength,
    };

    private static IEnumerable<(int, int)> Rows(List<ClipPair[]> batches) =>
        batches.SelectMany(batch => batch).Select(pair => (pair.VoiceRow, pair.FaceRow));
}

using CrossModalVae.Corpora;
using CrossModalVae.Features;

namespace CrossModalVae.Training.Tests;

public class ValidationSplitTests
{
    [Fact]
    public void ByIdentity_Share_MovesWholePeopleAndMarksThem()
    {
        FeatureTable table = Synthetic.Table(20, 3);

        (FeatureTable train, FeatureTable validation) = ValidationSplit.ByIdentity(table, 0.25, 1);

        Assert.Equal(45, train.Count);
        Assert.Equal(15, validation.Count);
        Assert.Empty(train.Clips.Select(clip => clip.Identity).Intersect(validation.Clips.Select(clip => clip.Identity)));
        Assert.All(validation.Clips, clip => Assert.Equal(CorpusSplit.Validation, clip.Split));
    }

    [Fact]
    public void ByIdentity_Seed_DecidesWho()
    {
        FeatureTable table = Synthetic.Table(20, 1);

        string[] first = [.. ValidationSplit.ByIdentity(table, 0.25, 1).Validation.Clips.Select(clip => clip.Identity)];

        Assert.Equal(first, ValidationSplit.ByIdentity(table, 0.25, 1).Validation.Clips.Select(clip => clip.Identity));
        Assert.NotEqual(first, ValidationSplit.ByIdentity(table, 0.25, 2).Validation.Clips.Select(clip => clip.Identity));
    }

    /// <summary>Two people with ten clips each and eight with one: any draw leaves training at least half of the clips.</summary>
    [Fact]
    public void ByIdentity_FewHaveMostClips_TrainingKeepsHalfOfTheClips()
    {
        FeatureTable all = Synthetic.Table(10, 10);
        FeatureTable table = all.Where(clip => clip.Identity.CompareTo(all.Clips[20].Identity) < 0 || clip.Name == all.Clips[0].Name);
        Assert.Equal(28, table.Count);

        for (int seed = 0; seed < 20; seed++)
        {
            (FeatureTable train, FeatureTable validation) = ValidationSplit.ByIdentity(table, 0.2, seed);

            Assert.Equal(2, validation.Clips.Select(clip => clip.Identity).Distinct().Count());
            Assert.True(train.Count >= 14, $"seed {seed}: {train.Count}");
        }
    }

    [Theory]
    [InlineData(1, "The training split has 1 identity and there is no validation split; at least 4 are needed, 2 on either side.")]
    [InlineData(3, "The training split has 3 identities and there is no validation split; at least 4 are needed, 2 on either side.")]
    public void ByIdentity_TooFewPeople_Refused(int identities, string message)
    {
        var error = Assert.Throws<InvalidDataException>(() => ValidationSplit.ByIdentity(Synthetic.Table(identities, 2), 0.1, 1));

        Assert.Equal(message, error.Message);
    }
}

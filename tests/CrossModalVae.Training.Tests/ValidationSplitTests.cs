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

    [Theory]
    [InlineData(1, "The training split has 1 identity and there is no validation split; at least 4 are needed, 2 on either side.")]
    [InlineData(3, "The training split has 3 identities and there is no validation split; at least 4 are needed, 2 on either side.")]
    public void ByIdentity_TooFewPeople_Refused(int identities, string message)
    {
        var error = Assert.Throws<InvalidDataException>(() => ValidationSplit.ByIdentity(Synthetic.Table(identities, 2), 0.1, 1));

        Assert.Equal(message, error.Message);
    }
}

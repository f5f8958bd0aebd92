using CrossModalVae.Corpora;
using CrossModalVae.Features;
using CrossModalVae.Training.Folds;

namespace CrossModalVae.Training.Tests.Folds;

public class IdentityFoldsTests
{
    private static readonly string?[] Genders = ["f", "m", "m", null];

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(11)]
    public void Split_EveryFold_EachIdentityValidatesOnceWithAllItsClips(int count)
    {
        FeatureTable table = Synthetic.Table(23, 3);
        IdentityFolds folds = IdentityFolds.Assign(table.Clips, count, 4);

        (FeatureSource Train, FeatureSource Validation)[] parts = [.. Enumerable.Range(0, count).Select(fold => folds.Split(table, fold))];

        Assert.Equal(
            table.Clips.Select(clip => clip.Key).Order(), parts.SelectMany(part => part.Validation.Clips).Select(clip => clip.Key).Order());
        Assert.All(parts, part =>
        {
            Assert.Equal(table.Count, part.Train.Count + part.Validation.Count);
            Assert.Empty(People(part.Train).Intersect(People(part.Validation)));
            Assert.InRange(People(part.Validation).Length, 23 / count, (23 / count) + 1);
            Assert.All(part.Validation.Clips, clip => Assert.Equal(CorpusSplit.Validation, clip.Split));
        });
    }

    [Fact]
    public void Assign_Genders_AreSpreadEvenly()
    {
        FeatureTable table = Synthetic.Table(40, 2);
        Clip[] clips = [.. table.Clips.Select(clip => clip with { Gender = Genders[int.Parse(clip.Identity[1..], null) % 4] })];

        IdentityFolds folds = IdentityFolds.Assign(clips, 5, 9);

        var own = new FeatureTable { Clips = clips, Voice = table.Voice, Face = table.Face, VoiceLength = 24, FaceLength = 30 };
        for (int fold = 0; fold < 5; fold++)
        {
            Clip[] validation = [.. folds.Split(own, fold).Validation.Clips.DistinctBy(clip => clip.Identity)];
            Assert.Equal([2, 4, 2], new[] { "f", "m", null }.Select(gender => validation.Count(clip => clip.Gender == gender)));
        }
    }

    [Fact]
    public void Assign_OrderOfClips_DoesNotMatterAndTheSeedDoes()
    {
        FeatureTable table = Synthetic.Table(20, 2);

        string[] First(IEnumerable<Clip> clips, long seed) => People(IdentityFolds.Assign(clips, 4, seed).Split(table, 0).Validation);

        Assert.Equal(First(table.Clips, 1), First(table.Clips.Reverse(), 1));
        Assert.NotEqual(First(table.Clips, 1), First(table.Clips, 2));
    }

    [Fact]
    public void Assign_TooFewPeople_Refused()
    {
        var e = Assert.Throws<InvalidDataException>(() => IdentityFolds.Assign(Synthetic.Table(9, 2).Clips, 5, 1));

        Assert.Equal("The training split has 9 people; 5 folds need at least 10, two to validate on in each.", e.Message);
    }

    private static string[] People(FeatureSource source) => [.. source.Clips.Select(clip => clip.Identity).Distinct().Order()];
}

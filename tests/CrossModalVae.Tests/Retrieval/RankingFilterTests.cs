using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Tests.Retrieval;

public class RankingFilterTests
{
    private static readonly EmbeddingRow Ann = new()
    {
        Identity = "ann",
        Clip = "v1/00002",
        Modality = Modality.Face,
        Split = CorpusSplit.Test,
        Gender = "f",
        Nationality = "Peru",
        Age = 30,
    };

    public static TheoryData<RankingFilter, bool> Cases => new()
    {
        { new RankingFilter(), true },
        { new RankingFilter { Modality = Modality.Face }, true },
        { new RankingFilter { Modality = Modality.Voice }, false },
        { new RankingFilter { Gender = "f" }, true },
        { new RankingFilter { Gender = "m" }, false },
        { new RankingFilter { Split = CorpusSplit.Test }, true },
        { new RankingFilter { Split = CorpusSplit.Train }, false },
        { new RankingFilter { Nationality = "Peru" }, true },
        { new RankingFilter { Nationality = "Chile" }, false },
        { new RankingFilter { LeastAge = 30, LargestAge = 30 }, true }, // both ends included
        { new RankingFilter { LeastAge = 30.5 }, false },
        { new RankingFilter { LargestAge = 29.5 }, false },
        { new RankingFilter { Gender = "f", Split = CorpusSplit.Train }, false }, // all must hold
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Accepts_KnownRow_AsWhatIsKnownSays(RankingFilter filter, bool accepted) => Assert.Equal(accepted, filter.Accepts(Ann));

    [Fact]
    public void Accepts_RowWithUnknownField_IsExcluded()
    {
        EmbeddingRow unknown = Ann with { Gender = null, Nationality = null, Age = null };

        Assert.True(new RankingFilter().Accepts(unknown));
        Assert.False(new RankingFilter { Gender = "f" }.Accepts(unknown));
        Assert.False(new RankingFilter { Nationality = "Peru" }.Accepts(unknown));
        Assert.False(new RankingFilter { LeastAge = 0 }.Accepts(unknown));
        Assert.False(new RankingFilter { LargestAge = 200 }.Accepts(unknown));
    }

    [Theory]
    [InlineData(QueryExclusion.None, "ann", "v1/00002", true)]
    [InlineData(QueryExclusion.Clip, "ann", "v1/00002", false)]
    [InlineData(QueryExclusion.Clip, "ann", "v1/00001", true)]
    [InlineData(QueryExclusion.Clip, "bob", "v1/00002", true)] // somebody else's clip of the same name
    [InlineData(QueryExclusion.Video, "ann", "v1/00001", false)]
    [InlineData(QueryExclusion.Video, "ann", "v10/00001", true)]
    [InlineData(QueryExclusion.Video, "bob", "v1/00001", true)]
    public void Accepts_Exclusion_LeavesOutTheQuerysOwn(QueryExclusion exclude, string identity, string clip, bool accepted) =>
        Assert.Equal(
            accepted, new RankingFilter { Exclude = exclude }.Accepts(Ann, new ClipKey("zoe", "v1/00002"), new ClipKey(identity, clip)));

    [Fact]
    public void Accepts_ClipsWithoutVideo_AreExcludedByName()
    {
        var filter = new RankingFilter { Exclude = QueryExclusion.Video };

        Assert.False(filter.Accepts(Ann with { Clip = "7" }, new ClipKey("ann", "7")));
        Assert.True(filter.Accepts(Ann with { Clip = "7" }, new ClipKey("ann", "8")));
    }

    [Fact]
    public void Describe_EveryCondition_IsNamed()
    {
        var filter = new RankingFilter
        {
            Modality = Modality.Face,
            Gender = "f",
            Split = CorpusSplit.Test,
            Nationality = "Peru",
            LeastAge = 20,
            LargestAge = 40.5,
            Exclude = QueryExclusion.Video,
        };

        Assert.Equal(
            "face, gender f, split test, nationality Peru, age from 20, age to 40.5, without the query's video", filter.Describe());
        Assert.Equal("", new RankingFilter().Describe());
        Assert.True(new RankingFilter().IsEmpty);
        Assert.False(filter.IsEmpty);
    }

    [Fact]
    public void Validate_SeveralFaults_ReportsAll()
    {
        var e = Assert.Throws<ArgumentException>(new RankingFilter { Gender = "x", LeastAge = 40, LargestAge = 20 }.Validate);

        Assert.Equal("'Gender' is 'x'; must be m or f. 'LeastAge' is 40 and 'LargestAge' 20; must not be above it.", e.Message);
    }
}

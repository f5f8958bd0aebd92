using CrossModalVae.Corpora;

namespace CrossModalVae.Tests.Corpora;

public class CorpusGuardTests
{
    [Fact]
    public void RequireSeparateSplits_PersonInTwoSplits_NamesTheFirst()
    {
        Clip[] clips =
        [
            Clip("b", CorpusSplit.Train),
            Clip("b", CorpusSplit.Test),
            Clip("a", CorpusSplit.Validation),
            Clip("a", CorpusSplit.Train),
            Clip("c", CorpusSplit.Test),
        ];

        var error = Assert.Throws<InvalidDataException>(
            () => CorpusGuard.RequireSeparateSplits(clips.Select(clip => (clip.Identity, clip.Split))));

        Assert.Equal(
            "Identity 'a' (and 1 more) has clips in the train and the validation split: a person seen in training cannot "
            + "be tested on; give every identity one split.",
            error.Message);
    }

    [Fact]
    public void RequireSeparateSplits_EveryIdentityInOneSplit_Passes()
    {
        CorpusGuard.RequireSeparateSplits([("a", CorpusSplit.Train), ("a", CorpusSplit.Train), ("b", CorpusSplit.Test)]);
    }

    [Theory]
    [InlineData(0, "The training split has 0 identities; at least 2 are needed to tell people apart.")]
    [InlineData(1, "The training split has 1 identity; at least 2 are needed to tell people apart.")]
    public void RequireIdentities_FewerThanTwo_Refused(int count, string message)
    {
        Clip[] clips = [.. Enumerable.Range(0, count * 3).Select(_ => Clip("a", CorpusSplit.Train))];

        var error = Assert.Throws<InvalidDataException>(() => CorpusGuard.RequireIdentities(clips, "training split"));

        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void RequireSeparate_SharedPerson_NamesTheFirst()
    {
        Clip[] training = [Clip("b", CorpusSplit.Train), Clip("a", CorpusSplit.Train)];

        var error = Assert.Throws<InvalidDataException>(
            () => CorpusGuard.RequireSeparate(training, "training split", [Clip("b", CorpusSplit.Train)], "validation split"));

        Assert.Equal(
            "Identity 'b' is in the training split and in the validation split: a person seen in the one cannot be judged on "
            + "in the other; give every identity one split.",
            error.Message);
    }

    private static Clip Clip(string identity, CorpusSplit split) => new() { Identity = identity, Name = "1", Split = split };
}

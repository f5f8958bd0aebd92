using CrossModalVae.Corpora;

namespace CrossModalVae.Tests.Corpora;

public class IdentitySplitTests
{
    private static readonly string[] Hundred = [.. Enumerable.Range(0, 100).Select(i => $"id{i:000}")];

    [Fact]
    public void Deal_Shares_AreExactAndIndependentOfTheOrder()
    {
        var options = new IdentitySplitOptions { ValidationShare = 0.1, TestShare = 0.25, Seed = 3 };

        IReadOnlyDictionary<string, CorpusSplit> splits = IdentitySplit.Deal(Hundred, options);
        IReadOnlyDictionary<string, CorpusSplit> reversed = IdentitySplit.Deal(Hundred.Reverse(), options);

        Assert.Equal(65, splits.Values.Count(split => split == CorpusSplit.Train));
        Assert.Equal(10, splits.Values.Count(split => split == CorpusSplit.Validation));
        Assert.Equal(25, splits.Values.Count(split => split == CorpusSplit.Test));
        Assert.All(Hundred, id => Assert.Equal(splits[id], reversed[id]));
    }

    [Fact]
    public void Deal_OtherSeed_OtherIdentities()
    {
        IReadOnlyDictionary<string, CorpusSplit> one = IdentitySplit.Deal(Hundred, new IdentitySplitOptions { Seed = 1 });
        IReadOnlyDictionary<string, CorpusSplit> two = IdentitySplit.Deal(Hundred, new IdentitySplitOptions { Seed = 2 });

        Assert.Contains(Hundred, id => one[id] != two[id]);
    }

    [Theory]
    [InlineData(1, 1, 0, 0)]
    [InlineData(2, 2, 0, 0)]
    [InlineData(3, 1, 1, 1)]
    [InlineData(4, 2, 1, 1)]
    [InlineData(5, 3, 1, 1)]
    [InlineData(6, 2, 2, 2)]
    [InlineData(7, 3, 2, 2)]
    [InlineData(10, 6, 2, 2)]
    [InlineData(14, 9, 2, 3)]
    [InlineData(15, 10, 2, 3)]
    public void Deal_FewIdentities_LeavesNoSplitEmptyFromThreeOnAndTwoInEachFromSixOn(int count, int train, int validation, int test)
    {
        IReadOnlyDictionary<string, CorpusSplit> splits = IdentitySplit.Deal(Hundred.Take(count), new IdentitySplitOptions());

        Assert.Equal(
            (train, validation, test),
            (splits.Values.Count(s => s == CorpusSplit.Train), splits.Values.Count(s => s == CorpusSplit.Validation), splits.Values.Count(
                s => s == CorpusSplit.Test)));
    }

    [Theory]
    [InlineData(10, 0.5, 0.45, 2, 4, 4)] // training keeps two
    [InlineData(10, 0, 0.2, 8, 0, 2)]
    [InlineData(4, 0.1, 0, 2, 2, 0)] // two splits need four
    [InlineData(6, 0.5, 0.5, 0, 3, 3)] // nobody is to be trained on
    [InlineData(6, 0, 1, 0, 0, 6)]
    public void Deal_OtherShares_FewIdentities_AreTwoInEachSplitThatHasAShare(
        int count, double validationShare, double testShare, int train, int validation, int test)
    {
        var options = new IdentitySplitOptions { ValidationShare = validationShare, TestShare = testShare };

        CorpusSplit[] splits = [.. IdentitySplit.Deal(Hundred.Take(count), options).Values];

        Assert.Equal(
            (train, validation, test),
            (splits.Count(s => s == CorpusSplit.Train), splits.Count(s => s == CorpusSplit.Validation), splits.Count(
                s => s == CorpusSplit.Test)));
    }

    [Fact]
    public void Deal_SameIdentityTwice_IsRefused()
    {
        var e = Assert.Throws<ArgumentException>(() => IdentitySplit.Deal(["a", "b", "a"], new IdentitySplitOptions()));

        Assert.Equal("Identity 'a' is given twice; expected once. (Parameter 'identities')", e.Message);
    }

    [Fact]
    public void Validate_EveryFault_IsReported()
    {
        var both = Assert.Throws<ArgumentException>(
            () => new IdentitySplitOptions { ValidationShare = -1, TestShare = double.NaN }.Validate());
        var sum = Assert.Throws<ArgumentException>(() => new IdentitySplitOptions { ValidationShare = 0.75, TestShare = 0.5 }.Validate());

        Assert.Equal("'ValidationShare' is -1; must be 0 to 1. 'TestShare' is NaN; must be 0 to 1.", both.Message);
        Assert.Equal("'ValidationShare' and 'TestShare' are 1.25 together; must be <= 1.", sum.Message);
    }
}

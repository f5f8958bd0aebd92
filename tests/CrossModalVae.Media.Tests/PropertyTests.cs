using CsCheck;

namespace CrossModalVae.Media.Tests;

public class PropertyTests
{
    [Fact]
    public void Holds_FalseProperty_FailsWithASeedThatReproducesIt()
    {
        Gen<int> cases = Gen.Int[0, 1_000];

        var e = Assert.Throws<CsCheckException>(() => Property.Holds(cases, x => Assert.True(x < 100)));

        string seed = e.Message.Split('"')[1];
        Assert.Throws<CsCheckException>(() => cases.Sample(x => Assert.True(x < 100), seed: seed, iter: 1, threads: 1));
    }

    [Fact]
    public void Holds_EveryRun_HasTheSameCases()
    {
        List<int> first = [], second = [];

        Property.Holds(Gen.Int[0, 1_000_000], first.Add);
        Property.Holds(Gen.Int[0, 1_000_000], second.Add);

        Assert.Equal(first, second);
        Assert.True(first.Distinct().Count() > 190);
    }
}

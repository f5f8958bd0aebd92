namespace CrossModalVae.Numerics.Tests;

public class OptionFaultsTests
{
    private enum Two
    {
        One,
        Other,
    }

    [Fact]
    public void Checks_OfEveryKind_NameValueAndConstraint()
    {
        (int count, double share, double low, double high, Two kind) = (-3, double.NaN, 0.5, 0.25, (Two)7);
        var faults = new OptionFaults();

        faults.AtLeast(count, -2);
        faults.AtLeast(share, 0.5);
        faults.Above(double.PositiveInfinity, 1, "Weight");
        faults.Within(count, 1, 4096);
        faults.AboveAndAtMost(0.0, 0, 1e9, "Scale");
        faults.AtLeastAndBelow(1.0, 0, 1, "Dropout");
        faults.Probability(share);
        faults.Range(low, high, 0, 0.4);
        faults.OneOf(kind);
        faults.Member(kind);
        faults.Check(false, "Length", "[1]", "must be [2]");
        faults.Add("A sentence.");
        faults.Add(["Two.", "More."]);

        Assert.Equal(
            [
                "'count' is -3; must be >= -2.",
                "'share' is NaN; must be >= 0.5.",
                "'Weight' is Infinity; must be > 1.",
                "'count' is -3; must be 1 to 4096.",
                "'Scale' is 0; must be > 0 and <= 1000000000.",
                "'Dropout' is 1; must be >= 0 and < 1.",
                "'share' is NaN; must be 0 to 1.",
                "'low' is 0.5; must be 0 to 0.4.",
                "'low' is 0.5 and 'high' 0.25; the first must not be larger.",
                "'kind' is 7; must be one of One, Other.",
                "'kind' is 7; must be One or Other.",
                "'Length' is [1]; must be [2].",
                "A sentence.",
                "Two.",
                "More.",
            ],
            faults.All);
        Assert.Equal(string.Join(" ", faults.All), Assert.Throws<ArgumentException>(faults.ThrowIfAny).Message);
    }

    [Fact]
    public void Checks_AtTheEndsThatBelong_FindNothing()
    {
        var faults = new OptionFaults();

        faults.AtLeast(1, 1);
        faults.AtLeast(0.5, 0.5);
        faults.Above(double.Epsilon, 0);
        faults.Within(4096, 1, 4096);
        faults.Within(1, 1, 4096);
        faults.AboveAndAtMost(1e9, 0, 1e9);
        faults.AtLeastAndBelow(0.0, 0, 1);
        faults.Range(0.4, 0.4, 0, 0.4);
        faults.OneOf(Two.Other);
        faults.Member(Two.One);

        Assert.Empty(faults.All);
        faults.ThrowIfAny();
    }
}

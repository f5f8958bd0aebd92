using CrossModalVae.Pipelines.Internals;

namespace CrossModalVae.Pipelines.Tests.Internals;

public class FittedRowsTests
{
    private static readonly FittedRows Rows = new([1, 0, 2, -0f, 1, 0], 2);

    [Fact]
    public void Find_ZeroOfTheOtherSign_IsTheSameRow()
    {
        Assert.Equal(0, Rows.Find([1, 0]));
        Assert.Equal(0, Rows.Find([1, -0f]));
        Assert.Equal(1, Rows.Find([2, -0f]));
        Assert.Equal(1, Rows.Find([2, 0]));
    }

    [Fact]
    public void Find_AnotherRow_IsNull() => Assert.Null(Rows.Find([0, 1]));
}

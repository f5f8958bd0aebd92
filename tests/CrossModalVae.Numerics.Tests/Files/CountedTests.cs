using CrossModalVae.Files;

namespace CrossModalVae.Numerics.Tests.Files;

public class CountedTests
{
    [Theory]
    [InlineData(0, "clip", "0 clips")]
    [InlineData(1, "clip", "1 clip")]
    [InlineData(2, "identity", "2 identities")]
    [InlineData(1, "identity", "1 identity")]
    [InlineData(2, "person", "2 people")]
    [InlineData(1, "person", "1 person")]
    [InlineData(3, "voice row", "3 voice rows")]
    [InlineData(2, "box", "2 boxes")]
    [InlineData(2, "pass", "2 passes")]
    [InlineData(2, "batch", "2 batches")]
    [InlineData(2, "day", "2 days")]
    [InlineData(-1, "step", "-1 steps")]
    [InlineData(1_000_000, "trial", "1000000 trials")]
    public void Of_ACount_HasTheWordThatGoesWithIt(long count, string one, string expected) =>
        Assert.Equal(expected, Counted.Of(count, one));
}

using CrossModalVae.Corpora;

namespace CrossModalVae.Tests.Corpora;

public class CorpusTallyTests
{
    [Fact]
    public void Add_TheSameExampleAgain_IsCountedAndNamedOnce()
    {
        var tally = new CorpusTally();

        tally.Add("pictures that stand in an identity more than once", "a.jpg");
        tally.Add("pictures that stand in an identity more than once", "a.jpg", 3);
        tally.Add("pictures that stand in an identity more than once", "b.jpg");

        Assert.Equal(
            "pictures that stand in an identity more than once: 5 (a.jpg, b.jpg, ...)", Assert.Single(tally.Notices).Text);
    }
}

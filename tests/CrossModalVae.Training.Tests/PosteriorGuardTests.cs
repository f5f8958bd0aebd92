using CrossModalVae.Models;

namespace CrossModalVae.Training.Tests;

public class PosteriorGuardTests
{
    [Theory]
    [InlineData(0.001, 0.002, PosteriorCollapse.Both,
        "both encoders' posteriors have collapsed: they tell clips apart by at most 0.0020 nats in every one of 3 dimensions (active above "
        + "0.01), so embeddings carry nothing; lower 'beta', lengthen its warm-up or add contrast ('contrast_weight').")]
    [InlineData(0.001, 2.0, PosteriorCollapse.Voice,
        "the voice encoder's posteriors have collapsed: they tell clips apart by at most 0.0010 nats in every one of 3 dimensions (active "
        + "above 0.01), so embeddings carry nothing; lower 'beta', lengthen its warm-up or add contrast ('contrast_weight').")]
    [InlineData(2.0, 0.002, PosteriorCollapse.Face,
        "the face encoder's posteriors have collapsed: they tell clips apart by at most 0.0020 nats in every one of 3 dimensions (active "
        + "above 0.01), so embeddings carry nothing; lower 'beta', lengthen its warm-up or add contrast ('contrast_weight').")]
    public void Find_NoActiveDimension_NamesTheEncoderAndTheRemedy(double voice, double face, PosteriorCollapse expected, string message)
    {
        PosteriorCollapse collapse = PosteriorGuard.Find([0, voice, 0], [0, face, 0]);

        Assert.Equal(expected, collapse);
        Assert.Equal(message, PosteriorGuard.Message(collapse, [0, voice, 0], [0, face, 0]));
    }

    [Fact]
    public void Find_OneActiveDimensionEach_OrNoClips_HasNotCollapsed()
    {
        Assert.Equal(PosteriorCollapse.None, PosteriorGuard.Find([0, 0.02], [0.5, 0]));
        Assert.Equal(PosteriorCollapse.None, PosteriorGuard.Find([], [0.5]));
        Assert.Equal(1, PosteriorGuard.ActiveCount([0, 0.02]));
    }

    [Fact]
    public void Message_WithoutABound_NamesNoBeta()
    {
        string message = PosteriorGuard.Message(PosteriorCollapse.Both, [0.001], [0.0], hasBound: false);

        Assert.EndsWith("lower 'learning_rate', or give more weight to a term that keeps people apart.", message, StringComparison.Ordinal);
        Assert.DoesNotContain("beta", message, StringComparison.Ordinal);
    }
}

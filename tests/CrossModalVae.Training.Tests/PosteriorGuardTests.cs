namespace CrossModalVae.Training.Tests;

public class PosteriorGuardTests
{
    [Theory]
    [InlineData(0.001, 0.002,
        "Both encoders' posteriors have collapsed: the KL from the prior is at most 0.0020 nats in every one of 3 dimensions (active above "
        + "0.01), so embeddings carry nothing; lower 'beta', lengthen its warm-up or add contrast.")]
    [InlineData(0.001, 2.0,
        "The voice encoder's posteriors have collapsed: the KL from the prior is at most 0.0010 nats in every one of 3 dimensions (active "
        + "above 0.01), so embeddings carry nothing; lower 'beta', lengthen its warm-up or add contrast.")]
    [InlineData(2.0, 0.002,
        "The face encoder's posteriors have collapsed: the KL from the prior is at most 0.0020 nats in every one of 3 dimensions (active "
        + "above 0.01), so embeddings carry nothing; lower 'beta', lengthen its warm-up or add contrast.")]
    public void RequireActive_NoActiveDimension_Refused(double voice, double face, string message)
    {
        var error = Assert.Throws<CollapsedPosteriorException>(() => PosteriorGuard.RequireActive([0, voice, 0], [0, face, 0]));

        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void RequireActive_OneActiveDimensionEach_Passes()
    {
        PosteriorGuard.RequireActive([0, 0.02], [0.5, 0]);
        Assert.Equal(1, PosteriorGuard.ActiveCount([0, 0.02]));
    }
}

namespace CrossModalVae.Retrieval;

/// <summary>What an identity scores where several of its clips are in a gallery.</summary>
public enum IdentityScore
{
    /// <summary>Its best clip's score: the max rule (Kittler, Hatef, Duin, Matas 1998).</summary>
    Best,

    /// <summary>The mean of all its clips' scores: the sum rule (Kittler et al. 1998), so that having many clips is no advantage.</summary>
    Mean,

    /// <summary>The mean of its m best clips' scores, or of all where it has fewer: best at m 1, mean at m without end.</summary>
    TopM,
}

namespace CrossModalVae.Training;

/// <summary>Recognises collapsed posteriors.</summary>
internal static class PosteriorGuard
{
    /// <summary>
    /// A dimension whose mean KL is below this many nats says nothing about its input (the usual "active
    /// unit" limit, Burda et al. 2016, is 0.01).
    /// </summary>
    public const double ActiveKl = 0.01;

    /// <summary>How many dimensions of [D] mean KLs are active.</summary>
    public static int ActiveCount(IReadOnlyList<double> klPerDimension) => klPerDimension.Count(kl => kl > ActiveKl);

    /// <summary>Stops where an encoder has no active dimension.</summary>
    /// <exception cref="CollapsedPosteriorException">Names the encoders.</exception>
    public static void RequireActive(IReadOnlyList<double> voiceKl, IReadOnlyList<double> faceKl)
    {
        bool voice = voiceKl.Count > 0 && ActiveCount(voiceKl) == 0;
        bool face = faceKl.Count > 0 && ActiveCount(faceKl) == 0;
        if (voice || face)
        {
            string who = voice && face ? "Both encoders'" : voice ? "The voice encoder's" : "The face encoder's";
            double largest = (voice ? voiceKl : []).Concat(face ? faceKl : []).Max();
            throw UserError.Mark(new CollapsedPosteriorException(Invariant(
                $"{who} posteriors have collapsed: the KL from the prior is at most {largest:0.0000} nats in every one of ")
                + Invariant($"{(voice ? voiceKl : faceKl).Count} dimensions (active above {ActiveKl}), ")
                + "so embeddings carry nothing; lower 'beta', lengthen its warm-up or add contrast."));
        }
    }
}

/// <summary>Training ended with posteriors that equal the prior in every dimension: embeddings would carry nothing.</summary>
public sealed class CollapsedPosteriorException : InvalidOperationException
{
    /// <summary>Without a message of its own.</summary>
    public CollapsedPosteriorException()
    {
    }

    /// <summary>With a message.</summary>
    /// <param name="message">One sentence.</param>
    public CollapsedPosteriorException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and its cause.</summary>
    /// <param name="message">One sentence.</param>
    /// <param name="innerException">The cause.</param>
    public CollapsedPosteriorException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

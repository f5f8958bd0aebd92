namespace CrossModalVae.Training;

/// <summary>
/// Recognises collapsed posteriors: an encoder none of whose latent dimensions is active. A dimension is active where its posteriors differ
/// between clips, which is less than their KL from the prior: posteriors that are all equal carry nothing, wherever they lie.
/// </summary>
internal static class PosteriorGuard
{
    /// <summary>
    /// A dimension below this many nats says nothing about its input (the usual limit of an "active unit", Burda et al. 2016, of the
    /// variance of its mean, which for small values is twice the nats).
    /// </summary>
    public const double ActiveKl = 0.01;

    /// <summary>How many of [D] dimensions are active.</summary>
    public static int ActiveCount(IReadOnlyList<double> klPerDimension) => klPerDimension.Count(kl => kl > ActiveKl);

    /// <summary>
    /// Which encoders have no active dimension, of each dimension's information (<see cref="Validator.Posteriors"/>); one without clips
    /// has not collapsed.
    /// </summary>
    public static PosteriorCollapse Find(IReadOnlyList<double> voice, IReadOnlyList<double> face) =>
        (voice.Count > 0 && ActiveCount(voice) == 0, face.Count > 0 && ActiveCount(face) == 0) switch
        {
            (true, true) => PosteriorCollapse.Both,
            (true, false) => PosteriorCollapse.Voice,
            (false, true) => PosteriorCollapse.Face,
            _ => PosteriorCollapse.None,
        };

    /// <summary>What has collapsed, and what to do about it.</summary>
    public static string Message(
        PosteriorCollapse collapse, IReadOnlyList<double> voice, IReadOnlyList<double> face, bool hasBound = true)
    {
        IReadOnlyList<double> shown =
            [.. collapse == PosteriorCollapse.Face ? [] : voice, .. collapse == PosteriorCollapse.Voice ? [] : face];
        return Invariant($"{collapse.Sentence()}: they tell clips apart by at most {shown.Max():0.0000} nats in every one of ")
            + Invariant($"{(collapse == PosteriorCollapse.Face ? face : voice).Count} dimensions (active above {ActiveKl}), ")
            + "so embeddings carry nothing; "
            + (hasBound
                ? "lower 'beta', lengthen its warm-up or add contrast ('contrast_weight')."
                : "lower 'learning_rate', or give more weight to a term that keeps people apart.");
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

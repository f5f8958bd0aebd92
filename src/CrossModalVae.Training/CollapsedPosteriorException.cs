namespace CrossModalVae.Training;

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

namespace CrossModalVae.Training;

/// <summary>The training loss is no longer a finite number. Only the epochs before are in the run folder.</summary>
public sealed class LossNotFiniteException : InvalidOperationException
{
    /// <summary>Without a message of its own.</summary>
    public LossNotFiniteException()
    {
    }

    /// <summary>With a message.</summary>
    /// <param name="message">One sentence.</param>
    public LossNotFiniteException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and its cause.</summary>
    /// <param name="message">One sentence.</param>
    /// <param name="innerException">The cause.</param>
    public LossNotFiniteException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

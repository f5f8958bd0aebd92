namespace CrossModalVae.Evaluation.Trials;

/// <summary>One line of a trial list. Trials of one kind and stratum are scored together.</summary>
public abstract record Trial
{
    /// <summary>The list it belongs to, as in GNA; null is all.</summary>
    public string? Stratum { get; init; }
}

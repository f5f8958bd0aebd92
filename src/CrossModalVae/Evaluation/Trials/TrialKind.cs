namespace CrossModalVae.Evaluation.Trials;

/// <summary>What a trial asks.</summary>
public enum TrialKind
{
    /// <summary>Are two the same person?</summary>
    Verification,

    /// <summary>Which of N is the same person?</summary>
    Matching,

    /// <summary>Where in the ranking of a whole gallery is the same person?</summary>
    Retrieval,
}

namespace CrossModalVae.Evaluation.Trials;

/// <summary>Whose published verification trials are wanted; matching and retrieval are about unseen-unheard people only.</summary>
public enum VoxCeleb1TrialPeople
{
    /// <summary>All lists.</summary>
    All,

    /// <summary>People whom training has seen and heard.</summary>
    SeenHeard,

    /// <summary>People whom training has neither seen nor heard.</summary>
    UnseenUnheard,
}

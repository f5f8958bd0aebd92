namespace CrossModalVae.Corpora;

/// <summary>The part a clip plays. Identities never cross splits: the guard refuses a manifest in which one does.</summary>
public enum CorpusSplit
{
    /// <summary>Weights and statistics are fitted on it.</summary>
    Train,

    /// <summary>Epochs and settings are chosen on it.</summary>
    Validation,

    /// <summary>Scores are reported on it, and nothing else.</summary>
    Test,
}

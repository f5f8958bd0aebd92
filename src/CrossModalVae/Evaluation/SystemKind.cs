namespace CrossModalVae.Evaluation;

/// <summary>What part a system plays in an evaluation.</summary>
public enum SystemKind
{
    /// <summary>What is evaluated.</summary>
    Model,

    /// <summary>What it is compared with.</summary>
    Against,

    /// <summary>Canonical correlation analysis on the same features.</summary>
    Linear,

    /// <summary>Knows everybody's gender and nothing else.</summary>
    GenderOracle,

    /// <summary>Random scores.</summary>
    Random,

    /// <summary>The ideal matcher of a synthetic corpus.</summary>
    Ceiling,
}

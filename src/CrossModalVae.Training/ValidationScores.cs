namespace CrossModalVae.Training;

/// <summary>How well the kept epoch tells one validation identity apart, mean of both directions; chance 0.5.</summary>
public sealed record PersonScore
{
    /// <summary>Who.</summary>
    public required string Identity { get; init; }

    /// <summary>AUC of the identity's own voices against all faces, and of its faces against all voices.</summary>
    public required double Auc { get; init; }

    /// <summary>The same against people of its own gender; null where its gender, or another of it, is not known.</summary>
    public double? SameGenderAuc { get; init; }
}

/// <summary>What the kept epoch reaches on the validation clips; chance 0.5, null where the clips have no trial of each kind.</summary>
public sealed record ValidationScores
{
    /// <summary>Verification AUC over all trials.</summary>
    public double? Auc { get; init; }

    /// <summary>The same macro-averaged over identities.</summary>
    public double? IdentityAuc { get; init; }

    /// <summary>Verification AUC over the trials of two people of one gender; null also where the manifest does not say it.</summary>
    public double? SameGenderAuc { get; init; }

    /// <summary>The identities that have a target and another trial in both directions, in the order of their first clips.</summary>
    public required IReadOnlyList<PersonScore> People { get; init; }
}

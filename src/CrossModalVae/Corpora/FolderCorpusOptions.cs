namespace CrossModalVae.Corpora;

/// <summary>Where a corpus of identity/clip folders is and how its people are dealt to splits.</summary>
public sealed record FolderCorpusOptions
{
    /// <summary>The folder of the identities' folders.</summary>
    public required string Root { get; init; }

    /// <summary>How people are dealt to splits.</summary>
    public IdentitySplitOptions Split { get; init; } = new();

    /// <summary>Reports every fault of these options at once.</summary>
    /// <exception cref="ArgumentException">A value is missing or out of its range.</exception>
    public void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(Root);
        Split.Validate();
    }
}

namespace CrossModalVae.Corpora;

/// <summary>The folder of a corpus, its file name patterns, and the assignment of identities to splits.</summary>
/// <remarks>
/// A pattern is a path relative to <see cref="Root"/>, with forward slashes. <c>{identity}</c>, <c>{clip}</c>, <c>{video}</c>,
/// <c>{split}</c> and <c>{gender}</c> stand for one or more characters of one folder's or file's name, <c>*</c> (or <c>{*}</c>) for any
/// number; the leftmost is greedy. A placeholder that is used twice must match the same text. Letters outside braces match in either case.
/// A pattern that ends in <c>*</c> takes the voices, or the face frames, by the endings of their names: wav, or any sound or video that
/// ffmpeg reads; jpg, jpeg, png.
/// <c>{identity}</c> and <c>{clip}</c> are required.
/// </remarks>
public sealed record FolderCorpusOptions
{
    /// <summary>The folder that the patterns start from.</summary>
    public required string Root { get; init; }

    /// <summary>Patterns of the voices; empty for a corpus without voices. Default <c>{identity}/{clip}/*</c>.</summary>
    public IReadOnlyList<string> VoicePatterns { get; init; } = ["{identity}/{clip}/*"];

    /// <summary>Patterns of the face frames; empty for a corpus without faces. Default <c>{identity}/{clip}/*</c>.</summary>
    public IReadOnlyList<string> FacePatterns { get; init; } = ["{identity}/{clip}/*"];

    /// <summary>How identities are assigned to splits where the patterns have no <c>{split}</c>.</summary>
    public IdentitySplitOptions Split { get; init; } = new();

    /// <summary>Reports every fault of these options at once.</summary>
    /// <exception cref="ArgumentException">A value is missing or out of its range.</exception>
    public void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(Root);
        ArgumentNullException.ThrowIfNull(VoicePatterns);
        ArgumentNullException.ThrowIfNull(FacePatterns);
        string[] all = [.. VoicePatterns, .. FacePatterns];
        if (all.Length == 0)
        {
            throw UserError.Mark(new ArgumentException("'VoicePatterns' and 'FacePatterns' are empty; must be at least one pattern."));
        }

        bool[] splits = [.. all.Select(pattern => FolderPattern.Parse(pattern).Names.Contains(FolderPattern.Split))];
        if (splits.Distinct().Count() > 1)
        {
            throw UserError.Mark(new ArgumentException(
                "Some patterns have {split} and some have not; must be all or none, because a person has one split."));
        }

        Split.Validate();
    }
}

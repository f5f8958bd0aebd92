namespace CrossModalVae.Pipelines;

/// <summary>The columns that a ranking adds, each a vector of K, nearest first.</summary>
public sealed record GalleryRankingColumns
{
    /// <summary>The matches' identities, Vector of String. Default "RankedIdentities".</summary>
    public string Identities { get; init; } = "RankedIdentities";

    /// <summary>The matches' clips, Vector of String. Default "RankedClips".</summary>
    public string Clips { get; init; } = "RankedClips";

    /// <summary>
    /// The matches' scores, Vector of Single, higher is nearer: the cosine, or the negative Euclidean distance. Default "RankedScores".
    /// </summary>
    public string Scores { get; init; } = "RankedScores";

    /// <summary>
    /// The probabilities that the matches are the same person, Vector of Single; only with a calibration. Default "RankedProbabilities".
    /// </summary>
    public string Probabilities { get; init; } = "RankedProbabilities";
}

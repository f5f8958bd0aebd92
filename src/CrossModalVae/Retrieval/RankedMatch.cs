namespace CrossModalVae.Retrieval;

/// <summary>One line of a ranking.</summary>
/// <param name="Rank">One-based rank.</param>
/// <param name="Identity">Whose clip it is.</param>
/// <param name="Clip">The clip's name within its identity.</param>
/// <param name="Score">Similarity, higher is nearer: the cosine, or the negative Euclidean distance.</param>
public sealed record RankedMatch(int Rank, string Identity, string Clip, double Score);

namespace CrossModalVae.Retrieval;

/// <summary>How several clips of one person ask together.</summary>
public enum ProbeCombination
{
    /// <summary>
    /// By the mean of their embeddings, each scaled to length 1 first where nearness is the cosine. For metrics that compare means only.
    /// </summary>
    MeanEmbedding,

    /// <summary>By each row's mean score over the clips that ask: the sum rule (Kittler, Hatef, Duin, Matas 1998).</summary>
    MeanScore,

    /// <summary>By each row's best score over the clips that ask: the max rule.</summary>
    BestScore,
}

using CrossModalVae.Embeddings;

namespace CrossModalVae.Retrieval.Search;

/// <summary>
/// The matrices of an embedding set that a metric compares: means, and standard deviations or reconstructions where it needs them.
/// </summary>
/// <param name="Values">[parts], each [N, D of the part].</param>
/// <param name="Dimensions">[parts].</param>
internal sealed record RowParts(float[][] Values, int[] Dimensions)
{
    /// <summary>What messages call a number of a part.</summary>
    public static string NameOf(RankingMetric metric, int part) =>
        part == 0 ? "value" : metric == RankingMetric.MsVae ? "reconstructed feature" : "standard deviation";

    /// <summary>The parts, or null where the set lacks one.</summary>
    public static RowParts? Of(EmbeddingSet set, RankingMetric metric) => metric switch
    {
        RankingMetric.GaussianWasserstein => set.StandardDeviations is float[] deviations
            ? new RowParts([set.Values, deviations], [set.Dimension, set.Dimension])
            : null,
        RankingMetric.MsVae => set.Reconstructions is float[] reconstructions
            ? new RowParts([set.Values, reconstructions], [set.Dimension, set.ReconstructionLength])
            : null,
        _ => new RowParts([set.Values], [set.Dimension]),
    };

    /// <summary>What a metric needs beside means, for messages.</summary>
    public static string NeedOf(RankingMetric metric) => metric == RankingMetric.MsVae ? "reconstructions" : "standard deviations";
}

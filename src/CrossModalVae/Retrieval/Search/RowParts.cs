using CrossModalVae.Embeddings;

namespace CrossModalVae.Retrieval.Search;

/// <summary>The matrices of an embedding set that a metric compares: means, and standard deviations or reconstructions where it needs them.</summary>
/// <param name="Values">[parts], each [N, D of the part].</param>
/// <param name="Dimensions">[parts].</param>
internal sealed record RowParts(float[][] Values, int[] Dimensions)
{
    /// <summary>What messages call a number of a part.</summary>
    public static readonly string[] Names = ["value", "further value"];

    /// <summary>The parts, or null where the set lacks one.</summary>
    public static RowParts? Of(EmbeddingSet set, RankingMetric metric) => metric switch
    {
        RankingMetric.GaussianWasserstein => set.LogVariances is float[] logVariances
            ? new RowParts([set.Values, Deviations(logVariances)], [set.Dimension, set.Dimension])
            : null,
        RankingMetric.MsVae => set.Reconstructions is float[] reconstructions
            ? new RowParts([set.Values, reconstructions], [set.Dimension, set.ReconstructionLength])
            : null,
        _ => new RowParts([set.Values], [set.Dimension]),
    };

    /// <summary>What a metric needs beside means, for messages.</summary>
    public static string NeedOf(RankingMetric metric) => metric == RankingMetric.MsVae ? "reconstructions" : "log-variances";

    /// <summary>sigma = exp(logVar / 2), each in single precision.</summary>
    public static float[] Deviations(ReadOnlySpan<float> logVariances)
    {
        var deviations = new float[logVariances.Length];
        for (int i = 0; i < deviations.Length; i++)
        {
            deviations[i] = (float)Math.Exp(0.5 * logVariances[i]);
        }

        return deviations;
    }
}

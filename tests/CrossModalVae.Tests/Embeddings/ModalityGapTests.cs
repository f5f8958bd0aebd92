using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Numerics;

namespace CrossModalVae.Tests.Embeddings;

public class ModalityGapTests
{
    private const double SumTolerance = 1e-12; // double sums of the same terms in another order

    [Fact]
    public void Compute_FourRows_IsTheDistanceByHand()
    {
        // Unit voices (1, 0) and (0, 1), centroid (1/2, 1/2); both unit faces (-1, 0). Joint and zero rows do not count.
        EmbeddingSet set = Set(
            (Modality.Voice, 2, 0), (Modality.Voice, 0, 3), (Modality.Face, -1, 0), (Modality.Face, -5, 0), (Modality.Joint, 9, 9),
            (Modality.Face, 0, 0));

        ModalityGap gap = ModalityGap.Compute(set)!;

        Assert.Equal(Math.Sqrt((1.5 * 1.5) + (0.5 * 0.5)), gap.Distance, SumTolerance);
        Assert.Equal(Math.Sqrt((0.5 + 0) / 2), gap.Spread, SumTolerance);
        Assert.Equal(gap.Distance / gap.Spread, gap.RelativeDistance, SumTolerance);
    }

    [Fact]
    public void Compute_Euclidean_TakesRowsAsTheyAre()
    {
        // Voices (2, 0) and (0, 4), centroid (1, 2), squares 5 each; faces (-1, 0) and (1, 0), centroid (0, 0), squares 1 each.
        EmbeddingSet set = Set((Modality.Voice, 2, 0), (Modality.Voice, 0, 4), (Modality.Face, -1, 0), (Modality.Face, 1, 0));

        ModalityGap gap = ModalityGap.Compute(set, DistanceMetric.Euclidean)!;

        Assert.Equal(Math.Sqrt(5), gap.Distance, SumTolerance);
        Assert.Equal(Math.Sqrt((5 + 1) / 2.0), gap.Spread, SumTolerance);
    }

    [Fact]
    public void Compute_SameClouds_HaveNoGapAtAnyScale()
    {
        EmbeddingSet set = Set((Modality.Voice, 1, 0), (Modality.Face, 1e19f, 0), (Modality.Voice, 0, 1e-19f), (Modality.Face, 0, 1));

        ModalityGap gap = ModalityGap.Compute(set)!;

        Assert.Equal(0, gap.Distance, SumTolerance);
        Assert.Equal(0, gap.RelativeDistance, SumTolerance);
    }

    [Fact]
    public void Compute_OneModality_IsNull() => Assert.Null(ModalityGap.Compute(Set((Modality.Voice, 1, 0), (Modality.Joint, 1, 0))));

    private static EmbeddingSet Set(params (Modality Modality, float X, float Y)[] rows) => new(
        [.. rows.SelectMany(row => new[] { row.X, row.Y })],
        2,
        [
            .. rows.Select((row, i) =>
                new EmbeddingRow { Identity = "a", Clip = $"{i}", Modality = row.Modality, Split = CorpusSplit.Test }),
        ]);
}

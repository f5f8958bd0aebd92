using CrossModalVae.Embeddings;

namespace CrossModalVae.Evaluation;

/// <summary>
/// How far the voices' cloud lies from the faces' in the joint space (Liang et al., "Mind the gap", NeurIPS 2022): the distance between the
/// centroids of all rows scaled to unit length. Beside it the clouds' own spread, since a gap means something only against it. Retrieval
/// across modalities can work in spite of a gap: it moves all scores alike.
/// </summary>
/// <param name="Distance">|mean of unit voices - mean of unit faces|, 0 to 2.</param>
/// <param name="Spread">The root mean square distance of unit rows from their own modality's centroid, both modalities weighing the same.
/// </param>
public sealed record ModalityGap(double Distance, double Spread)
{
    /// <summary>The distance in units of the spread; infinite where every row lies at its centroid.</summary>
    public double RelativeDistance => Distance == 0 ? 0 : Distance / Spread;

    /// <summary>The gap of some embeddings.</summary>
    /// <param name="embeddings">Rows of both modalities; joint rows are ignored, and rows of zero length, which have no direction.</param>
    /// <returns>Null where a modality has no row.</returns>
    public static ModalityGap? Compute(EmbeddingSet embeddings)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        if (Cloud(embeddings, Modality.Voice) is not (double[] voice, double voiceVariance)
            || Cloud(embeddings, Modality.Face) is not (double[] face, double faceVariance))
        {
            return null;
        }

        double squared = voice.Zip(face, (a, b) => (a - b) * (a - b)).Sum();
        return new ModalityGap(Math.Sqrt(squared), Math.Sqrt((voiceVariance + faceVariance) / 2));
    }

    // The centroid of unit rows, and their mean squared distance from it: 1 - |centroid|^2.
    private static (double[] Centroid, double Variance)? Cloud(EmbeddingSet set, Modality modality)
    {
        var centroid = new double[set.Dimension];
        long count = 0;
        for (int i = 0; i < set.Count; i++)
        {
            if (set.Rows[i].Modality != modality)
            {
                continue;
            }

            ReadOnlySpan<float> row = set[i];
            double length = 0;
            foreach (float value in row)
            {
                length += (double)value * value;
            }

            if (length > 0)
            {
                double scale = 1 / Math.Sqrt(length);
                count++;
                for (int d = 0; d < centroid.Length; d++)
                {
                    centroid[d] += row[d] * scale;
                }
            }
        }

        if (count == 0)
        {
            return null;
        }

        for (int d = 0; d < centroid.Length; d++)
        {
            centroid[d] /= count;
        }

        return (centroid, Math.Max(0, 1 - centroid.Sum(value => value * value)));
    }
}

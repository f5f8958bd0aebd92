namespace CrossModalVae.Embeddings;

/// <summary>
/// How far the voices' cloud lies from the faces' in a space that they share (Liang et al., "Mind the gap", NeurIPS 2022): the distance
/// between the centroids, for the cosine of rows scaled to unit length. Beside it the clouds' own spread, since a gap means something only
/// against it. Retrieval across modalities can work in spite of a gap: it moves all scores alike.
/// </summary>
/// <param name="Distance">|mean of the voices - mean of the faces|; 0 to 2 for the cosine.</param>
/// <param name="Spread">The root mean square distance of rows from their own modality's centroid, both modalities weighing the same.
/// </param>
public sealed record ModalityGap(double Distance, double Spread)
{
    /// <summary>The distance in units of the spread; infinite where every row lies at its centroid.</summary>
    public double RelativeDistance => Distance == 0 ? 0 : Distance / Spread;

    /// <summary>The gap of some embeddings.</summary>
    /// <param name="embeddings">Rows of both modalities; joint rows are ignored, and for the cosine rows of zero length, which have no
    /// direction.</param>
    /// <param name="metric">Cosine brings rows to unit length first.</param>
    /// <returns>Null where a modality has no row.</returns>
    public static ModalityGap? Compute(EmbeddingSet embeddings, DistanceMetric metric = DistanceMetric.Cosine)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        if (Cloud(embeddings, Modality.Voice, metric) is not (double[] voice, double voiceVariance)
            || Cloud(embeddings, Modality.Face, metric) is not (double[] face, double faceVariance))
        {
            return null;
        }

        double squared = voice.Zip(face, (a, b) => (a - b) * (a - b)).Sum();
        return new ModalityGap(Math.Sqrt(squared), Math.Sqrt((voiceVariance + faceVariance) / 2));
    }

    // The centroid of a modality's rows, and their mean squared distance from it.
    private static (double[] Centroid, double Variance)? Cloud(EmbeddingSet set, Modality modality, DistanceMetric metric)
    {
        var rows = new List<(int Row, double Scale)>();
        var centroid = new double[set.Dimension];
        for (int i = 0; i < set.Count; i++)
        {
            double scale = set.Rows[i].Modality == modality ? Scale(set[i], metric) : 0;
            if (scale > 0)
            {
                rows.Add((i, scale));
                for (int d = 0; d < centroid.Length; d++)
                {
                    centroid[d] += set[i][d] * scale;
                }
            }
        }

        if (rows.Count == 0)
        {
            return null;
        }

        for (int d = 0; d < centroid.Length; d++)
        {
            centroid[d] /= rows.Count;
        }

        double squares = 0;
        foreach ((int row, double scale) in rows)
        {
            for (int d = 0; d < centroid.Length; d++)
            {
                double difference = (set[row][d] * scale) - centroid[d];
                squares += difference * difference;
            }
        }

        return (centroid, squares / rows.Count);
    }

    // 0 for a row that has no direction.
    private static double Scale(ReadOnlySpan<float> row, DistanceMetric metric)
    {
        if (metric != DistanceMetric.Cosine)
        {
            return 1;
        }

        double squares = 0;
        foreach (float value in row)
        {
            squares += (double)value * value;
        }

        return squares > 0 ? 1 / Math.Sqrt(squares) : 0;
    }
}

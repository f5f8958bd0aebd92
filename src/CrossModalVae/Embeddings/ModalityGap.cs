namespace CrossModalVae.Embeddings;

/// <summary>
/// How far apart the clouds of two modalities lie in a space that they share (Liang, Zhang, Kwon, Yeung, Zou, "Mind the gap", 2022). Where
/// the gap is wide, a scatter shows two clouds however well their inner orders agree.
/// </summary>
/// <param name="Distance">Between the means of the voices and of the faces, each row at length 1 for the cosine.</param>
/// <param name="Spread">The root mean square distance of rows to the mean of their own modality.</param>
public sealed record ModalityGap(double Distance, double Spread)
{
    /// <summary>The distance in units of the spread: below about 0.5 the clouds lie in each other; null where nothing spreads.</summary>
    public double? RelativeDistance => Spread > 0 ? Distance / Spread : null;

    /// <summary>Measures the gap of voices and faces.</summary>
    /// <param name="embeddings">Rows of both; others are left out.</param>
    /// <param name="metric">Cosine brings rows to length 1 first.</param>
    /// <returns>Null where one of the two modalities has no row.</returns>
    public static ModalityGap? Compute(EmbeddingSet embeddings, DistanceMetric metric)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        EmbeddingSet[] both = [.. new[] { Modality.Voice, Modality.Face }.Select(one => embeddings.Where(row => row.Modality == one))];
        if (both.Any(set => set.Count == 0))
        {
            return null;
        }

        (double[] Mean, double Squares)[] clouds = [.. both.Select(set => Cloud(set, metric))];
        double distance = Math.Sqrt(clouds[0].Mean.Zip(clouds[1].Mean, (a, b) => (a - b) * (a - b)).Sum());
        return new ModalityGap(distance, Math.Sqrt(clouds.Sum(cloud => cloud.Squares) / both.Sum(set => set.Count)));
    }

    // The mean of the rows, and the sum of their squared distances to it.
    private static (double[] Mean, double Squares) Cloud(EmbeddingSet set, DistanceMetric metric)
    {
        float[] values = metric == DistanceMetric.Cosine ? Rows.ToUnitLength(set.Values, set.Dimension) : set.Values;
        var mean = new double[set.Dimension];
        for (int i = 0; i < values.Length; i++)
        {
            mean[i % mean.Length] += values[i] / (double)set.Count;
        }

        double squares = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double difference = values[i] - mean[i % mean.Length];
            squares += difference * difference;
        }

        return (mean, squares);
    }
}

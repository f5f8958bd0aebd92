namespace CrossModalVae.Clustering;

/// <summary>A fitted clustering as it is asked about new rows.</summary>
/// <param name="points">The fitted points; null where there are none.</param>
/// <param name="dimension">Values of one point.</param>
/// <param name="tree">Their tree.</param>
/// <param name="choice">Which of its clusters were taken.</param>
/// <param name="core">For each row the distance to its (minSamples - 1)-th nearest other row: here the row itself counts.</param>
/// <param name="minSamples">The minimum samples.</param>
internal sealed class HdbscanModel(PointTiles? points, int dimension, ClusterTree tree, ClusterChoice choice, double[] core, int minSamples)
{
    private readonly double[] _deepest = tree.DeepestLambdas();

    /// <summary>How outlying what falls out of a cluster at a density is, 0 to 1.</summary>
    public double OutlierScore(int cluster, double lambda)
    {
        double most = _deepest[cluster];
        return most == 0 || !double.IsFinite(lambda) ? 0 : double.IsFinite(most) ? Math.Clamp((most - lambda) / most, 0, 1) : 1;
    }

    public HdbscanPrediction Predict(float[] values, int rowCount, CancellationToken cancellationToken)
    {
        Rows.Check(values, rowCount, dimension);
        int[] labels = new int[rowCount];
        double[] probabilities = new double[rowCount], scores = new double[rowCount];
        Array.Fill(labels, HdbscanResult.Noise);
        Array.Fill(scores, 1);
        if (rowCount > 0 && points is not null && (tree.Count > 1 || choice.Count > 0))
        {
            PointTiles asked = points.CreateOther(values, rowCount, cancellationToken);
            NearestRows nearest = NearestRows.Find(
                asked, points, Math.Min(2 * minSamples, points.Count), cancellationToken: cancellationToken);
            for (int row = 0; row < rowCount; row++)
            {
                (int neighbour, double lambda) = Nearest(nearest, row);
                int cluster = Around(neighbour, lambda);
                labels[row] = choice.Label(cluster, lambda);
                probabilities[row] = choice.Probability(cluster, lambda);
                bool isFitted = nearest.Distances[row * nearest.K] == 0;
                scores[row] = OutlierScore(tree.RowClusters[neighbour], isFitted ? tree.RowLambdas[neighbour] : lambda);
            }
        }

        return new HdbscanPrediction(labels, probabilities, scores);
    }

    // The nearest by mutual reachability, of the nearest by distance, and the density that leads to it.
    private (int Neighbour, double Lambda) Nearest(NearestRows nearest, int row)
    {
        int first = row * nearest.K;
        double own = nearest.Distances[first + Math.Min(minSamples, nearest.K - 1)];
        int neighbour = -1;
        double least = double.PositiveInfinity;
        for (int i = first; i < first + nearest.K; i++)
        {
            double reach = Math.Max(nearest.Distances[i], Math.Max(own, core[nearest.Rows[i]]));
            if (reach < least)
            {
                (neighbour, least) = (nearest.Rows[i], reach);
            }
        }

        return (neighbour, 1 / least);
    }

    // The cluster of a fitted row, or, where the density is lower, the one around it that is that thin.
    private int Around(int row, double lambda)
    {
        int cluster = tree.RowClusters[row];
        while (tree.RowLambdas[row] > lambda && cluster > 0 && tree.Birth(cluster) >= lambda)
        {
            cluster = tree.Parent(cluster);
        }

        return cluster;
    }
}

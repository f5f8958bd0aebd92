using CrossModalVae.Retrieval;

namespace CrossModalVae.Tests.Oracles;

/// <summary>Scores every row by the definition, in double precision, and sorts.</summary>
internal static class SortedRanking
{
    public static RankedRow[] Of(
        RankingMetric metric, double[][] query, Func<int, double[][]> row, int count, int k, Func<int, bool>? allowed = null) =>
        [
            .. Enumerable.Range(0, count)
                .Where(i => allowed is null || allowed(i))
                .Select(i => new RankedRow(i, Score(metric, query, row(i))))
                .OrderByDescending(found => found.Score).ThenBy(found => found.Row)
                .Take(k),
        ];

    /// <summary>The score of two rows, each given as its parts: mean, and standard deviation or reconstruction.</summary>
    public static double Score(RankingMetric metric, double[][] a, double[][] b)
    {
        double norms = Math.Sqrt(Dot(a[0], a[0]) * Dot(b[0], b[0]));
        return metric switch
        {
            RankingMetric.Cosine => norms > 0 ? Dot(a[0], b[0]) / norms : 0,
            RankingMetric.InnerProduct => Dot(a[0], b[0]),
            RankingMetric.Euclidean => -Math.Sqrt(Square(a[0], b[0])),
            RankingMetric.GaussianWasserstein => -Math.Sqrt(Square(a[0], b[0]) + Square(a[1], b[1])),
            _ => -((0.5 * Math.Sqrt(Square(a[0], b[0]))) + (0.5 * Square(a[1], b[1]) / a[1].Length)),
        };
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    private static double Square(double[] a, double[] b) => a.Zip(b, (x, y) => (x - y) * (x - y)).Sum();
}

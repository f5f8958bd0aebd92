namespace CrossModalVae.Metrics;

/// <summary>
/// The exact mean mutual information of random partitions with given sizes (Vinh, Epps, Bailey 2010, theorem 1). Rows and columns of equal
/// sizes have equal expectations, so each pair of sizes is summed once, with a table of log-factorials.
/// </summary>
internal static class ExpectedInformation
{
    public static double Compute(Contingency table)
    {
        int n = table.Total;
        double[] logFactorials = LogFactorials(n);
        (int Size, int Count)[] rows = Sizes(table.Rows), columns = Sizes(table.Columns);
        var parts = new double[rows.Length]; // by row, so that the sum does not depend on the threads
        ParallelLoop.For(rows.Length, r =>
        {
            foreach ((int size, int count) in columns)
            {
                parts[r] += count * Expected(rows[r].Size, size, n, logFactorials);
            }

            parts[r] *= rows[r].Count;
        });
        return parts.Sum();
    }

    // The sum over how many points the row and the column may share: probability (hypergeometric) times information.
    private static double Expected(int row, int column, int n, double[] logFactorials)
    {
        double fixedPart =
            logFactorials[row] + logFactorials[column] + logFactorials[n - row] + logFactorials[n - column] - logFactorials[n];
        double logN = Math.Log(n), logSizes = Math.Log(row) + Math.Log(column), sum = 0;
        for (int shared = Math.Max(1, row + column - n); shared <= Math.Min(row, column); shared++)
        {
            double logProbability = fixedPart - logFactorials[shared] - logFactorials[row - shared] - logFactorials[column - shared]
                - logFactorials[n - row - column + shared];
            sum += shared / (double)n * (logN + Math.Log(shared) - logSizes) * Math.Exp(logProbability);
        }

        return sum;
    }

    private static (int Size, int Count)[] Sizes(Dictionary<int, int> counts) =>
        [.. counts.Values.CountBy(size => size).OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value))];

    // Kahan summation; plain sums over a hundred thousand steps err in the tenth digit.
    private static double[] LogFactorials(int n)
    {
        var table = new double[n + 1];
        double lost = 0;
        for (int i = 2; i <= n; i++)
        {
            double term = Math.Log(i) - lost;
            table[i] = table[i - 1] + term;
            lost = table[i] - table[i - 1] - term;
        }

        return table;
    }
}

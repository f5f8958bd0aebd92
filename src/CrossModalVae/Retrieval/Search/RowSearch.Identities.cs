namespace CrossModalVae.Retrieval.Search;

/// <summary>The best row of each identity: every row is scored once, none is sorted.</summary>
internal sealed partial class RowSearch
{
    /// <summary>The best row of each identity, the k best of these, best first; O(N D + N log k).</summary>
    /// <param name="queries">The queries.</param>
    /// <param name="query">Which of them.</param>
    /// <param name="identities">[N] the number of each row's identity.</param>
    /// <param name="identityCount">How many identities there are.</param>
    /// <param name="k">At least 1; fewer are found where fewer take part.</param>
    /// <param name="mask">Which rows take part; null for all.</param>
    public RankedRow[] FindIdentities(QueryRows queries, int query, int[] identities, int identityCount, int k, RowMask? mask)
    {
        double[] scores = new double[Count];
        double square = SquareOf(queries, query);
        OverChunks(
            () => scores,
            (first, end, own) =>
            {
                for (int row = first; row < end; row++)
                {
                    own[row] = mask is null || mask[row] ? Score(queries, query, square, row) : double.NaN;
                }
            },
            _ => { },
            CancellationToken.None);

        int[] nearest = new int[identityCount];
        Array.Fill(nearest, -1);
        for (int row = 0; row < scores.Length; row++)
        {
            ref int own = ref nearest[identities[row]];
            if (!double.IsNaN(scores[row]) && (own < 0 || scores[row] > scores[own])) // of equal ones the first stays
            {
                own = row;
            }
        }

        var best = new BestRows(Math.Min(k, identityCount));
        foreach (int row in nearest.Where(row => row >= 0))
        {
            best.Add(new RankedRow(row, scores[row]));
        }

        return best.Sorted();
    }
}

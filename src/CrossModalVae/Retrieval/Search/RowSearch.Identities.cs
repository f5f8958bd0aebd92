namespace CrossModalVae.Retrieval.Search;

/// <content>The best row of each identity: every row is scored once, without sorting.</content>
internal sealed partial class RowSearch
{
    /// <summary>
    /// The best row of each identity, the k best of these, best first; O(N D + N log k). <paramref name="identities"/> has the number of
    /// each row's identity.
    /// </summary>
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

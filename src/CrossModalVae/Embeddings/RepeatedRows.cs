namespace CrossModalVae.Embeddings;

/// <summary>Rows of one person that are the same numbers: the same file under several clips, in which nothing varies.</summary>
internal static class RepeatedRows
{
    /// <summary>How many rows equal another one of their identity and modality exactly.</summary>
    public static int CountWithinIdentities(EmbeddingSet set)
    {
        int repeated = 0;
        foreach (IGrouping<(string, Modality), int> own in Enumerable.Range(0, set.Count)
            .GroupBy(row => (set.Rows[row].Identity, set.Rows[row].Modality)))
        {
            int[] rows = [.. own];
            Array.Sort(rows, (a, b) => set[a].SequenceCompareTo(set[b]));
            for (int i = 0; i < rows.Length; i++)
            {
                bool isRepeated = (i > 0 && set[rows[i]].SequenceEqual(set[rows[i - 1]]))
                    || (i + 1 < rows.Length && set[rows[i]].SequenceEqual(set[rows[i + 1]]));
                repeated += isRepeated ? 1 : 0;
            }
        }

        return repeated;
    }

    /// <summary>Whether so many of so many are worth a word: more than half.</summary>
    public static bool IsMost(int repeated, int count) => repeated * 2L > count;
}

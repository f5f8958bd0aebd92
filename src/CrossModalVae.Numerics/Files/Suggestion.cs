namespace CrossModalVae.Files;

/// <summary>Suggests a known word for a misspelt one.</summary>
internal static class Suggestion
{
    /// <summary>
    /// The known word nearest to <paramref name="found"/> by edits (insertion, deletion, substitution, transposition of neighbours), or
    /// null where none is within a third of its length; of equally near words the first.
    /// </summary>
    public static string? For(string found, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(found);
        ArgumentNullException.ThrowIfNull(known);
        string? best = null;
        int bestDistance = Math.Max(2, (found.Length + 1) / 3) + 1;
        foreach (string word in known)
        {
            // A short word must share more than its length with a candidate: "x" is not a misspelt "k".
            int distance = Distance(found, word);
            if (distance < bestDistance && distance < Math.Max(found.Length, word.Length) - 1)
            {
                (best, bestDistance) = (word, distance);
            }
        }

        return best;
    }

    /// <summary>Optimal string alignment distance.</summary>
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    d[i, j] = i + j;
                    continue;
                }

                int substitution = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(substitution, 1 + Math.Min(d[i - 1, j], d[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }

        return d[a.Length, b.Length];
    }
}

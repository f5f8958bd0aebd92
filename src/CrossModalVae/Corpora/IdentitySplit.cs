namespace CrossModalVae.Corpora;

/// <summary>Deals people to splits, never one person to two.</summary>
public static class IdentitySplit
{
    /// <summary>
    /// Shuffles the identities and cuts: the test's share first, then validation's, the rest is trained on. Shares are
    /// rounded to whole people; a share above 0 gets at least one person where there are three or more. The order in
    /// which identities are given does not matter.
    /// </summary>
    /// <param name="identities">All people, each once.</param>
    /// <param name="options">Shares and seed.</param>
    /// <returns>The split of every identity.</returns>
    /// <exception cref="ArgumentException">The options are invalid or an identity is given twice.</exception>
    public static IReadOnlyDictionary<string, CorpusSplit> Deal(IEnumerable<string> identities, IdentitySplitOptions options)
    {
        ArgumentNullException.ThrowIfNull(identities);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        string[] order = [.. identities.Order(StringComparer.Ordinal)];
        new SeededRandom(options.Seed).Shuffle(order.AsSpan());

        int test = Count(order.Length, options.TestShare);
        int validation = Math.Min(Count(order.Length, options.ValidationShare), order.Length - test);
        var splits = new Dictionary<string, CorpusSplit>(StringComparer.Ordinal);
        for (int i = 0; i < order.Length; i++)
        {
            CorpusSplit split = i < test ? CorpusSplit.Test : i < test + validation ? CorpusSplit.Validation : CorpusSplit.Train;
            if (!splits.TryAdd(order[i], split))
            {
                throw new ArgumentException($"Identity '{order[i]}' is given twice; expected once.", nameof(identities));
            }
        }

        return splits;
    }

    private static int Count(int total, double share)
    {
        int count = (int)Math.Round(total * share, MidpointRounding.AwayFromZero);
        return count == 0 && share > 0 && total >= 3 ? 1 : count;
    }
}

namespace CrossModalVae.Corpora;

/// <summary>Assigns identities to splits, each to one.</summary>
internal static class IdentitySplit
{
    /// <summary>
    /// Shuffles the identities: the test's share first, then validation's, the rest is for training. Shares are rounded; a share above 0
    /// gets at least one identity where there are three or more. The result does not depend on the given order.
    /// </summary>
    /// <exception cref="ArgumentException">The options are invalid or an identity is given twice.</exception>
    public static IReadOnlyDictionary<string, CorpusSplit> Deal(IEnumerable<string> identities, IdentitySplitOptions options)
    {
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

/// <summary>How identities are assigned to splits where a corpus does not define them.</summary>
public sealed record IdentitySplitOptions
{
    /// <summary>Share of the identities for validation, 0 to 1. Default 0.1.</summary>
    public double ValidationShare { get; init; } = 0.1;

    /// <summary>Share of the identities for the test, 0 to 1; the rest is for training. Default 0.2.</summary>
    public double TestShare { get; init; } = 0.2;

    /// <summary>Seed of the draw. Default 1.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Reports every fault of these options at once.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message lists all faults.</exception>
    public void Validate()
    {
        var faults = new OptionFaults();
        faults.Probability(ValidationShare);
        faults.Probability(TestShare);
        if (faults.All.Count == 0 && ValidationShare + TestShare > 1)
        {
            faults.Add(FormattableString.Invariant(
                $"'ValidationShare' and 'TestShare' are {ValidationShare + TestShare} together; must be <= 1."));
        }

        faults.ThrowIfAny();
    }
}

namespace CrossModalVae.Corpora;

/// <summary>Assigns identities to splits, each to one.</summary>
internal static class IdentitySplit
{
    /// <summary>People that a split needs: with one, nobody can be told from anybody.</summary>
    public const int FewestToCompare = 2;

    /// <summary>
    /// Shuffles the identities: the test's share first, then validation's, the rest is for training. Shares are rounded; each split with a
    /// share above 0 gets at least two identities, which training and scores need, where there are enough for all (6 for three splits), and
    /// at least one where there are three or more. The result does not depend on the given order.
    /// </summary>
    /// <exception cref="ArgumentException">The options are invalid or an identity is given twice.</exception>
    public static IReadOnlyDictionary<string, CorpusSplit> Deal(IEnumerable<string> identities, IdentitySplitOptions options)
    {
        options.Validate();
        string[] order = [.. identities.Order(StringComparer.Ordinal)];
        new SeededRandom(options.Seed).Shuffle(order.AsSpan());

        (int test, int validation) = Count(order.Length, options.TestShare, options.ValidationShare);
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

    private static (int Test, int Validation) Count(int total, double testShare, double validationShare)
    {
        bool trains = testShare + validationShare < 1;
        int splits = (trains ? 1 : 0) + (testShare > 0 ? 1 : 0) + (validationShare > 0 ? 1 : 0);
        int least = total >= FewestToCompare * splits ? FewestToCompare : total >= 3 ? 1 : 0;
        int test = Rounded(testShare);
        int validation = Math.Min(Rounded(validationShare), total - test);
        for (int left = trains ? least : 0; total - test - validation < left && Math.Max(test, validation) > least;)
        {
            (test, validation) = test >= validation ? (test - 1, validation) : (test, validation - 1);
        }

        return (test, validation);

        int Rounded(double share) =>
            share > 0 ? Math.Max(least, (int)Math.Round(total * share, MidpointRounding.AwayFromZero)) : 0;
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

namespace CrossModalVae.Cli.Workflows;

/// <summary>The i-th of n contiguous parts of a corpus.</summary>
/// <param name="Index">Zero-based.</param>
/// <param name="Count">At least 1.</param>
internal readonly record struct Shard(int Index, int Count)
{
    internal static Shard Parse(string? text)
    {
        if (text is null)
        {
            return Whole;
        }

        string[] parts = text.Split('/');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            && index < count
                ? new Shard(index, count)
                : throw new UserErrorException($"--shard is '{text}'; must be i/n with i from 0 to n - 1, as in 0/4.");
    }

    /// <summary>All of it.</summary>
    internal static Shard Whole => new(0, 1);

    /// <summary>Where this part begins and ends among <paramref name="total"/> items.</summary>
    internal (int Start, int End) Of(int total) => ((int)((long)total * Index / Count), (int)((long)total * (Index + 1) / Count));
}

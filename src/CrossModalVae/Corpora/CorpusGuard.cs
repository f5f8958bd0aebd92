namespace CrossModalVae.Corpora;

/// <summary>
/// Refuses corpora on which a score would not mean what it says: <c>corpus check</c>, <c>train</c> and <c>evaluate</c> all run it.
/// </summary>
public static class CorpusGuard
{
    /// <summary>Refuses a corpus in which a person is in more than one split: the score would reward having seen the person.</summary>
    /// <param name="rows">Whose each clip or embedding is, and its split; of all splits.</param>
    /// <exception cref="InvalidDataException">Names the first identity in two splits, in ordinal order,
    /// and how many more there are.</exception>
    public static void RequireSeparateSplits(IEnumerable<(string Identity, CorpusSplit Split)> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        (string Identity, CorpusSplit[] Splits)[] leaks =
        [
            .. rows.GroupBy(row => row.Identity, StringComparer.Ordinal)
                .Select(group => (Identity: group.Key, Splits: group.Select(row => row.Split).Distinct().Order().ToArray()))
                .Where(group => group.Splits.Length > 1)
                .OrderBy(group => group.Identity, StringComparer.Ordinal),
        ];
        if (leaks.Length > 0)
        {
            string others = leaks.Length == 1 ? "" : $" (and {leaks.Length - 1} more)";
            throw new InvalidDataException(
                $"Identity '{leaks[0].Identity}'{others} has clips in the {Name(leaks[0].Splits[0])} "
                + $"and the {Name(leaks[0].Splits[1])} split: "
                + "a person seen in training cannot be tested on; give every identity one split.");
        }
    }

    /// <summary>Refuses a part of a corpus with fewer than two identities: there is nobody to be told apart from.</summary>
    /// <param name="clips">The clips of one part.</param>
    /// <param name="part">What the part is, for the message: "training split".</param>
    /// <exception cref="InvalidDataException">Fewer than two identities.</exception>
    public static void RequireIdentities(IEnumerable<Clip> clips, string part)
    {
        ArgumentNullException.ThrowIfNull(clips);
        int count = clips.Select(clip => clip.Identity).Distinct(StringComparer.Ordinal).Count();
        if (count < 2)
        {
            throw new InvalidDataException(
                $"The {part} has {count} {(count == 1 ? "identity" : "identities")}; at least 2 are needed to tell people apart.");
        }
    }

    /// <summary>Refuses two parts of a corpus that share a person, whatever their clips' splits say.</summary>
    /// <param name="first">The clips of one part.</param>
    /// <param name="firstPart">What it is, for the message: "training split".</param>
    /// <param name="second">The clips of the other part.</param>
    /// <param name="secondPart">What that is.</param>
    /// <exception cref="InvalidDataException">Names the first shared identity, in ordinal order, and how many more there are.</exception>
    public static void RequireSeparate(IEnumerable<Clip> first, string firstPart, IEnumerable<Clip> second, string secondPart)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        string[] shared =
        [
            .. first.Select(clip => clip.Identity)
                .Intersect(second.Select(clip => clip.Identity), StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
        if (shared.Length > 0)
        {
            string others = shared.Length == 1 ? "" : $" (and {shared.Length - 1} more)";
            throw new InvalidDataException(
                $"Identity '{shared[0]}'{others} is in the {firstPart} and in the {secondPart}: a person seen in the one cannot be judged "
                + "on in the other; give every identity one split.");
        }
    }

    private static string Name(CorpusSplit split) => split switch
    {
        CorpusSplit.Train => "train",
        CorpusSplit.Validation => "validation",
        _ => "test",
    };
}

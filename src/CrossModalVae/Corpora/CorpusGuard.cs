namespace CrossModalVae.Corpora;

/// <summary>Refuses corpora whose scores would be misleading; run by <c>corpus check</c>, <c>train</c> and <c>evaluate</c>.</summary>
internal static class CorpusGuard
{
    /// <summary>Refuses a corpus in which an identity is in more than one split: it would be tested on after it was trained on.</summary>
    /// <param name="rows">Identity and split of each clip or embedding, of all splits.</param>
    /// <exception cref="InvalidDataException">Names the first such identity, in ordinal order, and how many more there are.</exception>
    public static void RequireSeparateSplits(IEnumerable<(string Identity, CorpusSplit Split)> rows)
    {
        (string Identity, CorpusSplit[] Splits)[] leaks =
        [
            .. rows.GroupBy(row => row.Identity, StringComparer.Ordinal)
                .Select(group => (Identity: group.Key, Splits: group.Select(row => row.Split).Distinct().Order().ToArray()))
                .Where(group => group.Splits.Length > 1)
                .OrderBy(group => group.Identity, StringComparer.Ordinal),
        ];
        if (leaks.Length > 0)
        {
            throw new InvalidDataException(
                $"Identity '{leaks[0].Identity}'{More(leaks.Length)} has clips in the {EnumText.Of(leaks[0].Splits[0])} "
                + $"and the {EnumText.Of(leaks[0].Splits[1])} split: "
                + "a person seen in training cannot be tested on; give every identity one split.");
        }
    }

    /// <summary>Refuses a part of a corpus, "training split" in the message, that has fewer than two identities.</summary>
    public static void RequireIdentities(IEnumerable<Clip> clips, string part)
    {
        int count = clips.Select(clip => clip.Identity).Distinct(StringComparer.Ordinal).Count();
        if (count < 2)
        {
            throw new InvalidDataException(
                $"The {part} has {Counted.Of(count, "identity")}; at least 2 are needed to tell people apart.");
        }
    }

    /// <summary>Refuses two parts of a corpus that share an identity, whatever their clips' splits say.</summary>
    /// <exception cref="InvalidDataException">Names the first shared identity, in ordinal order, and how many more there are.</exception>
    public static void RequireSeparate(IEnumerable<Clip> first, string firstPart, IEnumerable<Clip> second, string secondPart)
    {
        string[] shared =
        [
            .. first.Select(clip => clip.Identity)
                .Intersect(second.Select(clip => clip.Identity), StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
        if (shared.Length > 0)
        {
            throw new InvalidDataException(
                $"Identity '{shared[0]}'{More(shared.Length)} is in the {firstPart} and in the {secondPart}: a person seen in the one "
                + "cannot be judged on in the other; give every identity one split.");
        }
    }

    private static string More(int count) => count == 1 ? "" : $" (and {count - 1} more)";
}

using CrossModalVae.Corpora;

namespace CrossModalVae.Evaluation;

/// <summary>
/// The order that trials are drawn in: by identity and clip. So the same clips give the same trials in whatever order their rows are
/// stored. Rows of one name (frames of a clip) keep the order that they have among each other.
/// </summary>
internal static class ClipOrder
{
    /// <summary>The places of some rows in that order.</summary>
    public static int[] Of(IReadOnlyList<ClipKey> rows) =>
    [
        .. Enumerable.Range(0, rows.Count)
            .OrderBy(i => rows[i].Identity, StringComparer.Ordinal).ThenBy(i => rows[i].Clip, StringComparer.Ordinal), // stable
    ];

    /// <summary>What each of some ordered rows is called where a random generator is made for it; no two are called the same.</summary>
    public static string[] Names(IReadOnlyList<ClipKey> ordered)
    {
        string[] names = new string[ordered.Count];
        int first = 0; // of the rows of one clip
        for (int i = 0; i < names.Length; i++)
        {
            first = ordered[i] == ordered[first] ? first : i;
            names[i] = $"{ordered[i].Identity}/{ordered[i].Clip}{(i == first ? "" : $"/{i - first}")}";
        }

        return names;
    }
}

namespace CrossModalVae.Files;

/// <summary>Numbers with what they count, for messages: "1 identity", "2 identities".</summary>
internal static class Counted
{
    /// <summary>A count and its word.</summary>
    /// <param name="count">How many.</param>
    /// <param name="one">The word for one of them; the last word of several is the one that changes.</param>
    public static string Of(long count, string one)
    {
        ArgumentException.ThrowIfNullOrEmpty(one);
        return FormattableString.Invariant($"{count} {(count == 1 ? one : Many(one))}");
    }

    /// <summary>The plural of a word by its ending.</summary>
    public static string Many(string one) => one switch
    {
        "person" => "people",
        [.. var start, 'y'] when start.Length > 0 && !"aeiou".Contains(start[^1], StringComparison.Ordinal) => $"{start}ies",
        [.., 's'] or [.., 'x'] or [.., 'c' or 's', 'h'] => $"{one}es",
        _ => $"{one}s",
    };
}

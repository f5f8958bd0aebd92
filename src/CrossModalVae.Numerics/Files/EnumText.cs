using System.Text.Json;

namespace CrossModalVae.Files;

/// <summary>
/// The names of enum members as files and the command line spell them: kebab-case, <c>GaussianWasserstein</c> is gaussian-wasserstein.
/// </summary>
internal static class EnumText
{
    /// <summary>The spelling of one member.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value has no name.</exception>
    public static string Of<T>(T value)
        where T : struct, Enum
    {
        string name = Enum.GetName(value)
            ?? throw new ArgumentOutOfRangeException(
                nameof(value), $"{typeof(T).Name} has no member {value}; must be one of {string.Join(", ", All<T>())}.");
        return Kebab(name);
    }

    /// <summary>Every spelling, in the order of the members.</summary>
    public static IReadOnlyList<string> All<T>()
        where T : struct, Enum => [.. Enum.GetNames<T>().Select(Kebab)];

    /// <summary>The member of a spelling; the comparison is exact.</summary>
    public static bool TryParse<T>(string text, out T value)
        where T : struct, Enum
    {
        foreach (T member in Enum.GetValues<T>())
        {
            if (Kebab(Enum.GetName(member)!) == text)
            {
                value = member;
                return true;
            }
        }

        value = default;
        return false;
    }

    private static string Kebab(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name);
}

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
        where T : struct, Enum => Of(typeof(T), Enum.GetName(value), value);

    /// <summary>The spelling of one member of any enum.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value has no name.</exception>
    public static string Of(Enum value) => Of(value.GetType(), Enum.GetName(value.GetType(), value), value);

    /// <summary>The number of a member of any enum by its spelling.</summary>
    /// <exception cref="InvalidOperationException">No member is spelt so; the file's schema knows another enum.</exception>
    public static long Number(Type type, string text)
    {
        string? name = Enum.GetNames(type).FirstOrDefault(name => Kebab(name) == text);
        return name is null
            ? throw new InvalidOperationException($"'{text}' is no {type.Name}; must be one of {string.Join(", ", All(type))}.")
            : Convert.ToInt64(Enum.Parse(type, name), CultureInfo.InvariantCulture);
    }

    /// <summary>Every spelling of any enum, in the order of the members.</summary>
    public static IReadOnlyList<string> All(Type type) => [.. Enum.GetNames(type).Select(Kebab)];

    /// <summary>Every spelling, in the order of the members.</summary>
    public static IReadOnlyList<string> All<T>()
        where T : struct, Enum => All(typeof(T));

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

    private static string Of(Type type, string? name, object value) => name is null
        ? throw new ArgumentOutOfRangeException(
            nameof(value), $"{type.Name} has no member {value}; must be one of {string.Join(", ", All(type))}.")
        : Kebab(name);

    private static string Kebab(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name);
}

namespace CrossModalVae.Cli.Workflows;

/// <summary>The recipes that come with the program: <c>--recipe</c> takes them by name, wherever the program is installed.</summary>
internal static class ShippedRecipes
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "pipelines");

    /// <summary>Their names, in order.</summary>
    internal static IReadOnlyList<string> Names =>
        [.. Directory.GetFiles(Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    /// <summary>The file of a recipe that comes with the program.</summary>
    internal static string FileOf(string name) => Path.Combine(Folder, $"{name}.json");

    /// <summary>The file that a value of <c>--recipe</c> means: what is there comes before a name.</summary>
    /// <exception cref="UserErrorException">There is neither.</exception>
    internal static string Resolve(string value)
    {
        bool mayBeName = value == Path.GetFileName(value);
        if (!mayBeName || Path.Exists(value))
        {
            return value;
        }

        return Names.Contains(value)
            ? FileOf(value)
            : throw new UserErrorException(
                $"{value}: there is no such file, nor a recipe of this name; the program has {string.Join(", ", Names)}"
                + (Suggestion.For(value, Names) is string near ? $"; did you mean '{near}'?" : "."));
    }
}

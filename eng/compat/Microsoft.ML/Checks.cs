namespace Microsoft.ML;

/// <summary>The exceptions that the genuine package throws, by the same types and texts.</summary>
internal static class Checks
{
    public static T Value<T>(T value, string name) where T : class
        => value ?? throw new ArgumentNullException(name);

    public static string NonEmpty(string value, string name)
        => string.IsNullOrEmpty(value) ? throw new ArgumentNullException(name) : value;

    public static void Param(bool holds, string name)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name);
    }

    public static void Param(bool holds, string name, string message)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, message);
    }

    public static void State(bool holds, string message)
    {
        if (!holds)
            throw new InvalidOperationException(message);
    }

    public static ArgumentOutOfRangeException MissingColumn(string parameter, string role, string column)
        => new(parameter, $"Could not find {role} column '{column}'");

    public static ArgumentOutOfRangeException SchemaMismatch(string parameter, string role, string column, string expected, string actual)
        => new(parameter, $"Schema mismatch for {role} column '{column}': expected {expected}, got {actual}");
}

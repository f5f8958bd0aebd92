namespace Microsoft.ML.Data;

/// <summary>What rows share about getters.</summary>
internal static class Getters
{
    public const string NotOnARow = "Values cannot be fetched at this time. This method was called either before the first call to "
        + "MoveNext, or at any point after that method returned false.";

    /// <summary>The getter as the type the caller asked for; null stands for an inactive column.</summary>
    public static ValueGetter<TValue> Typed<TValue>(Delegate getter, DataViewSchema.Column column)
    {
        Checks.Param(getter != null, nameof(column), $"requested column '{column.Name}' not active");
        return getter as ValueGetter<TValue>
            ?? throw new InvalidOperationException($"Invalid TValue in GetGetter for column '{column.Name}': '{typeof(TValue)}', "
                + $"expected type: '{getter.GetType().GetGenericArguments()[0]}'.");
    }

    /// <summary>Which columns of a schema are asked for.</summary>
    public static bool[] Active(DataViewSchema schema, IEnumerable<DataViewSchema.Column> columns)
    {
        var active = new bool[schema.Count];
        foreach (var column in columns)
        {
            Checks.Param(column.Index < active.Length && schema[column.Index].Name == column.Name, nameof(columns),
                $"Column '{column.Name}' is not in the schema of this data view.");
            active[column.Index] = true;
        }

        return active;
    }
}

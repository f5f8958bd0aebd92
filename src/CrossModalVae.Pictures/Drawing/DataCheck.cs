namespace CrossModalVae.Pictures.Drawing;

/// <summary>Refuses data that would draw nothing, or something wrong.</summary>
internal static class DataCheck
{
    /// <summary>There is something to draw.</summary>
    public static void Any<T>(IReadOnlyCollection<T> values, string name)
    {
        ArgumentNullException.ThrowIfNull(values, name);
        if (values.Count == 0)
        {
            throw new ArgumentException($"'{name}' is empty; must have at least one entry to draw.", name);
        }
    }

    /// <summary>Every value is a finite number.</summary>
    public static void Finite(IEnumerable<double> values, string name, string field) =>
        Within(values, name, field, double.MinValue, double.MaxValue, "be finite");

    /// <summary>Every value is a share.</summary>
    public static void Share(IEnumerable<double> values, string name, string field) => Within(values, name, field, 0, 1, "be 0 to 1");

    /// <summary>Every value is at least the one before it.</summary>
    public static void Ascending(IReadOnlyList<double> values, string name, string field)
    {
        for (int i = 1; i < values.Count; i++)
        {
            if (values[i] < values[i - 1])
            {
                throw new ArgumentException(
                    Invariant($"'{name}' has {field} {values[i]} at entry {i} after {values[i - 1]}; must be ascending."), name);
            }
        }
    }

    private static void Within(IEnumerable<double> values, string name, string field, double least, double most, string expected)
    {
        int index = 0;
        foreach (double value in values)
        {
            if (!(value >= least && value <= most))
            {
                string found = Invariant($"'{name}' has {field} {value} at entry {index}");
                throw new ArgumentException($"{found}; must {expected}.", name);
            }

            index++;
        }
    }
}

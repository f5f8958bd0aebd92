using System.Globalization;

namespace CrossModalVae.Bench;

/// <summary>A verb's <c>--name value</c> pairs.</summary>
internal sealed class BenchOptions
{
    private readonly Dictionary<string, string> _values = [];

    /// <exception cref="ArgumentException">Something is no <c>--name value</c> pair.</exception>
    public BenchOptions(ReadOnlySpan<string> arguments)
    {
        for (int k = 0; k < arguments.Length; k += 2)
        {
            if (!arguments[k].StartsWith("--", StringComparison.Ordinal) || k + 1 == arguments.Length)
                throw new ArgumentException($"'{arguments[k]}' is no '--name value' pair.");
            _values[arguments[k][2..]] = arguments[k + 1];
        }
    }

    public string Text(string name, string fallback) => _values.GetValueOrDefault(name, fallback);

    public int Count(string name, int fallback) =>
        _values.TryGetValue(name, out string? text) ? int.Parse(text, CultureInfo.InvariantCulture) : fallback;

    public double Number(string name, double fallback) =>
        _values.TryGetValue(name, out string? text) ? double.Parse(text, CultureInfo.InvariantCulture) : fallback;

    public int[] Counts(string name, params int[] fallback) =>
        _values.TryGetValue(name, out string? text)
            ? [.. text.Split(',').Select(part => int.Parse(part, CultureInfo.InvariantCulture))]
            : fallback;
}

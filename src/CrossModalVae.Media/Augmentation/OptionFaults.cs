using CrossModalVae.Numerics;
using static System.FormattableString;

namespace CrossModalVae.Augmentation;

/// <summary>The checks that the sections of an augmentation share.</summary>
internal static class OptionFaults
{
    public static void Probability(List<string> faults, string name, double value) => Within(faults, name, value, 0, 1);

    public static void Within(List<string> faults, string name, double value, double least, double most)
    {
        if (!(value >= least && value <= most))
        {
            faults.Add(Invariant($"'{name}' is {value}; must be {least} to {most}."));
        }
    }

    /// <summary>Two ends of a range, each within its limits and in order.</summary>
    public static void Range(List<string> faults, string lowName, double low, string highName, double high, double least, double most)
    {
        Within(faults, lowName, low, least, most);
        Within(faults, highName, high, least, most);
        if (low > high)
        {
            faults.Add(Invariant($"'{lowName}' is {low} and '{highName}' {high}; the first must not be larger."));
        }
    }

    public static void Throw(List<string> faults)
    {
        if (faults.Count > 0)
        {
            throw UserError.Mark(new ArgumentException(string.Join(" ", faults)));
        }
    }
}

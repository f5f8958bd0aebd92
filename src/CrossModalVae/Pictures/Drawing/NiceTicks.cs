using System.Globalization;

namespace CrossModalVae.Pictures.Drawing;

/// <summary>Round numbers along an axis: multiples of 1, 2 or 5 times a power of ten.</summary>
internal static class NiceTicks
{
    // Beyond these, a number is written with its power of ten.
    private const int LargestPlainExponent = 5;
    private const int SmallestPlainExponent = -5;

    /// <summary>At most so many round numbers between two ends, both included where they are round.</summary>
    /// <param name="low">The lower end.</param>
    /// <param name="high">The upper end, above it.</param>
    /// <param name="count">How many at most, from 2 on; one more may come where the smallest step that fits is 1, 2 or 5.</param>
    /// <param name="leastStep">1 where only whole numbers make sense, else 0.</param>
    public static IReadOnlyList<AxisTick> Between(double low, double high, int count, double leastStep = 0)
    {
        double rough = Math.Max((high - low) / count, leastStep);
        int exponent = (int)Math.Floor(Math.Log10(rough));
        double power = Math.Pow(10, exponent);
        double mantissa = rough / power;
        // The tolerance keeps a step that is round but for the last bit.
        int factor = mantissa <= 1 + 1e-9 ? 1 : mantissa <= 2 + 1e-9 ? 2 : mantissa <= 5 + 1e-9 ? 5 : 10;
        double step = factor * power;
        int decimals = factor == 10 ? -exponent - 1 : -exponent;

        var ticks = new List<AxisTick>();
        const double Slack = 1e-9;
        for (double n = Math.Ceiling((low / step) - Slack); n <= (high / step) + Slack; n++)
        {
            ticks.Add(new AxisTick(n * step, Text(n * step, decimals)));
        }

        return ticks;
    }

    private static string Text(double value, int decimals)
    {
        string text;
        if (-decimals >= LargestPlainExponent || -decimals < SmallestPlainExponent)
        {
            text = value == 0 ? "0" : value.ToString("0.###e0", CultureInfo.InvariantCulture);
        }
        else
        {
            text = Math.Round(value, Math.Max(0, decimals)).ToString("F" + Math.Max(0, decimals).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        }

        return text.Replace('-', '−');
    }
}

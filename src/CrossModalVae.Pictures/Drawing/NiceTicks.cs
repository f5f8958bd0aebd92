using ScottPlot;

namespace CrossModalVae.Pictures.Drawing;

/// <summary>Round numbers along an axis: multiples of 1, 2 or 5 times a power of ten.</summary>
internal static class NiceTicks
{
    private const double Slack = 1e-9; // keeps what is round but for the last bit
    private const int LeastPlainZeros = 5;
    private const int MostPlainDecimals = 5;
    private const double SmallestPlainValue = 1e-3;

    /// <summary>At most so many round numbers between two ends, both included where they are round.</summary>
    /// <param name="low">The lower end.</param>
    /// <param name="high">The upper end, above it.</param>
    /// <param name="count">How many at most, from 2 on; one more may come where the smallest step that fits is 1, 2 or 5.</param>
    /// <param name="leastStep">1 where only whole numbers make sense, else 0.</param>
    public static IReadOnlyList<Tick> Between(double low, double high, int count, double leastStep = 0)
    {
        double rough = Math.Max((high - low) / count, leastStep);
        int exponent = (int)Math.Floor(Math.Log10(rough));
        double power = Math.Pow(10, exponent);
        double mantissa = rough / power;
        int factor = mantissa <= 1 + Slack ? 1 : mantissa <= 2 + Slack ? 2 : mantissa <= 5 + Slack ? 5 : 10;
        double step = factor * power;
        int decimals = factor == 10 ? -exponent - 1 : -exponent;

        var ticks = new List<Tick>();
        double largest = Math.Max(Math.Abs(low), Math.Abs(high));
        for (double n = Math.Ceiling((low / step) - Slack); n <= (high / step) + Slack; n++)
        {
            double value = (n * step) + 0.0; // never a negative zero
            ticks.Add(new Tick(value, Text(value, step, decimals, largest)));
        }

        return ticks;
    }

    // As many digits as tell neighbours apart: plain, unless that takes many zeros.
    private static string Text(double value, double step, int decimals, double largest)
    {
        bool tiny = decimals > MostPlainDecimals && largest < SmallestPlainValue;
        bool plain = -decimals < LeastPlainZeros && !tiny;
        int digits = Math.Max(0, plain ? decimals : (int)Math.Floor(Math.Log10(largest)) - (int)Math.Floor(Math.Log10(step) + Slack));
        string text = (value, plain) switch
        {
            (_, true) => value.ToString(string.Create(CultureInfo.InvariantCulture, $"F{digits}"), CultureInfo.InvariantCulture),
            (0, _) => "0",
            _ => value.ToString($"0.{new string('#', digits)}e0", CultureInfo.InvariantCulture),
        };
        return text.Replace('-', '−');
    }
}

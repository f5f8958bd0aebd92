using MathNet.Numerics;
using ScottPlot;

namespace CrossModalVae.Pictures.Drawing;

/// <summary>One axis of a plot: its label, empty for none, its range, and the mapping of values to it.</summary>
internal sealed record Axis(string Label, double Low, double High)
{
    /// <summary>The share of the data's range that is left free on each side.</summary>
    private const double Padding = 0.04;

    private static readonly double[] ProbitTicks =
        [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 98, 99, 99.5, 99.8, 99.9, 99.95, 99.98, 99.99];

    /// <summary>Whether values are percentages on the scale of the normal distribution's quantiles (Martin et al. 1997), 0 and 100
    /// excluded.</summary>
    public bool Probit { get; init; }

    /// <summary>Whether only whole numbers have ticks.</summary>
    public bool Whole { get; init; }

    /// <summary>Whether values, above 0, lie by their logarithm.</summary>
    public bool Log { get; init; }

    /// <summary>What is written at 0, 1, 2, ... in place of numbers; null for numbers.</summary>
    public IReadOnlyList<string>? Names { get; init; }

    /// <summary>Whether it has no ticks: its numbers mean nothing.</summary>
    public bool Blank { get; init; }

    /// <summary>An axis over the range of finite values, with a margin; from zero where asked for and no value lies below.</summary>
    public static Axis Covering(string label, IEnumerable<double> values, bool fromZero = false)
    {
        double[] all = [.. values];
        (double low, double high) = (all.Min(), all.Max());
        bool zero = fromZero && low >= 0;
        low = zero ? 0 : low;
        if (high - low <= 1e-12 * Math.Max(Math.Abs(low), Math.Abs(high)))
        {
            double half = high == 0 ? 1 : Math.Abs(high) / 2;
            (low, high) = (low - half, high + half);
        }

        double room = Padding * (high - low);
        return new Axis(label, zero ? 0 : low - room, high + room);
    }

    /// <summary>A logarithmic axis over the range of values above 0, with a margin.</summary>
    public static Axis CoveringLog(string label, IEnumerable<double> values)
    {
        Axis powers = Covering(label, values.Select(Math.Log10));
        return powers with { Low = Math.Pow(10, powers.Low), High = Math.Pow(10, powers.High), Log = true };
    }

    /// <summary>0 at the lower end, 1 at the upper one.</summary>
    public double Fraction(double value) => (Map(value) - Map(Low)) / (Map(High) - Map(Low));

    /// <summary>
    /// The ticks whose labels fit beside each other on an axis of a length in pixels; extent is the pixels that a label takes along it,
    /// with the gap to the next.
    /// </summary>
    public IReadOnlyList<Tick> Ticks(double length, Func<string, double> extent)
    {
        if (Blank)
        {
            return [];
        }

        if (Probit)
        {
            return ProbitTicksThatFit(length, extent);
        }

        if (Names is not null || Log)
        {
            IReadOnlyList<Tick>[] choices = Names is null
                ? [LogTicks(1, 2, 5), LogTicks(1, 3), LogTicks(1)]
                : [.. Enumerable.Range(1, Names.Count).Select(step => NameTicks(step))];
            return choices.FirstOrDefault(ticks => ticks.Count > 0 && Fit(ticks, length, extent)) ?? choices[^1].Take(1).ToArray();
        }

        for (int count = 10; count > 1; count--)
        {
            IReadOnlyList<Tick> ticks = NiceTicks.Between(Low, High, count, Whole ? 1 : 0);
            if (Fit(ticks, length, extent))
            {
                return ticks;
            }
        }

        IReadOnlyList<Tick> fewest = NiceTicks.Between(Low, High, 1, Whole ? 1 : 0);
        return Fit(fewest, length, extent) ? fewest : fewest.Take(1).ToArray();
    }

    /// <summary>A value in the units that the axis is linear in.</summary>
    public double Map(double value) =>
        Probit ? Math.Sqrt(2) * SpecialFunctions.ErfInv((value / 50) - 1) : Log ? Math.Log10(value) : value;

    private Tick[] NameTicks(int step) =>
        [.. Names!.Index().Where(name => name.Index % step == 0).Select(name => new Tick(name.Index, name.Item))];

    // These digits times the powers of ten.
    private Tick[] LogTicks(params int[] digits)
    {
        int first = (int)Math.Floor(Math.Log10(Low)), last = (int)Math.Ceiling(Math.Log10(High));
        return
        [
            .. Enumerable.Range(first, last - first + 1)
                .SelectMany(power => digits.Select(digit => double.Parse(Invariant($"{digit}e{power}"), CultureInfo.InvariantCulture)))
                .Where(value => value >= Low && value <= High)
                .Select(value => new Tick(value, value.ToString("0.######", CultureInfo.InvariantCulture) is var text && text != "0"
                    ? text
                    : value.ToString("0e0", CultureInfo.InvariantCulture))),
        ];
    }

    private bool Fit(IReadOnlyList<Tick> ticks, double length, Func<string, double> extent)
    {
        for (int i = 1; i < ticks.Count; i++)
        {
            double room = length * (Fraction(ticks[i].Position) - Fraction(ticks[i - 1].Position));
            if (room < (extent(ticks[i].Label) + extent(ticks[i - 1].Label)) / 2)
            {
                return false;
            }
        }

        return true;
    }

    // From the middle outwards, so that 50 % always has its label.
    private Tick[] ProbitTicksThatFit(double length, Func<string, double> extent)
    {
        var kept = new List<Tick>();
        foreach (double value in ProbitTicks.Where(value => value >= Low && value <= High).OrderBy(value => Math.Abs(value - 50)))
        {
            var tick = new Tick(value, value.ToString("0.##", CultureInfo.InvariantCulture));
            double own = extent(tick.Label);
            if (kept.All(other => length * Math.Abs(Fraction(other.Position) - Fraction(value)) >= (own + extent(other.Label)) / 2))
            {
                kept.Add(tick);
            }
        }

        return [.. kept.OrderBy(tick => tick.Position)];
    }
}

/// <summary>The ticks of an <see cref="Axis"/>, for ScottPlot.</summary>
internal sealed class AxisTicks(Axis axis) : ITickGenerator
{
    // The gap between two labels along an axis, as a share of the text's size.
    private const double GapAcross = 0.9;
    private const double GapUpwards = 1.5;

    public Tick[] Ticks { get; private set; } = [];

    public int MaxTickCount { get; set; } = int.MaxValue;

    public void Regenerate(CoordinateRange range, Edge edge, PixelLength size, Paint paint, LabelStyle labelStyle)
    {
        // A linear axis may have been widened for equal units; the others keep their range.
        Axis shown = axis.Probit || axis.Log ? axis : axis with { Low = range.Min, High = range.Max };
        double fontSize = labelStyle.FontSize;
        IReadOnlyList<Tick> ticks = shown.Ticks(
            size.Length, text => edge.IsVertical() ? GapUpwards * fontSize : EmbeddedFont.Width(text, fontSize) + (GapAcross * fontSize));
        Ticks = [.. ticks.Select(tick => new Tick(axis.Map(tick.Position), tick.Label))];
    }
}

/// <summary>Round numbers along an axis: multiples of 1, 2 or 5 times a power of ten.</summary>
internal static class NiceTicks
{
    private const double Slack = 1e-9; // keeps what is round but for the last bit
    private const int LeastPlainZeros = 5;
    private const int MostPlainDecimals = 5;
    private const double SmallestPlainValue = 1e-3;

    /// <summary>
    /// At most <paramref name="count"/> round numbers between two ends, both included where they are round; one more where the smallest
    /// step that fits is 1, 2 or 5. The least step is 1 where only whole numbers make sense, else 0.
    /// </summary>
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
            (_, true) => value.ToString(Invariant($"F{digits}"), CultureInfo.InvariantCulture),
            (0, _) => "0",
            _ => value.ToString($"0.{new string('#', digits)}e0", CultureInfo.InvariantCulture),
        };
        return text.Replace('-', '−');
    }
}

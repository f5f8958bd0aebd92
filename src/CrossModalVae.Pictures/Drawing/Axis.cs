using MathNet.Numerics;
using ScottPlot;

namespace CrossModalVae.Pictures.Drawing;

/// <summary>One axis of a plot: what it is called, its range, and where a value lies on it.</summary>
internal sealed record Axis
{
    /// <summary>The share of the data's range that is left free on each side.</summary>
    private const double Padding = 0.04;

    private static readonly double[] ProbitTicks =
        [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 98, 99, 99.5, 99.8, 99.9, 99.95, 99.98, 99.99];

    /// <summary>Written beside the axis; empty for none.</summary>
    public required string Label { get; init; }

    /// <summary>The lower end.</summary>
    public required double Low { get; init; }

    /// <summary>The upper end, above the lower one.</summary>
    public required double High { get; init; }

    /// <summary>Whether values are percentages on the scale of the normal distribution's quantiles (Martin et al. 1997), 0 and 100
    /// excluded.</summary>
    public bool Probit { get; init; }

    /// <summary>Whether only whole numbers have ticks.</summary>
    public bool Whole { get; init; }

    /// <summary>An axis that holds all of some values, with a little room.</summary>
    /// <param name="label">Written beside it.</param>
    /// <param name="values">At least one, all finite.</param>
    /// <param name="fromZero">Whether zero is its end, where no value lies below.</param>
    public static Axis Around(string label, IEnumerable<double> values, bool fromZero = false)
    {
        double low = double.MaxValue;
        double high = double.MinValue;
        foreach (double value in values)
        {
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }

        bool zero = fromZero && low >= 0;
        low = zero ? 0 : low;
        if (high - low <= 1e-12 * Math.Max(Math.Abs(low), Math.Abs(high)))
        {
            double half = high == 0 ? 1 : Math.Abs(high) / 2;
            (low, high) = (low - half, high + half);
        }

        double room = Padding * (high - low);
        return new Axis { Label = label, Low = zero ? 0 : low - room, High = high + room };
    }

    /// <summary>0 at the lower end, 1 at the upper one.</summary>
    public double Share(double value) => (Map(value) - Map(Low)) / (Map(High) - Map(Low));

    /// <summary>The ticks whose labels fit beside each other.</summary>
    /// <param name="length">Of the axis, in pixels.</param>
    /// <param name="extent">How many pixels along the axis a label takes, with the gap to the next.</param>
    public IReadOnlyList<Tick> Ticks(double length, Func<string, double> extent)
    {
        if (Probit)
        {
            return ProbitTicksThatFit(length, extent);
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
    public double Map(double value) => Probit ? Math.Sqrt(2) * SpecialFunctions.ErfInv((value / 50) - 1) : value;

    private bool Fit(IReadOnlyList<Tick> ticks, double length, Func<string, double> extent)
    {
        for (int i = 1; i < ticks.Count; i++)
        {
            double room = length * (Share(ticks[i].Position) - Share(ticks[i - 1].Position));
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
            double extentOfTick = extent(tick.Label);
            if (kept.All(other => length * Math.Abs(Share(other.Position) - Share(value)) >= (extentOfTick + extent(other.Label)) / 2))
            {
                kept.Add(tick);
            }
        }

        return [.. kept.OrderBy(tick => tick.Position)];
    }
}

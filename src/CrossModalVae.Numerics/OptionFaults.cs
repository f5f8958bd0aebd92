using System.Runtime.CompilerServices;
using static System.FormattableString;

namespace CrossModalVae.Numerics;

/// <summary>
/// The faults of an options record, one sentence each in the order of the checks. An option's range is one line of the record's
/// <c>Validate</c>; the message takes the option's name from that line.
/// </summary>
internal sealed class OptionFaults
{
    private readonly List<string> _faults = [];

    public IReadOnlyList<string> All => _faults;

    /// <summary>Refuses a whole number below a limit.</summary>
    public void AtLeast(long value, long least, [CallerArgumentExpression(nameof(value))] string name = "")
        => Check(value >= least, name, value, Invariant($"must be >= {least}"));

    /// <summary>Refuses a number below a limit or not finite.</summary>
    public void AtLeast(double value, double least, [CallerArgumentExpression(nameof(value))] string name = "")
        => Check(value >= least && double.IsFinite(value), name, value, Invariant($"must be >= {least}"));

    /// <summary>Refuses a number that is not above a limit or not finite.</summary>
    public void Above(double value, double limit, [CallerArgumentExpression(nameof(value))] string name = "")
        => Check(value > limit && double.IsFinite(value), name, value, Invariant($"must be > {limit}"));

    /// <summary>Refuses a number outside [least, most].</summary>
    public void Within(double value, double least, double most, [CallerArgumentExpression(nameof(value))] string name = "")
        => Check(value >= least && value <= most, name, value, Invariant($"must be {least} to {most}"));

    /// <summary>Refuses a number outside (limit, most].</summary>
    public void AboveAndAtMost(double value, double limit, double most, [CallerArgumentExpression(nameof(value))] string name = "")
        => Check(value > limit && value <= most, name, value, Invariant($"must be > {limit} and <= {most}"));

    /// <summary>Refuses a number outside [least, limit).</summary>
    public void AtLeastAndBelow(double value, double least, double limit, [CallerArgumentExpression(nameof(value))] string name = "")
        => Check(value >= least && value < limit, name, value, Invariant($"must be >= {least} and < {limit}"));

    /// <summary>Refuses a probability outside of 0 to 1.</summary>
    public void Probability(double value, [CallerArgumentExpression(nameof(value))] string name = "") => Within(value, 0, 1, name);

    /// <summary>Refuses the ends of a range outside their limits or in the wrong order.</summary>
    public void Range(
        double low,
        double high,
        double least,
        double most,
        [CallerArgumentExpression(nameof(low))] string lowName = "",
        [CallerArgumentExpression(nameof(high))] string highName = "")
    {
        Within(low, least, most, lowName);
        Within(high, least, most, highName);
        if (low > high)
        {
            Add(Invariant($"'{lowName}' is {low} and '{highName}' {high}; the first must not be larger."));
        }
    }

    /// <summary>Refuses a value that is no member of its enum: "must be one of A, B, C".</summary>
    public void OneOf<T>(T value, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : struct, Enum => Check(Enum.IsDefined(value), name, value, $"must be one of {string.Join(", ", Enum.GetNames<T>())}");

    /// <summary>As <see cref="OneOf"/>, worded "must be A, B or C" for the front ends.</summary>
    public void Member<T>(T value, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : struct, Enum
    {
        string[] names = Enum.GetNames<T>();
        Check(Enum.IsDefined(value), name, value, $"must be {string.Join(", ", names[..^1])} or {names[^1]}");
    }

    /// <summary>Refuses a value by a rule of its own.</summary>
    public void Check<T>(bool valid, string name, T value, string constraint)
    {
        if (!valid)
        {
            Add(Invariant($"'{name}' is {value}; {constraint}."));
        }
    }

    /// <summary>Adds a sentence.</summary>
    public void Add(string fault) => _faults.Add(fault);

    /// <summary>Adds the sentences of a nested section.</summary>
    public void Add(IEnumerable<string> faults) => _faults.AddRange(faults);

    /// <summary>Adds what the validation of a nested part refuses, after the part's name.</summary>
    public void Nested(string part, Action validate)
    {
        try
        {
            validate();
        }
        catch (ArgumentException e) when (UserError.IsMarked(e))
        {
            Add($"{part}: {e.Message}");
        }
    }

    /// <summary>Throws an <see cref="ArgumentException"/> with all faults where there are any.</summary>
    public void ThrowIfAny() => Throw(_faults);

    /// <summary>As <see cref="ThrowIfAny"/>, of faults that were collected before.</summary>
    public static void Throw(IReadOnlyList<string> faults)
    {
        if (faults.Count > 0)
        {
            throw UserError.Mark(new ArgumentException(string.Join(" ", faults)));
        }
    }
}

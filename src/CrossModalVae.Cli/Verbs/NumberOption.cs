using System.CommandLine.Parsing;
using System.Numerics;

namespace CrossModalVae.Cli.Verbs;

/// <summary>The numbers that an option takes.</summary>
/// <param name="Whole">Whole numbers only.</param>
/// <param name="Least">The smallest, itself included unless <paramref name="Above"/>.</param>
/// <param name="Most">The largest, itself included unless <paramref name="Below"/>; null where there is none to name.</param>
/// <param name="Above">Whether the smallest is excluded.</param>
/// <param name="Below">Whether the largest is excluded.</param>
internal readonly record struct NumberRange(bool Whole, double? Least, double? Most = null, bool Above = false, bool Below = false)
{
    /// <summary>Whole numbers.</summary>
    internal static NumberRange Count(double least, double most) => new(Whole: true, least, most);

    /// <summary>The range in words: "at least 1", "above 0 and below 1", "from 0 to below 1".</summary>
    internal string Words => (Least, Most) switch
    {
        (null, null) => "",
        (double least, null) => Above ? Invariant($"above {least}") : Invariant($"at least {least}"),
        (null, double most) => Below ? Invariant($"below {most}") : Invariant($"at most {most}"),
        (double least, double most) => Above
            ? Invariant($"above {least} and {(Below ? "below" : "at most")} {most}")
            : Invariant($"from {least} to {(Below ? "below " : "")}{most}"),
    };

    internal bool Contains(double value) =>
        (Least is not double least || (Above ? value > least : value >= least))
        && (Most is not double most || (Below ? value < most : value <= most));
}

/// <summary>An option that checks its values by itself.</summary>
internal interface ICheckedOption
{
    /// <summary>
    /// What is wrong with a value: a sentence with the option's name, the value and what it must be; null where nothing is.
    /// </summary>
    string? Fault(string text);
}

/// <summary>An option of numbers, as the walk over all options sees it.</summary>
internal interface INumberOption : ICheckedOption
{
    /// <summary>What it takes.</summary>
    NumberRange Range { get; }

    /// <summary>A word that it takes beside numbers; null for none.</summary>
    string? Word { get; }
}

/// <summary>
/// An option of numbers, written as programs write them: digits, with a point before decimals, and nothing between them. A value that is
/// no such number or out of range is refused by a sentence that names option, value and range, also where another rule reads it first.
/// </summary>
/// <typeparam name="T">int, long or double, or one of them that may be left out.</typeparam>
internal sealed class NumberOption<T> : Option<T>, INumberOption
{
    /// <summary>An option of a range.</summary>
    /// <param name="name">The name, with its dashes.</param>
    /// <param name="range">What it takes; a whole number's own type bounds it further.</param>
    /// <param name="word">A word that stands for leaving it out, such as auto.</param>
    internal NumberOption(string name, NumberRange range, string? word = null)
        : base(name)
    {
        (Range, Word) = (range, word);
        CustomParser = Read;
        this.Completes(word is null ? [] : [word]);
    }

    /// <inheritdoc/>
    public NumberRange Range { get; }

    /// <inheritdoc/>
    public string? Word { get; }

    /// <inheritdoc/>
    public string? Fault(string text) => Word is not null && text == Word ? null : Fault(text, out _);

    private T? Read(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (Word is not null && text == Word)
        {
            return default;
        }

        if (Fault(text, out object? value) is string fault)
        {
            result.AddError(fault);
            return default;
        }

        return (T)value!;
    }

    private string? Fault(string text, out object? value)
    {
        value = null;
        if (Range.Whole)
        {
            if (!BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger whole))
            {
                return $"{Name} is '{text}'; must be {Expected}{Separators(text)}.";
            }

            if (!Range.Contains((double)whole))
            {
                return $"{Name} is {whole}; must be {Range.Words}.";
            }

            bool isLong = (Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T)) == typeof(long);
            BigInteger least = isLong ? long.MinValue : int.MinValue, most = isLong ? long.MaxValue : int.MaxValue;
            if (whole < least || whole > most)
            {
                return $"{Name} is {whole}; must be from {Range.Least ?? (double)least:0} to {most}.";
            }

            value = isLong ? (object)(long)whole : (int)whole;
            return null;
        }

        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (!double.TryParse(text, Style, CultureInfo.InvariantCulture, out double number) || !double.IsFinite(number))
        {
            return $"{Name} is '{text}'; must be {Expected}{Separators(text)}.";
        }

        value = number;
        return Range.Contains(number) ? null : Word is null
            ? Invariant($"{Name} is {number}; must be {Range.Words}.")
            : $"{Name} is '{text}'; must be {Expected}.";
    }

    private string Expected
    {
        get
        {
            string kind = Range.Whole ? "a whole number" : "a number";
            string range = Range.Words.StartsWith("at ", StringComparison.Ordinal) ? $" of {Range.Words}" : $" {Range.Words}";
            return kind + range.TrimEnd() + (Word is null ? "" : $", or {Word}");
        }
    }

    // 5,5 is half of Europe's five and a half, and 1,000 half of the world's thousand: neither is guessed at.
    private string Separators(string text) => (text.AsSpan().ContainsAny(",'_ ") && text.Any(char.IsAsciiDigit), Range.Whole) switch
    {
        (true, true) => ", written without separators",
        (true, false) => ", written with a decimal point and without separators, as in 5.5",
        _ => "",
    };
}

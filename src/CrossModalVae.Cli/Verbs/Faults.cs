using System.CommandLine.Parsing;

namespace CrossModalVae.Cli.Verbs;

/// <summary>
/// What is wrong with a command line, a sentence each: what is unknown, given twice, empty or missing in our own words; then what the
/// options and verbs themselves refuse.
/// </summary>
internal static class Faults
{
    // The parser's own sentences for what is said here in other words (System.CommandLine 2.0.0, whose version is pinned).
    private static readonly string[] Replaced =
    [
        "Required argument missing for command",
        "Unrecognized command or argument",
        "Required command was not provided",
        "Required argument missing for option",
        "Cannot parse argument",
    ];

    internal static IReadOnlyList<string> Of(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        OptionResult[] options = [.. parsed.CommandResult.Children.OfType<OptionResult>().Where(result => !result.Implicit)];
        string? unknown = Unknown(parsed);
        var faults = new List<string>();
        if (unknown is not null)
        {
            faults.Add(unknown);
        }

        foreach (OptionResult result in options)
        {
            faults.AddRange(OfValue(result, command));
        }

        string[] missing =
        [
            .. command.Arguments.Where(argument => parsed.GetResult(argument) is null or { Tokens.Count: 0 })
                .Select(argument => argument.Name),
            .. command.Options.Where(option => option.Required && parsed.GetResult(option) is null or { Implicit: true }).Select(option =>
                $"{option.Name}{(option.HelpName is string value ? $" {value}" : "")}"),
        ];
        if (missing.Length > 0 && unknown is null)
        {
            faults.Add(missing.Length == 1 ? $"{missing[0]} is missing." : $"{Listed(missing)} are missing.");
        }

        faults.AddRange(parsed.Errors
            .Where(error => !IsReplaced(error) && !(unknown is not null && error.SymbolResult is CommandResult))
            .OrderBy(error => error.SymbolResult is CommandResult) // what does not go together comes after what is no value at all
            .Select(error => error.Message)
            .Where(message => !faults.Contains(message)));
        return [.. faults.Distinct(StringComparer.Ordinal)];
    }

    private static string? Unknown(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string path = Verb.PathOf(command);
        string? taken = command.Arguments.SelectMany(argument => parsed.GetResult(argument)?.Tokens ?? [])
            .Select(value => value.Value).FirstOrDefault(IsOption); // an argument takes what is no option
        if ((taken ?? (parsed.UnmatchedTokens is [string first, ..] ? first : null)) is not string token)
        {
            return null;
        }

        if (command.Subcommands.Count == 0 && taken is null)
        {
            token = parsed.UnmatchedTokens.FirstOrDefault(IsOption) ?? token; // rather than a value that follows it
        }

        if (IsOption(token))
        {
            string name = token.Split('=')[0];
            string[] known = [.. command.Options.Where(option => !option.Hidden).Select(option => option.Name)];
            return $"'{name}' is no option of '{path}'{DidYouMean(Suggestion.For(name, known))}";
        }

        if (command.Subcommands.Count > 0)
        {
            return $"'{token}' is no verb of '{path}'{DidYouMean(VerbLike(token, command, parsed.RootCommandResult.Command))}";
        }

        return $"'{token}' belongs to no option of '{path}'; a value with spaces needs quotes.";
    }

    // Among its own verbs by spelling; else a verb of that name elsewhere, as in 'cmvae check' for 'cmvae corpus check'.
    private static string? VerbLike(string token, Command command, Command root)
    {
        if (Suggestion.For(token, command.Subcommands.Select(verb => verb.Name)) is string near)
        {
            return near;
        }

        return Below(root).FirstOrDefault(verb => verb.Name == token) is Command elsewhere ? Verb.PathOf(elsewhere) : null;
    }

    private static IEnumerable<Command> Below(Command command) =>
        command.Subcommands.SelectMany(verb => Below(verb).Prepend(verb));

    private static IEnumerable<string> OfValue(OptionResult result, Command command)
    {
        Option option = result.Option;
        if (option is { Arity.MaximumNumberOfValues: <= 1 } && result.IdentifierTokenCount > 1)
        {
            yield return $"{option.Name} is given {result.IdentifierTokenCount} times; must be given once.";
        }

        if (result.Tokens.Count < option.Arity.MinimumNumberOfValues)
        {
            yield return $"{option.Name} has no value; must be followed by {option.HelpName ?? "one"}.";
        }

        foreach (string value in result.Tokens.Select(token => token.Value))
        {
            if (string.IsNullOrWhiteSpace(value))
            {
                yield return $"{option.Name} is empty; must have a value."; // from an unset shell variable; no option accepts it
            }
            else if (value.StartsWith("--", StringComparison.Ordinal))
            {
                string? near = Suggestion.For(value.Split('=')[0], command.Options.Select(known => known.Name));
                yield return $"{option.Name} is '{value}', which looks like an option{DidYouMean(near)}";
            }
            else if (option is ICheckedOption checks && checks.Fault(value) is string fault)
            {
                yield return fault; // here, since the parser leaves values unread where a rule of the verb is broken
            }
        }
    }

    private static bool IsReplaced(ParseError error) =>
        Replaced.Any(start => error.Message.StartsWith(start, StringComparison.Ordinal))
        || (error.Message.StartsWith("Option '", StringComparison.Ordinal)
            && (error.Message.EndsWith("is required.", StringComparison.Ordinal)
                || error.Message.Contains(" expects a single argument ", StringComparison.Ordinal)))
        || OptionOf(error.SymbolResult) is { } result
            && (result.IdentifierTokenCount > 1 && result.Option.Arity.MaximumNumberOfValues <= 1
                || result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)));

    private static OptionResult? OptionOf(SymbolResult? result) => result as OptionResult ?? result?.Parent as OptionResult;

    private static bool IsOption(string token) => token.Length > 1 && token[0] == '-' && !char.IsAsciiDigit(token[1]);

    private static string DidYouMean(string? near) => near is null ? "." : $"; did you mean '{near}'?";

    private static string Listed(string[] names) => $"{string.Join(", ", names[..^1])} and {names[^1]}";
}

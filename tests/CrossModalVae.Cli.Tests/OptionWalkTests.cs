using System.CommandLine;
using System.CommandLine.Help;
using CrossModalVae.Cli.Verbs;

namespace CrossModalVae.Cli.Tests;

/// <summary>
/// Every option of every verb, found by walking the command tree: what is no value for it is refused in one sentence that names it, exit
/// code 2, before any work. A new option is among them without being named here.
/// </summary>
public class OptionWalkTests
{
    private const int Accepted = 77;

    private static readonly string[] NoNumbers =
    [
        "x", "NaN", "nan", "Infinity", "-Infinity", "∞", "1e999", "5,5", "1,000", "1 000", "1_000", "1.000.000", "0x10", "٣", "5.", "1-",
        "--",
    ];

    private static readonly string[] NotWhole = ["1.5", "1e3", "1.0"];

    public static TheoryData<string, string> Options => Pairs(_ => true);

    public static TheoryData<string, string> Numbers => Pairs(option => Number(option.ValueType));

    public static TheoryData<string, string> Words => Pairs(option =>
        option is IChoice || (option is not INumberOption && (option.HelpName?.Contains('|') ?? false)));

    public static TheoryData<string> Verbs => [.. Leaves(CommandLine.CreateRoot()).Select(Verb.PathOf)];

    [Theory]
    [MemberData(nameof(Options))]
    public async Task Option_GivenTwiceEmptyOrWithoutValue_IsRefusedByName(string verb, string name)
    {
        Option option = Find(CommandLine.CreateRoot(), verb, name);
        bool isSwitch = option.ValueType == typeof(bool), isList = option.Arity.MaximumNumberOfValues > 1;
        if (!isList)
        {
            string[] once = isSwitch ? [name] : [name, "1"];
            await IsRefused(verb, option, [.. once, .. once], $"{name} is given 2 times; must be given once.");
        }

        if (!isSwitch)
        {
            await IsRefused(verb, option, [name, ""], $"{name} is empty; must have a value.");
            await IsRefused(verb, option, [name, "  "], $"{name} is empty; must have a value.");
            await IsRefused(verb, option, [name], $"{name} has no value; must be followed by {option.HelpName}.");
            await IsRefused(verb, option, [name, "--outt"], $"{name} is '--outt', which looks like an option");
        }

        if (isList)
        {
            await IsRefused(verb, option, [name, "a", name, ""], $"{name} is empty; must have a value.");
        }
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public async Task Option_OfNumbers_RefusesWhatIsNoneAndWhatIsOutOfRange(string verb, string name)
    {
        var option = (INumberOption)Find(CommandLine.CreateRoot(), verb, name);
        NumberRange range = option.Range;
        foreach (string text in range.Whole ? NoNumbers.Concat(NotWhole) : NoNumbers.Except(["5."]))
        {
            string start = text == "--" ? $"{name} has no value" : $"{name} is '{text}'; must be a ";
            await IsRefused(verb, (Option)option, [name, text], start);
        }

        foreach (string text in Outside(range))
        {
            await IsRefused(verb, (Option)option, [name, text], $"{name} is ");
        }
    }

    [Theory]
    [MemberData(nameof(Words))]
    public async Task Option_OfWords_RefusesOthersAndNamesThem(string verb, string name)
    {
        Option option = Find(CommandLine.CreateRoot(), verb, name);

        await IsRefused(verb, option, [name, "nothing"], $"{name} is 'nothing'; must be ");
        await IsRefused(verb, option, [name, "1"], $"{name} is '1'; must be "); // no member of an enum by its number
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Verb_UnknownOption_IsNamedAndTheRightHelpToo(string verb)
    {
        (int exitCode, string output, string error) = await Run(verb, ["--no-such-thing"]);

        Assert.Equal(
            (2, "", $"cmvae: '--no-such-thing' is no option of '{verb}'.\ncmvae: see '{verb} --help'.\n"),
            (exitCode, output, error.ReplaceLineEndings("\n")));
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Verb_WithWhatItNeeds_IsAccepted(string verb)
    {
        (int exitCode, _, string error) = await Run(verb, Needed(verb));

        Assert.Equal((Accepted, ""), (exitCode, error));
    }

    /// <summary>The kinds of values are few, and each has its check: no option falls back on the parser's own conversions.</summary>
    [Fact]
    public void Options_OfAllVerbs_AreOfKindsThatCheckTheirValues()
    {
        string[] others =
        [
            .. Leaves(CommandLine.CreateRoot()).SelectMany(verb => Own(verb).Where(option => !(
                option.ValueType == typeof(bool) || option.ValueType == typeof(string) || option.ValueType == typeof(string[])
                || (option is INumberOption && Number(option.ValueType)) || option is IChoice))
                .Select(option => $"{Verb.PathOf(verb)} {option.Name}: {option.ValueType}")),
        ];

        Assert.Empty(others);
    }

    private static bool Number(Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type) is { IsPrimitive: true } plain && plain != typeof(bool);

    private static IEnumerable<string> Outside(NumberRange range)
    {
        yield return "99999999999999999999999999" + (range.Whole ? "" : new string('9', 400));
        if (range.Least is double least)
        {
            yield return Text(range.Above ? least : range.Whole ? least - 1 : least - 0.001);
            yield return "-99999999999999999999999999" + (range.Whole ? "" : new string('9', 400));
        }

        if (range.Most is double most)
        {
            yield return Text(range.Below ? most : range.Whole ? most + 1 : most + 0.001);
        }

        static string Text(double value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task IsRefused(string verb, Option option, string[] args, string sentence)
    {
        string[] others = [.. Needed(verb)];
        int own = Array.IndexOf(others, option.Name);
        string[] needed = own < 0 ? others : [.. others[..own], .. others[(own + 2)..]];

        (int exitCode, string output, string error) = await Run(verb, [.. needed, .. args]);

        string[] lines = error.ReplaceLineEndings("\n").TrimEnd().Split('\n');
        string what = $"{verb} {string.Join(' ', args)}: {exitCode}: {error}";
        Assert.True(exitCode == 2 && output.Length == 0, what);
        Assert.True(lines[0].StartsWith($"cmvae: {sentence}", StringComparison.Ordinal), what);
        Assert.True(lines[^1] == $"cmvae: see '{verb} --help'.", what);
        Assert.DoesNotContain("System.", error, StringComparison.Ordinal);
        Assert.DoesNotContain("Cannot parse", error, StringComparison.Ordinal);
    }

    // The work is replaced: a command line that is accepted must not start a training here.
    private static async Task<(int ExitCode, string Output, string Error)> Run(string verb, IEnumerable<string> args)
    {
        RootCommand root = CommandLine.CreateRoot();
        foreach (Command leaf in Leaves(root))
        {
            leaf.SetAction((_, _) => Task.FromResult(Accepted));
        }

        using var output = new StringWriter();
        using var error = new StringWriter();
        int exitCode = await CommandLine.RunAsync(root, [.. verb.Split(' ')[1..], .. args], output, error);
        return (exitCode, output.ToString(), error.ToString());
    }

    // What a verb needs by its declaration, and beside it.
    private static IEnumerable<string> Needed(string verb) =>
    [
        .. Own(Leaves(CommandLine.CreateRoot()).Single(leaf => Verb.PathOf(leaf) == verb))
            .Where(option => option.Required)
            .SelectMany(option => new[] { option.Name, VerbNeeds.Value(option.Name, "x") }),
        .. VerbNeeds.Of(verb, "x"),
        .. Leaves(CommandLine.CreateRoot()).Single(leaf => Verb.PathOf(leaf) == verb).Arguments.Select(_ => "x"),
    ];

    private static TheoryData<string, string> Pairs(Func<Option, bool> chosen)
    {
        var pairs = new TheoryData<string, string>();
        foreach (Command leaf in Leaves(CommandLine.CreateRoot()))
        {
            foreach (Option option in Own(leaf).Where(chosen))
            {
                pairs.Add(Verb.PathOf(leaf), option.Name);
            }
        }

        return pairs;
    }

    private static IEnumerable<Option> Own(Command command) => command.Options.Where(option => option is not (HelpOption or VersionOption));

    private static Option Find(RootCommand root, string verb, string name) =>
        Leaves(root).Single(leaf => Verb.PathOf(leaf) == verb).Options.Single(option => option.Name == name);

    private static IEnumerable<Command> Leaves(Command command) =>
        command.Subcommands.Count == 0 ? [command] : command.Subcommands.SelectMany(Leaves);
}

using System.CommandLine.Help;
using System.CommandLine.Invocation;
using CrossModalVae.Cli.Terminal;

namespace CrossModalVae.Cli.Verbs;

/// <summary>
/// A command's help: what it does, how it is called, what it needs, what else it takes with its default, and examples. The parser's own
/// text has no examples, and puts every description beside the longest name.
/// </summary>
internal sealed class HelpText : SynchronousCommandLineAction
{
    /// <summary>The columns of help that is no terminal's.</summary>
    internal const int PlainWidth = 110;

    private const int Indent = 30;

    // Below this many columns, descriptions stand under names instead of beside them.
    private const int LeastColumns = 72;
    private const int NarrowIndent = 6;

    /// <summary>Gives a tree of commands this help.</summary>
    internal static void Set(RootCommand root)
    {
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        root.Options.Remove(help);
        root.Options.Add(new HelpOption("--help", "-h", "-?") { Description = "Show this help.", Action = new HelpText() });
        VersionOption version = root.Options.OfType<VersionOption>().Single();
        (version.Description, version.Action) = ("Show the version, and those of the engines.", new VersionText());
    }

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        TextWriter output = parseResult.InvocationConfiguration.Output;
        Write(parseResult.CommandResult.Command, output, StatusWriter.WidthOf(output) ?? PlainWidth);
        return CommandLine.Done;
    }

    /// <summary>Prints a command's help in lines of at most a width.</summary>
    internal static void Write(Command command, TextWriter output, int width)
    {
        string path = Verb.PathOf(command);
        Option[] options = [.. command.Options.Where(option => !option.Hidden), .. Inherited(command)];
        Option[] required = [.. options.Where(option => option.Required)];
        Paragraph(output, command.Description ?? "", 0, width);
        output.WriteLine();
        output.WriteLine("Usage:");
        string needs = string.Concat(
            [.. command.Arguments.Select(argument => $" {argument.Name}"), .. required.Select(option => $" {Name(option)}")]);
        Paragraph(output, command.Subcommands.Count > 0 ? $"{path} VERB [options]" : $"{path}{needs} [options]", 2, width, hanging: 6);
        if (command.Subcommands.Count > 0)
        {
            Section(output, "Verbs:", command.Subcommands.Select(verb => (verb.Name, verb.Description ?? "")), width);
        }

        Section(
            output,
            "Required:",
            [.. command.Arguments.Select(argument => (argument.Name, argument.Description ?? "")), .. required.Select(Row)],
            width);
        Section(output, "Options:", options.Except(required).OrderBy(Place).Select(Row), width);
        if (command is Verb { Examples.Count: > 0 } verb)
        {
            output.WriteLine();
            output.WriteLine("Examples:");
            foreach ((string what, string line) in verb.Examples)
            {
                Paragraph(output, $"# {what}", 2, width);
                output.WriteLine($"  {line}");
            }
        }

        if (command.Subcommands.Count > 0)
        {
            output.WriteLine();
            output.WriteLine($"'{path} VERB --help' describes a verb's options and shows examples.");
        }
    }

    /// <summary>
    /// The default of an option in words, as its help says it; null where it has none, or its description says what then.
    /// </summary>
    internal static string? Standard(Option option) => option switch
    {
        IChoice choice => choice.Standard,
        { HasDefaultValue: true } and not Option<bool> => Convert.ToString(option.GetDefaultValue(), CultureInfo.InvariantCulture),
        _ => null,
    };

    // Those that every verb has come last.
    private static int Place(Option option) => option.Name switch
    {
        OutputGuard.ForceName => 1,
        "--json" => 2,
        "--help" => 3,
        "--version" => 4,
        _ => 0,
    };

    private static IEnumerable<Option> Inherited(Command command) => command.Parents.OfType<Command>()
        .SelectMany(parent => parent.Options.Where(option => option.Recursive).Concat(Inherited(parent)));

    private static (string Name, string Text) Row(Option option) =>
        (Name(option), Standard(option) is string standard ? $"{option.Description} Default: {standard}." : option.Description ?? "");

    private static string Name(Option option)
    {
        string names = string.Join(", ", option.Aliases.Where(alias => alias.Length == 2).Append(option.Name));
        return option.HelpName is string value ? $"{names} <{value}>" : names;
    }

    private static void Section(TextWriter output, string title, IEnumerable<(string Name, string Text)> rows, int width)
    {
        (string Name, string Text)[] all = [.. rows];
        if (all.Length == 0)
        {
            return;
        }

        output.WriteLine();
        output.WriteLine(title);
        int indent = Math.Min(width < LeastColumns ? NarrowIndent : Indent, all.Max(row => row.Name.Length) + 4);
        foreach ((string name, string text) in all)
        {
            if (name.Length + 4 > indent)
            {
                output.WriteLine($"  {name}");
                Paragraph(output, text, indent, width);
            }
            else
            {
                Paragraph(output, text, indent, width, first: $"  {name}".PadRight(indent));
            }
        }
    }

    private static void Paragraph(TextWriter output, string text, int indent, int width, string? first = null, int? hanging = null)
    {
        string line = first ?? new string(' ', indent);
        int start = line.Length;
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > start && line.Length + 1 + word.Length > width)
            {
                output.WriteLine(line);
                line = new string(' ', hanging ?? indent);
                start = line.Length;
            }

            line += line.Length > start ? $" {word}" : word;
        }

        output.WriteLine(line.TrimEnd());
    }
}

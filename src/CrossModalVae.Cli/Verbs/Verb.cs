namespace CrossModalVae.Cli.Verbs;

/// <summary>A command with examples, which its help prints and a test parses.</summary>
internal sealed class Verb : Command
{
    /// <summary>A verb.</summary>
    /// <param name="name">The word on the command line.</param>
    /// <param name="description">What it does, in a sentence or two.</param>
    /// <param name="examples">What one wants, and the whole command line that does it.</param>
    internal Verb(string name, string description, params (string What, string Line)[] examples)
        : base(name, description) => Examples = examples;

    /// <summary>What one wants, and the whole command line that does it.</summary>
    internal IReadOnlyList<(string What, string Line)> Examples { get; }

    /// <summary>The output that is named by the command's argument, without an option; null where there is none.</summary>
    internal Output? OutputArgument { get; set; }

    /// <summary>The words that lead to a command: "cmvae corpus folder".</summary>
    internal static string PathOf(Command command) => command.Parents.OfType<Command>().FirstOrDefault() is { } parent
        ? $"{PathOf(parent)} {command.Name}"
        : command is RootCommand ? CommandLine.ProgramName : command.Name;
}

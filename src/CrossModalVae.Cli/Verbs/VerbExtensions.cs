using System.CommandLine.Parsing;
using CrossModalVae.Cli.Terminal;

namespace CrossModalVae.Cli.Verbs;

/// <summary>What every verb does: it refuses options that do not go together, works, and prints its result.</summary>
internal static class VerbExtensions
{
    /// <summary>Adds a check of the command's options whose sentence is the message of the fault.</summary>
    internal static void RefuseIf(this Command command, Func<CommandResult, bool> condition, string message) =>
        command.Validators.Add(result =>
        {
            try
            {
                if (condition(result))
                {
                    result.AddError(message);
                }
            }
            catch (InvalidOperationException e)
            {
                // The condition read an option whose value cannot be parsed. The message is that option's own, and Faults says it once.
                result.AddError(e.Message);
            }
        });

    /// <summary>Whether an option stands on the command line.</summary>
    internal static bool IsGiven(this CommandResult result, Option option) => result.GetResult(option) is { Implicit: false };

    /// <summary>
    /// Sets the verb's work. It runs on a thread of the pool, so that Ctrl-C is seen at once; its outputs are refused before it where they
    /// exist, and listed after it. A command whose outputs can be replaced gets --force.
    /// </summary>
    internal static Command Runs(this Command command, Action<ParseResult, CancellationToken> work) =>
        command.Runs((parsed, cancellationToken) =>
        {
            work(parsed, cancellationToken);
            return CommandLine.Done;
        });

    /// <summary>The same of work that ends with an exit code.</summary>
    internal static Command Runs(this Command command, Func<ParseResult, CancellationToken, int> work)
    {
        if (OutputGuard.Of(command).Any(output => output.Rule == OutputRule.Refuse))
        {
            command.Options.Add(OutputGuard.Force());
        }

        command.SetAction((parsed, cancellationToken) => Task.Run(() => Run(parsed, work, cancellationToken), CancellationToken.None));
        return command;
    }

    private static int Run(ParseResult parsed, Func<ParseResult, CancellationToken, int> work, CancellationToken cancellationToken)
    {
        OutputGuard.RequireFree(parsed);
        CollapseWarning.OfInputs(parsed);
        DateTime start = DateTime.UtcNow;
        int exitCode = work(parsed, cancellationToken);
        StatusWriter.Say(parsed.InvocationConfiguration.Error, null);
        TextWriter writer = OutputGuard.Given(parsed, "--json")
            ? parsed.InvocationConfiguration.Error
            : parsed.InvocationConfiguration.Output;
        foreach (string line in OutputGuard.Written(parsed, start))
        {
            writer.WriteLine($"wrote {line}");
        }

        return exitCode;
    }

    /// <summary>Names what is being done now; shown where it takes long.</summary>
    internal static void Say(this ParseResult parsed, string stage) => StatusWriter.Say(parsed.InvocationConfiguration.Error, stage);

    /// <summary>Prints a result on stdout: as JSON where --json asks for it, else as text.</summary>
    internal static void Print(this ParseResult parsed, Option<bool> json, Func<string> text, Action<TextWriter> print)
    {
        TextWriter writer = parsed.InvocationConfiguration.Output;
        if (parsed.GetValue(json))
        {
            writer.Write(text());
        }
        else
        {
            print(writer);
        }
    }

    /// <summary>The same of one line each.</summary>
    internal static void PrintLine(this ParseResult parsed, Option<bool> json, object result, string text) =>
        parsed.InvocationConfiguration.Output.WriteLine(
            parsed.GetValue(json) ? System.Text.Json.JsonSerializer.Serialize(result) : text);
}

using System.CommandLine.Invocation;
using CrossModalVae.Cli.Workflows;

namespace CrossModalVae.Cli.Verbs;

/// <summary>What <c>--version</c> prints: the program's version and commit alone in the first line, then a line for each engine.</summary>
internal sealed class VersionText : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.WriteLine(ProgramVersion.Own);
        foreach ((string name, string version) in ProgramVersion.All.Skip(1))
        {
            output.WriteLine($"{name} {version}");
        }

        return CommandLine.Done;
    }
}

using System.CommandLine;
using CrossModalVae.Cli.Verbs;

namespace CrossModalVae.Cli.Tests;

/// <summary>Rules of a verb about several options.</summary>
public class VerbRuleTests
{
    /// <summary>
    /// A rule may read an option whose value cannot be parsed. What the parser throws is recognised wherever it comes from: once it is
    /// inlined, the runtime names the rule's assembly as its source.
    /// </summary>
    [Fact]
    public void RefuseIf_ReadingAnUnreadableOption_RefusesByThatOptionsMessage()
    {
        var command = new Command("verb");
        command.RefuseIf(_ => throw new InvalidOperationException("--count is 'x'; must be a number."), "rule");

        IReadOnlyList<string> faults = Faults.Of(command.Parse([]));

        Assert.Equal(["--count is 'x'; must be a number."], faults);
    }
}

using System.CommandLine.Parsing;

namespace CrossModalVae.Cli.Tests;

/// <summary>docs/tutorial.md is its own test: its commands run as they stand there, in one folder, and print what the page says.</summary>
public sealed class TutorialTests
{
    private const string Indent = "    ";
    private const string Fence = "```";

    [Fact]
    [Trait("Category", "Slow")]
    public void Commands_OfThePageInTurn_PrintWhatItSays()
    {
        using var folder = new TemporaryFolder();
        Step[] steps = [.. Steps(File.ReadAllLines(Repository.File("docs", "tutorial.md")))];
        string program = typeof(CommandLine).Assembly.Location;

        foreach (Step step in steps)
        {
            string[] arguments = [.. CommandLineParser.SplitCommandLine(step.Command).Skip(1)];
            PackedFeed.Outcome outcome = PackedFeed.Run("dotnet", folder.Root, [program, .. arguments]);

            Assert.True(outcome.ExitCode == 0, $"{step.Command}: {outcome.ExitCode}: {outcome.Error}");
            Assert.All(step.Output, line => Assert.Contains(line, outcome.Output, StringComparison.Ordinal));
        }

        Assert.Equal(
            ["corpus synth", "corpus folder", "corpus check", "train", "export", "embed", "rank", "rank", "evaluate", "report", "explore"],
            steps.Select(step => string.Join(' ', step.Command.Split(' ').Skip(1).TakeWhile(word => word[0] != '-'))));
        Assert.Equal(7, steps.Sum(step => step.Output.Count == 0 ? 0 : 1)); // seven commands have what they print beside them
        Assert.True(File.Exists(folder["map.html"]) && File.Exists(folder["report.html"]) && File.Exists(folder["pictures", "roc.svg"]));
    }

    // A block in fences holds lines, or their beginnings, of what the command above it prints.
    private static IEnumerable<Step> Steps(string[] lines)
    {
        Step? step = null;
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith(Indent + "cmvae ", StringComparison.Ordinal))
            {
                if (step is not null)
                {
                    yield return step;
                }

                step = new Step(lines[i].Trim(), []);
            }
            else if (lines[i] == Fence)
            {
                int end = Array.IndexOf(lines, Fence, i + 1);
                step = step! with { Output = lines[(i + 1)..end] };
                i = end;
            }
        }

        yield return step!;
    }

    private sealed record Step(string Command, IReadOnlyList<string> Output);
}

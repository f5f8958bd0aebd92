using System.CommandLine;
using System.Diagnostics;
using CrossModalVae.Cli.Terminal;
using CrossModalVae.Cli.Verbs;
using CrossModalVae.Embeddings;

namespace CrossModalVae.Cli.Tests;

/// <summary>Ctrl-C and SIGTERM: exit codes 130 and 143, and in every verb the sentence how to go on.</summary>
public class StopSignalsTests
{
    private static readonly TimeSpan Never = Timeout.InfiniteTimeSpan;

    public static TheoryData<string> Verbs => [.. Leaves(CommandLine.CreateRoot()).Select(Verb.PathOf)];

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Verb_Stopped_EndsWith130AndSaysHowToGoOn(string verb)
    {
        RootCommand root = CommandLine.CreateRoot();
        Command leaf = Leaves(root).Single(command => Verb.PathOf(command) == verb);
        using var signals = StopSignals.Manual(Never, _ => { });
        leaf.SetAction(async (_, cancellationToken) =>
        {
            signals.Stop(StopSignals.Interrupted);
            await Task.Delay(Never, cancellationToken);
            return 0;
        });
        using var error = new StringWriter();
        string[] needed =
        [
            .. leaf.Options.Where(option => option.Required)
                .SelectMany(option => new[] { option.Name, VerbNeeds.Value(option.Name, "/none/x") }),
            .. VerbNeeds.Of(verb, "/none/x"),
            .. leaf.Arguments.Select(_ => "/none/x"),
        ];

        int exitCode = await CommandLine.RunAsync(root, [.. verb.Split(' ')[1..], .. needed], TextWriter.Null, error, signals);

        string sentence = leaf.Options.Any(option => option.Name == "--resume")
            ? "stopped before anything was written; run the same command again."
            : leaf.Options.OfType<Output>().Any(output => output.Rule == OutputRule.Continue)
                ? "stopped; nothing is lost: the same command continues."
                : "stopped before the end; run the same command again.";
        Assert.Equal((130, $"cmvae: {sentence}"), (exitCode, error.ToString().TrimEnd()));
    }

    [Fact]
    public async Task Run_StoppedWhenOutputIsThere_SaysToForce()
    {
        using var folder = new TemporaryFolder();
        using var signals = StopSignals.Manual(Never, _ => { });
        RootCommand root = CommandLine.CreateRoot();
        root.Subcommands.Single(verb => verb.Name == "cluster").SetAction((_, cancellationToken) =>
        {
            folder.Write("c.json", "{}");
            signals.Stop(StopSignals.Terminated);
            return Task.Delay(Never, cancellationToken);
        });
        using var error = new StringWriter();

        int exitCode = await CommandLine.RunAsync(
            root, ["cluster", "--embeddings", "e", "--out", folder["c.json"]], TextWriter.Null, error, signals);

        Assert.Equal(143, exitCode);
        Assert.Equal(
            $"cmvae: stopped when '{folder["c.json"]}' was written already; run the same command again with --force.",
            error.ToString().TrimEnd());
    }

    // Ctrl-C reaches ffmpeg too: what it leaves half-done is reported as the stop that it is.
    [Theory]
    [InlineData(false, 130)]
    [InlineData(true, 1)]
    public async Task Run_StoppedAndFailing_IsStoppedUnlessADefect(bool isDefect, int expected)
    {
        using var signals = StopSignals.Manual(Never, _ => { });
        var command = new Command("fail", "Fails.");
        command.SetAction((_, _) =>
        {
            signals.Stop(StopSignals.Interrupted);
            return isDefect
                ? throw new NotSupportedException()
                : Task.FromException(new AggregateException(new InvalidDataException("a.mp3: cut"), new OperationCanceledException()));
        });
        using var error = new StringWriter();

        int exitCode = await CommandLine.RunAsync(new RootCommand { command }, ["fail"], TextWriter.Null, error, signals);

        Assert.Equal(expected, exitCode);
        Assert.DoesNotContain("a.mp3", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WorkThatEndsAllTheSame_HasTheSignalsExitCode()
    {
        using var signals = StopSignals.Manual(Never, _ => { });
        var command = new Command("work", "Works.");
        command.SetAction((_, _) =>
        {
            signals.Stop(StopSignals.Interrupted);
            return Task.FromResult(0);
        });
        using var error = new StringWriter();

        int exitCode = await CommandLine.RunAsync(new RootCommand { command }, ["work"], TextWriter.Null, error, signals);

        Assert.Equal((130, "cmvae: stopped when everything was done."), (exitCode, error.ToString().TrimEnd()));
    }

    [Fact]
    public async Task Stop_TwiceOrWithoutAnAnswerInTime_ExitsAtOnce()
    {
        var exits = new List<int>();
        var left = new TaskCompletionSource();
        using var twice = StopSignals.Manual(Never, exits.Add);
        using var deaf = StopSignals.Manual(TimeSpan.FromMilliseconds(50), code =>
        {
            exits.Add(code);
            left.TrySetResult();
        });

        twice.Stop(StopSignals.Interrupted);
        Assert.Empty(exits);
        twice.Stop(StopSignals.Terminated);
        deaf.Stop(StopSignals.Terminated);
        await left.Task.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal([130, 143], exits);
    }

    // Work of minutes, stopped as soon as it is seen to run: each verb gives up by itself, within the grace period.
    [Theory]
    [InlineData("project --embeddings {0} --out {1} --iterations 1000000", Interrupt, 130)]
    [InlineData("evaluate --embeddings {0} --out {1} --draws 1000000", Interrupt, 130)]
    [InlineData("calibrate --embeddings {0} --out {1} --split test --allow-test --trials-per-identity 1000000", Terminate, 143)]
    [InlineData("demo --out {1} --identities 5000", Terminate, 143)]
    public async Task Program_SignalledInLongWork_StopsByItself(string line, int signal, int expected)
    {
        using var folder = new TemporaryFolder();
        EmbeddingFile.Write(folder["e"], DrawnRows.Of(300, 40, dimension: 16));
        var lines = new List<string>();
        using Process process = Cmvae.Start(
            text =>
            {
                lock (lines)
                {
                    lines.Add(text);
                }
            },
            string.Format(null, line, folder["e"], folder["out"]).Split(' '));
        await Task.Delay(TimeSpan.FromSeconds(3));
        Assert.False(process.HasExited, string.Join('\n', lines));

        Cmvae.Signal(process, signal);
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));

        string said = string.Join('\n', lines);
        Assert.True(process.ExitCode == expected, $"{process.ExitCode}: {said}");
        Assert.DoesNotContain("stopped at once", said, StringComparison.Ordinal);
        string isDemo = line.StartsWith("demo", StringComparison.Ordinal) ? "the same command continues." : "run the same command again";
        Assert.Contains(isDemo, said, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["out"]));
    }

    private const int Interrupt = 2;
    private const int Terminate = 15;

    private static IEnumerable<Command> Leaves(Command command) =>
        command.Subcommands.Count == 0 ? [command] : command.Subcommands.SelectMany(Leaves);
}

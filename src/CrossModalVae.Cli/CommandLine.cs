using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using CrossModalVae.Cli.Terminal;
using CrossModalVae.Cli.Verbs;
using CrossModalVae.Training;

namespace CrossModalVae.Cli;

/// <summary>The command line: verbs, exit codes, and the message of what went wrong.</summary>
internal static class CommandLine
{
    internal const string ProgramName = "cmvae";
    internal const int Done = 0;
    internal const int Failed = 1;
    internal const int CallersMistake = 2;

    internal static Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, StopSignals? signals = null) =>
        RunAsync(CreateRoot(), args, output, error, signals);

    internal static async Task<int> RunAsync(
        RootCommand root, string[] args, TextWriter output, TextWriter error, StopSignals? signals = null)
    {
        using var results = StatusWriter.ForOutput(output);
        using var status = StatusWriter.ForError(error);
        ParseResult parsed = Parse(root, args);
        bool asksForHelp = parsed.Action is { ClearsParseErrors: true } and not ParseErrorAction; // or for the version
        if (!asksForHelp && IsBare(parsed))
        {
            HelpText.Write(parsed.CommandResult.Command, results, StatusWriter.WidthOf(results) ?? HelpText.PlainWidth);
            return CallersMistake;
        }

        IReadOnlyList<string> faults = asksForHelp ? [] : Faults.Of(parsed);
        if (faults.Count > 0)
        {
            foreach (string fault in faults)
            {
                status.WriteLine($"cmvae: {fault}");
            }

            status.WriteLine($"cmvae: see '{Verb.PathOf(parsed.CommandResult.Command)} --help'.");
            return CallersMistake;
        }

        var configuration = new InvocationConfiguration
        {
            Output = results,
            Error = status,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null, // signals are StopSignals' matter
        };
        DateTime start = DateTime.UtcNow;
        StatusWriter.Say(status, $"{Verb.PathOf(parsed.CommandResult.Command)} is working");
        try
        {
            int exitCode = await parsed.InvokeAsync(configuration, signals?.Token ?? CancellationToken.None);
            if (signals?.ExitCode is not int stopped)
            {
                return exitCode;
            }

            status.WriteLine("cmvae: stopped when everything was done.");
            return stopped;
        }
        catch (Exception e)
        {
            return Report(e, parsed, status, signals?.ExitCode);
        }
    }

    /// <summary>Parses a command line, as the program does. "help VERB" is "VERB --help".</summary>
    internal static ParseResult Parse(RootCommand root, string[] args) => root.Parse(
        args is ["help", ..] ? [.. args[1..], "--help"] : args,
        new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false }); // an identity may begin with @

    internal static RootCommand CreateRoot() =>
        WithHelp(new(
            "Joint representations of faces and voices: make or check a corpus, train a model on it, embed clips with it, and evaluate, "
            + "rank, cluster and draw what comes out. 'cmvae demo' does all of it on made-up people.")
        {
            DemoVerb.Create(),
            NewVerb.Create(),
            CorpusVerb.Create(),
            PrepareVerb.Create(),
            TrainVerb.Create(),
            SweepVerb.Create(),
            ExportVerb.Create(),
            EncoderVerb.Create(),
            EnsembleVerb.Create(),
            EmbedVerb.Create(),
            GalleryVerb.Create(),
            ClusterVerb.Create(),
            CalibrateVerb.Create(),
            RankVerb.Create(),
            EvaluateVerb.Create(),
            CriteriaVerb.Create(),
            GenerateVerb.Create(),
            ProjectVerb.Create(),
            ExploreVerb.Create(),
            ReportVerb.Create(),
            DoctorVerb.Create(),
            CompletionVerb.Create(),
        });

    private static RootCommand WithHelp(RootCommand root)
    {
        HelpText.Set(root);
        return root;
    }

    private static bool IsBare(ParseResult parsed) => parsed.CommandResult.Command is { Action: null, Subcommands.Count: > 0 }
        && parsed.UnmatchedTokens.Count == 0
        && parsed.CommandResult.Children.OfType<OptionResult>().All(option => option.Implicit);

    // A user's error is printed as its message alone; anything else is a defect of ours and keeps its stack trace (see UserError).
    private static int Report(Exception e, ParseResult parsed, TextWriter error, int? stopped)
    {
        StatusWriter.Say(error, null);
        Exception[] causes = e is AggregateException several ? [.. several.Flatten().InnerExceptions] : [e];

        // Ctrl-C reaches ffmpeg too, and what it then leaves half-done is no fault of the file.
        if (causes.All(IsCancellation) || (stopped is not null && causes.All(cause => IsCancellation(cause) || IsUserError(cause))))
        {
            error.WriteLine($"cmvae: {Stopped(parsed)}");
            return stopped ?? StopSignals.Interrupted;
        }

        if (causes[0] is CollapsedPosteriorException)
        {
            error.WriteLine($"cmvae: {causes[0].Message}");
            return Failed; // a result, not a mistake: the run is written whole
        }

        if (causes.All(IsUserError))
        {
            error.WriteLine($"cmvae: {Sentence(causes[0])}{Advice(causes[0], parsed)}");
            return CallersMistake;
        }

        error.WriteLine($"cmvae: internal error; please report it with these lines.\n{e}");
        return Failed;
    }

    private static bool IsCancellation(Exception e) => e is OperationCanceledException;

    private static bool IsUserError(Exception e) => e switch
    {
        UserErrorException or InvalidDataException or UnauthorizedAccessException => true,
        FileLoadException => false, // a part of this program
        FileNotFoundException { FileName: string name } => !name.Contains(", Version=", StringComparison.Ordinal), // an assembly's name
        IOException => true, // no such file, disk full, read-only output
        _ => UserError.IsMarked(e),
    };

    private static string Stopped(ParseResult parsed)
    {
        if (parsed.CommandResult.Command.Options.Any(option => option.Name == "--resume"))
        {
            string output = parsed.GetValue<string>("--out")!;
            return Path.Exists(output) || Path.Exists(output + AtomicFile.PartialSuffix)
                ? "stopped; nothing is lost: the same command with --resume continues."
                : "stopped before anything was written; run the same command again.";
        }

        if (OutputGuard.Named(parsed).Any(output => output.Option.Rule == OutputRule.Continue))
        {
            return "stopped; nothing is lost: the same command continues.";
        }

        return OutputGuard.Existing(parsed).FirstOrDefault() is string written && !OutputGuard.Given(parsed, OutputGuard.ForceName)
            ? $"stopped when '{written}' was written already; run the same command again with {OutputGuard.ForceName}."
            : "stopped before the end; run the same command again.";
    }

    // One broken clip need not stop a corpus.
    private static string Advice(Exception e, ParseResult parsed) =>
        BrokenClips.IsMarked(e) && parsed.CommandResult.Command.Options.Any(option => option.Name == Options.SkipBrokenName)
            && !OutputGuard.Given(parsed, Options.SkipBrokenName)
                ? $" {Options.SkipBrokenName} leaves such clips out and lists them."
                : "";

    private static string Sentence(Exception e) => e is ArgumentException { ParamName: string name }
        ? e.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal)
        : e.Message;
}

/// <summary>A user's error found by the command line itself: its message is printed alone, exit code 2.</summary>
internal sealed class UserErrorException(string message) : Exception(message);

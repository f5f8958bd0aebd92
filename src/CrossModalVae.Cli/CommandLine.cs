using System.CommandLine.Parsing;
using CrossModalVae.Cli.Verbs;

namespace CrossModalVae.Cli;

/// <summary>The command line: verbs, exit codes, and the message of what went wrong.</summary>
internal static class CommandLine
{
    internal const int Done = 0;
    internal const int Failed = 1;
    internal const int CallersMistake = 2;

    internal static Task<int> RunAsync(string[] args, TextWriter output, TextWriter error) => RunAsync(CreateRoot(), args, output, error);

    internal static async Task<int> RunAsync(RootCommand root, string[] args, TextWriter output, TextWriter error)
    {
        ParseResult parsed = root.Parse(args);
        string[] faults = [.. parsed.Errors.Select(fault => fault.Message), .. EmptyValues(parsed)];
        if (faults.Length > 0)
        {
            foreach (string fault in faults)
            {
                error.WriteLine($"cmvae: {fault}");
            }

            string help = $"cmvae: see 'cmvae {parsed.CommandResult.Command.Name} --help'.";
            error.WriteLine(help.Replace("cmvae cmvae", "cmvae", StringComparison.Ordinal));
            return CallersMistake;
        }

        var configuration = new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = Timeout.InfiniteTimeSpan, // after Ctrl-C a verb needs time to leave a clean state
        };
        try
        {
            return await parsed.InvokeAsync(configuration);
        }
        catch (Exception e)
        {
            return Report(e, parsed, error);
        }
    }

    internal static RootCommand CreateRoot() =>
        new("Joint representations of faces and voices: train, export, embed, cluster, calibrate, rank, evaluate, project.")
        {
            DemoVerb.Create(),
            CorpusVerb.Create(),
            PrepareVerb.Create(),
            TrainVerb.Create(),
            ExportVerb.Create(),
            EmbedVerb.Create(),
            GalleryVerb.Create(),
            ClusterVerb.Create(),
            CalibrateVerb.Create(),
            RankVerb.Create(),
            EvaluateVerb.Create(),
            ProjectVerb.Create(),
            DoctorVerb.Create(),
        };

    // A user's error is printed as its message alone; anything else is a defect of ours and keeps its stack trace (see UserError).
    private static int Report(Exception e, ParseResult parsed, TextWriter error)
    {
        Exception[] causes = e is AggregateException several ? [.. several.Flatten().InnerExceptions] : [e];
        if (causes.All(cause => cause is OperationCanceledException))
        {
            error.WriteLine($"cmvae: {Stopped(parsed)}");
            return Failed;
        }

        if (causes.All(IsUserError))
        {
            error.WriteLine($"cmvae: {Sentence(causes[0])}");
            return CallersMistake;
        }

        error.WriteLine($"cmvae: internal error; please report it with these lines.\n{e}");
        return Failed;
    }

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

        return parsed.CommandResult.Command.Name is "prepare" or "demo"
            ? "stopped; nothing is lost: the same command continues."
            : "stopped before the end; run the same command again.";
    }

    private static string Sentence(Exception e) => e is ArgumentException { ParamName: string name }
        ? e.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal)
        : e.Message;

    // An empty value comes from an unset shell variable; no option accepts one.
    private static IEnumerable<string> EmptyValues(ParseResult parsed) => parsed.CommandResult.Children
        .OfType<OptionResult>()
        .Where(result => result.Tokens.Any(token => token.Value.Length == 0))
        .Select(result => $"{result.Option.Name} is empty; must have a value.");
}

/// <summary>A user's error found by the command line itself: its message is printed alone, exit code 2.</summary>
internal sealed class UserErrorException(string message) : Exception(message);

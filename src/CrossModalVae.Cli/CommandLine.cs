using System.CommandLine.Parsing;
using CrossModalVae.Cli.Verbs;

namespace CrossModalVae.Cli;

/// <summary>The whole command line: verbs, exit codes, and one clear sentence for whatever goes wrong.</summary>
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
            ProcessTerminationTimeout = Timeout.InfiniteTimeSpan, // Ctrl-C asks the verb to stop; it needs the time to leave a clean state.
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

    internal static RootCommand CreateRoot()
    {
        var root = new RootCommand(
            "Joint representations of faces and voices: train, export, embed, cluster, calibrate, rank, evaluate, project.");
        root.Subcommands.Add(DemoVerb.Create());
        root.Subcommands.Add(CorpusVerb.Create());
        root.Subcommands.Add(PrepareVerb.Create());
        root.Subcommands.Add(TrainVerb.Create());
        root.Subcommands.Add(ExportVerb.Create());
        root.Subcommands.Add(EmbedVerb.Create());
        root.Subcommands.Add(GalleryVerb.Create());
        root.Subcommands.Add(ClusterVerb.Create());
        root.Subcommands.Add(CalibrateVerb.Create());
        root.Subcommands.Add(RankVerb.Create());
        root.Subcommands.Add(EvaluateVerb.Create());
        root.Subcommands.Add(ProjectVerb.Create());
        root.Subcommands.Add(DoctorVerb.Create());
        return root;
    }

    // What a user can mend is a sentence; anything else is a defect of ours and keeps its stack trace. The rule is UserError's.
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

        error.WriteLine($"cmvae: failed in a way that it should not; please report it with these lines.\n{e}");
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
                ? "stopped; nothing is lost: the same command with --resume goes on where it was."
                : "stopped before anything was written; run the same command again.";
        }

        return parsed.CommandResult.Command.Name is "prepare" or "demo"
            ? "stopped; nothing is lost: the same command goes on where it was."
            : "stopped before it was done; run the same command again.";
    }

    private static string Sentence(Exception e) => e is ArgumentException { ParamName: string name }
        ? e.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal)
        : e.Message;

    // An empty value comes of a shell variable that is not set: no option takes one.
    private static IEnumerable<string> EmptyValues(ParseResult parsed) => parsed.CommandResult.Children
        .OfType<OptionResult>()
        .Where(result => result.Tokens.Any(token => token.Value.Length == 0))
        .Select(result => $"{result.Option.Name} is empty; must have a value.");
}

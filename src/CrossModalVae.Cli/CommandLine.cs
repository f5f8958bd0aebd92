using System.CommandLine;
using CrossModalVae.Cli.Verbs;

namespace CrossModalVae.Cli;

/// <summary>The whole command line: verbs, exit codes, and one clear sentence for whatever goes wrong.</summary>
internal static class CommandLine
{
    internal const int Done = 0;
    internal const int Failed = 1;
    internal const int CallersMistake = 2;

    internal static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        ParseResult parsed = CreateRoot().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (System.CommandLine.Parsing.ParseError fault in parsed.Errors)
            {
                error.WriteLine($"cmvae: {fault.Message}");
            }

            error.WriteLine($"cmvae: see 'cmvae {parsed.CommandResult.Command.Name} --help'.".Replace("cmvae cmvae", "cmvae", StringComparison.Ordinal));
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
        catch (Exception e) when (Explain(e, parsed) is (string sentence, int exitCode))
        {
            error.WriteLine($"cmvae: {sentence}");
            return exitCode;
        }
    }

    internal static RootCommand CreateRoot()
    {
        var root = new RootCommand("Joint representations of faces and voices: train, export, embed, cluster, calibrate, rank, evaluate, project.");
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

    // What a caller can mend is a sentence; anything else is a defect of ours and keeps its stack trace.
    private static (string Sentence, int ExitCode)? Explain(Exception e, ParseResult parsed) => e switch
    {
        AggregateException { InnerExceptions.Count: 1 } one => Explain(one.InnerException!, parsed),
        OperationCanceledException when parsed.CommandResult.Command.Options.Any(option => option.Name == "--resume") =>
            ("stopped; nothing is lost: the same command with --resume goes on where it was.", Failed),
        OperationCanceledException when parsed.CommandResult.Command.Name is "prepare" or "demo" =>
            ("stopped; nothing is lost: the same command goes on where it was.", Failed),
        OperationCanceledException => ("stopped before it was done; run the same command again.", Failed),
        ArgumentException argument => (WithoutParameterName(argument), CallersMistake),
        InvalidDataException or FileNotFoundException or DirectoryNotFoundException => (e.Message, CallersMistake),
        IOException or UnauthorizedAccessException => (e.Message, CallersMistake), // disk full, read-only output
        InvalidOperationException => (e.Message, CallersMistake),
        _ => null,
    };

    private static string WithoutParameterName(ArgumentException e) =>
        e.ParamName is null ? e.Message : e.Message.Replace($" (Parameter '{e.ParamName}')", "", StringComparison.Ordinal);
}

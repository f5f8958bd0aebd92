namespace CrossModalVae.Cli.Verbs;

/// <summary>What every verb does with its outputs: refuses what exists before any work, and lists at the end what it wrote.</summary>
internal static class OutputGuard
{
    internal const string ForceName = "--force";

    private const int NamedFiles = 12;

    /// <summary>The option that lets a verb replace what is there.</summary>
    internal static Option<bool> Force() => new(ForceName)
    {
        Description = "Replace what an earlier run wrote to the same place. Default: refuse it.",
    };

    /// <summary>The outputs of a command, named by options or by its argument.</summary>
    internal static IEnumerable<Output> Of(Command command) => command is Verb { OutputArgument: Output argument }
        ? command.Options.OfType<Output>().Append(argument)
        : command.Options.OfType<Output>();

    /// <summary>The outputs that a command line names.</summary>
    internal static IEnumerable<(Output Option, string Path)> Named(ParseResult parsed) => Of(parsed.CommandResult.Command)
        .Select(option => (option, Path: option.PathIn(parsed)))
        .Where(output => output.Path is not null)!;

    /// <summary>Refuses what cannot or must not be written.</summary>
    /// <exception cref="UserErrorException">A path is used, or is no place for the output.</exception>
    internal static void RequireFree(ParseResult parsed)
    {
        bool resumes = Given(parsed, "--resume"), force = Given(parsed, ForceName);
        foreach ((Output option, string path) in Named(parsed))
        {
            RequirePlace(option, path);
            if (!(resumes && option.Name == "--out"))
            {
                RequireFree(option, path, force, Ways(option, parsed.CommandResult.Command));
            }
        }

        // What is read is never replaced, with --force neither.
        var places = parsed.CommandResult.Command.Options.OfType<Option<string>>()
            .Where(option => option is not Output && File.Exists(parsed.GetValue(option)))
            .GroupBy(option => Path.GetFullPath(parsed.GetValue(option)!), StringComparer.Ordinal)
            .ToDictionary(option => option.Key, option => option.First().Name, StringComparer.Ordinal);
        foreach ((Output option, string path) in Named(parsed).Where(output => output.Option.Files.Count == 0))
        {
            if (!places.TryAdd(Path.GetFullPath(path), option.Name))
            {
                throw new UserErrorException($"{option.Name} is '{path}', the file of {places[Path.GetFullPath(path)]}; must be another.");
            }
        }
    }

    /// <summary>Whether a switch stands on the command line.</summary>
    internal static bool Given(ParseResult parsed, string name) =>
        parsed.CommandResult.Command.Options.OfType<Option<bool>>().FirstOrDefault(option => option.Name == name) is { } option
        && parsed.GetValue(option);

    /// <summary>Which outputs exist, whoever wrote them.</summary>
    internal static IEnumerable<string> Existing(ParseResult parsed) => Named(parsed)
        .Where(output => output.Option.Files.Count == 0 ? Path.Exists(output.Path) : output.Option.Find(output.Path).Any())
        .Select(output => output.Path);

    /// <summary>A line for every output: the files in it that were written since a time.</summary>
    internal static IEnumerable<string> Written(ParseResult parsed, DateTime since)
    {
        foreach ((Output option, string path) in Named(parsed))
        {
            if (option.Files.Count == 0)
            {
                if (File.Exists(path) && File.GetLastWriteTimeUtc(path) >= since)
                {
                    yield return path;
                }

                continue;
            }

            string[] names =
            [
                .. option.Find(path).Where(entry => entry.LastWriteTimeUtc >= since && entry.Name != option.Record)
                    .Select(entry => entry is DirectoryInfo ? entry.Name + "/" : entry.Name),
            ];
            if (names.Length > 0)
            {
                string more = names.Length > NamedFiles ? $" and {names.Length - NamedFiles} more" : "";
                yield return $"{path}: {string.Join(", ", names.Take(NamedFiles))}{more}";
            }
        }
    }

    private static void RequirePlace(Output option, string path)
    {
        bool isFile = option.Files.Count == 0;
        string full = Path.GetFullPath(path);
        if (isFile && (Directory.Exists(path) || Path.EndsInDirectorySeparator(path)))
        {
            throw new UserErrorException($"{path}: is a folder; {option.Name} must name a file.");
        }

        if (!isFile && File.Exists(path))
        {
            throw new UserErrorException($"{path}: is a file; {option.Name} must name a folder.");
        }

        if (full.StartsWith("/dev/", StringComparison.Ordinal))
        {
            throw new UserErrorException($"{path}: is a device; {option.Name} must name a {(isFile ? "file" : "folder")}.");
        }

        // A folder on the way that is a file, or that cannot be written to, would be found after the work otherwise.
        string? folder = isFile ? Path.GetDirectoryName(full) : full;
        while (folder is not null && !Directory.Exists(folder))
        {
            if (File.Exists(folder))
            {
                throw new UserErrorException($"{path}: cannot be written: '{folder}' is a file.");
            }

            folder = Path.GetDirectoryName(folder);
        }

        try
        {
            string probe = Path.Combine(folder ?? ".", $".cmvae.{AtomicFile.RandomDigits()}{AtomicFile.PartialSuffix}");
            using FileStream _ = new(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{path}: cannot be written: {e.Message}");
        }
    }

    // What a user can do about an output that exists.
    private static string Ways(Output option, Command command)
    {
        string[] names = [.. command.Options.Select(known => known.Name)];
        string resume = option.Name == "--out" && names.Contains("--resume") ? "continue it with --resume, " : "";
        return $"{resume}choose another {option.Name}{(names.Contains(ForceName) ? $", or replace it with {ForceName}" : "")}";
    }

    private static void RequireFree(Output option, string path, bool force, string way)
    {
        if (option.Files.Count == 0)
        {
            if (File.Exists(path) && option.Rule == OutputRule.Refuse && !force)
            {
                throw new UserErrorException($"{path}: exists already; {way}.");
            }

            return;
        }

        string[] own = [.. option.Find(path).Select(entry => entry.Name)];
        bool isStrange = option.Marker is string marker && !File.Exists(Path.Combine(path, marker));
        if (own.Length > 0 && !isStrange)
        {
            if (option.Rule == OutputRule.Refuse && !force)
            {
                throw new UserErrorException($"{path}: holds '{own[0]}' already; {way}.");
            }
        }
        else if ((option.IsOwnFolder || isStrange) && Directory.Exists(path)
            && Directory.EnumerateFileSystemEntries(path).Select(Path.GetFileName).FirstOrDefault() is string foreign)
        {
            throw new UserErrorException($"{path}: holds other files ('{foreign}'); {option.Name} must name a new or an empty folder.");
        }
    }
}

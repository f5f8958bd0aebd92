namespace CrossModalVae.Cli.Verbs;

/// <summary>How a verb treats what is there already under the name of its output.</summary>
internal enum OutputRule
{
    /// <summary>It is refused; --force replaces it.</summary>
    Refuse,

    /// <summary>The verb continues it where it is the same work, and itself refuses what is not.</summary>
    Continue,
}

/// <summary>
/// An option that names what a verb writes: one file, or some files in a folder. Every verb refuses one that exists before it does any
/// work (<see cref="OutputGuard"/>), and at its end lists what it wrote.
/// </summary>
internal sealed class Output : Option<string?>
{
    /// <summary>An output.</summary>
    /// <param name="name">The option's name, with its dashes.</param>
    /// <param name="what">The help text.</param>
    /// <param name="helpName">The value's name in the help text.</param>
    /// <param name="files">The names of what is written into the folder, * for any characters; none where the output is one file.</param>
    internal Output(string name, string what, string helpName, params string[] files)
        : base(name)
    {
        (Description, HelpName, Files) = (what, helpName, files);
    }

    /// <summary>What is written into the folder; empty where the output is one file.</summary>
    internal IReadOnlyList<string> Files { get; }

    /// <summary>Whether the folder must hold nothing else; else other files in it stay as they are.</summary>
    internal bool IsOwnFolder { get; init; }

    /// <summary>The file by which the verb knows a folder that it made; null where any is continued.</summary>
    internal string? Marker { get; init; }

    /// <summary>A file of <see cref="Files"/> by which the verb resumes, of no use to others: not listed as written; null for none.
    /// </summary>
    internal string? Record { get; init; }

    /// <summary>What happens where it exists.</summary>
    internal OutputRule Rule { get; init; }

    /// <summary>The argument that names it on the command line, where it is no option; its name is then the argument's.</summary>
    internal Argument<string>? Argument { get; init; }

    /// <summary>What a command line names; null for nothing.</summary>
    internal string? PathIn(ParseResult parsed) => Argument is null ? parsed.GetValue(this) : parsed.GetValue(Argument);

    /// <summary>Those of <see cref="Files"/> that are in a folder, by name.</summary>
    internal IEnumerable<FileSystemInfo> Find(string folder) => !Directory.Exists(folder)
        ? []
        : Files.SelectMany(new DirectoryInfo(folder).EnumerateFileSystemInfos)
            .DistinctBy(entry => entry.Name).OrderBy(entry => entry.Name, StringComparer.Ordinal);

    /// <summary>Removes what an earlier run of the verb wrote, and nothing else.</summary>
    internal void Clear(string path)
    {
        if (Files.Count == 0)
        {
            File.Delete(path);
            return;
        }

        foreach (FileSystemInfo entry in Find(path).ToArray())
        {
            if (entry is DirectoryInfo folder)
            {
                folder.Delete(recursive: true);
            }
            else
            {
                entry.Delete();
            }
        }
    }
}

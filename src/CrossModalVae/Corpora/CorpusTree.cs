using System.IO.Enumeration;

namespace CrossModalVae.Corpora;

/// <summary>
/// Lists the folders of a corpus in ordinal order. Everything that cannot be used is left out and counted: hidden names, links that lead
/// nowhere, folders that may not be read, names that a manifest cannot hold.
/// </summary>
internal static class CorpusTree
{
    public const string Unusable = "names that a manifest cannot hold (a backslash, a control character, blanks at an end), left out";

    private const string Hidden = "hidden files and folders, left out";
    private const string Nowhere = "links that lead nowhere, left out";
    private const string Unreadable = "folders that may not be read, left out";
    private const string NotUnicode = "names that are not UTF-8, left out";
    private const char Replacement = '\uFFFD'; // what .NET makes of bytes that are not UTF-8

    private static readonly EnumerationOptions Everything = new()
    {
        AttributesToSkip = 0,
        IgnoreInaccessible = false,
        MatchType = MatchType.Simple,
    };

    /// <summary>The names in one folder.</summary>
    /// <param name="Folders">Folders, and links to folders.</param>
    /// <param name="Files">Files, and links to files.</param>
    internal sealed record Listing(IReadOnlyList<string> Folders, IReadOnlyList<string> Files);

    private readonly record struct Entry(string Name, bool IsFolder, bool IsLink);

    /// <summary>
    /// Lists <paramref name="folder"/>, relative to <paramref name="root"/> with forward slashes, "" for the root itself, which must be
    /// readable.
    /// </summary>
    /// <exception cref="IOException">The root may not be read, or a disk fails.</exception>
    public static Listing List(string root, string folder, CorpusTally tally)
    {
        string path = Path.Combine(root, folder);
        string prefix = folder.Length == 0 || folder.EndsWith('/') ? folder : folder + "/";
        Entry[] entries;
        try
        {
            entries =
            [
                .. new FileSystemEnumerable<Entry>(
                    path,
                    static (ref FileSystemEntry entry) => new Entry(
                        entry.FileName.ToString(), entry.IsDirectory, entry.Attributes.HasFlag(FileAttributes.ReparsePoint)),
                    Everything).OrderBy(entry => entry.Name, StringComparer.Ordinal),
            ];
        }
        catch (UnauthorizedAccessException e)
        {
            if (folder.Length == 0)
            {
                throw new IOException($"{path}: cannot be read: {e.Message}", e);
            }

            tally.Add(Unreadable, folder.TrimEnd('/'));
            return new Listing([], []);
        }

        var usable = new List<Entry>(entries.Length);
        foreach (Entry entry in entries)
        {
            if (Reason(path, entry) is string reason)
            {
                tally.Add(reason, prefix + entry.Name);
            }
            else
            {
                usable.Add(entry);
            }
        }

        return new Listing(
            [.. usable.Where(entry => entry.IsFolder).Select(entry => entry.Name)],
            [.. usable.Where(entry => !entry.IsFolder).Select(entry => entry.Name)]);
    }

    /// <summary>Whether a manifest can hold a name as an identity or a clip.</summary>
    public static bool CanName(string name) => name.Length > 0 && name.Trim() == name && !name.Any(char.IsControl);

    // File.Exists is true of the link itself.
    private static bool LeadsNowhere(string link)
    {
        try
        {
            return new FileInfo(link).ResolveLinkTarget(returnFinalTarget: true) is not { Exists: true };
        }
        catch (IOException)
        {
            return true; // a link to itself, or to another one that leads back
        }
    }

    private static string? Reason(string path, Entry entry) =>
        entry.Name[0] == '.' ? Hidden
        : entry.IsLink && !entry.IsFolder && LeadsNowhere(Path.Combine(path, entry.Name)) ? Nowhere
        : entry.Name.Contains(Replacement, StringComparison.Ordinal) && !Path.Exists(Path.Combine(path, entry.Name)) ? NotUnicode
        : entry.Name.Contains('\\', StringComparison.Ordinal) || entry.Name.Any(char.IsControl) ? Unusable
        : null;
}

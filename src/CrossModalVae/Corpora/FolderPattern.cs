using System.Text;
using System.Text.RegularExpressions;

namespace CrossModalVae.Corpora;

/// <summary>
/// How the files of a corpus are named, taken apart folder by folder; the words are told at <see cref="FolderCorpusOptions"/>.
/// </summary>
internal sealed class FolderPattern
{
    public const string Identity = "identity";
    public const string Clip = "clip";
    public const string Video = "video";
    public const string Split = "split";
    public const string Gender = "gender";

    private static readonly string[] Known = [Identity, Clip, Video, Split, Gender];

    private readonly (Regex Name, string[] Groups)[] _parts;

    private FolderPattern((Regex Name, string[] Groups)[] parts)
    {
        _parts = parts;
    }

    /// <summary>How many folders deep the files lie, themselves included.</summary>
    public int Depth => _parts.Length;

    /// <summary>The placeholders in use.</summary>
    public IEnumerable<string> Names => _parts.SelectMany(part => part.Groups);

    /// <summary>Reads a pattern.</summary>
    /// <exception cref="ArgumentException">It is no pattern; the message says why.</exception>
    public static FolderPattern Parse(string pattern)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        string[] parts = pattern.Split('/');
        if (parts.Any(part => part is "" or "." or "..") || pattern.Contains('\\', StringComparison.Ordinal))
        {
            throw UserError.Mark(new ArgumentException(
                $"Pattern '{pattern}' is no path within the corpus; must be like {{identity}}/{{clip}}/*.wav, with forward slashes."));
        }

        var result = new FolderPattern([.. parts.Select(part => ParsePart(part, pattern))]);
        foreach (string name in new[] { Identity, Clip })
        {
            if (!result.Names.Contains(name))
            {
                throw UserError.Mark(new ArgumentException($"Pattern '{pattern}' has no {{{name}}}; must have {{identity}} and {{clip}}."));
            }
        }

        return result;
    }

    /// <summary>Whether a name fits one part of the pattern, given what stood for the placeholders before.</summary>
    /// <param name="part">Zero-based.</param>
    /// <param name="name">A folder's or file's name.</param>
    /// <param name="before">What the placeholders stand for so far.</param>
    /// <returns>What they stand for with this part, or null.</returns>
    public IReadOnlyDictionary<string, string>? Match(int part, string name, IReadOnlyDictionary<string, string> before)
    {
        (Regex regex, string[] groups) = _parts[part];
        Match match = regex.Match(name);
        if (!match.Success)
        {
            return null;
        }

        if (groups.Length == 0)
        {
            return before;
        }

        var values = new Dictionary<string, string>(before, StringComparer.Ordinal);
        for (int i = 0; i < groups.Length; i++)
        {
            string value = match.Groups[i + 1].Value;
            if (!values.TryAdd(groups[i], value) && values[groups[i]] != value)
            {
                return null;
            }
        }

        return values;
    }

    private static (Regex Name, string[] Groups) ParsePart(string part, string pattern)
    {
        var regex = new StringBuilder("^");
        var groups = new List<string>();
        for (int at = 0; at < part.Length;)
        {
            if (part[at] == '*')
            {
                regex.Append(".*");
                at++;
            }
            else if (part[at] == '{')
            {
                int end = part.IndexOf('}', at);
                string name = end < 0 ? part[(at + 1)..] : part[(at + 1)..end];
                if (end < 0 || (name != "*" && !Known.Contains(name)))
                {
                    throw UserError.Mark(new ArgumentException(
                        $"Pattern '{pattern}' has '{{{name}{(end < 0 ? "" : "}")}'; must be one of "
                        + $"{string.Join(", ", Known.Select(known => $"{{{known}}}"))} and *."));
                }

                regex.Append(name == "*" ? ".*" : "(.+)");
                if (name != "*")
                {
                    groups.Add(name);
                }

                at = end + 1;
            }
            else
            {
                int end = part.IndexOfAny(['*', '{'], at);
                end = end < 0 ? part.Length : end;
                regex.Append(Regex.Escape(part[at..end]));
                at = end;
            }
        }

        // Linear in the name's length, whatever the pattern: a name never makes a search explode.
        return (
            new Regex(
                regex.Append("\\z").ToString(),
                RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.Singleline),
            [.. groups]);
    }
}

using System.Text;
using System.Text.RegularExpressions;

namespace CrossModalVae.Corpora;

/// <summary>
/// A parsed file name pattern of a corpus, one part a folder level; <see cref="FolderCorpusOptions"/> describes the syntax.
/// </summary>
internal sealed partial class FolderPattern
{
    public const string Identity = "identity";
    public const string Clip = "clip";
    public const string Video = "video";
    public const string Split = "split";
    public const string Gender = "gender";

    private static readonly string[] Known = [Identity, Clip, Video, Split, Gender];

    private readonly (Regex Name, string[] Groups)[] _parts;

    private FolderPattern((Regex Name, string[] Groups)[] parts, bool leavesEndingOpen) =>
        (_parts, LeavesEndingOpen) = (parts, leavesEndingOpen);

    /// <summary>Whether file names may have any ending: the pattern ends in <c>*</c>.</summary>
    public bool LeavesEndingOpen { get; }

    /// <summary>Number of parts, the file name included.</summary>
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

        bool leavesEndingOpen = pattern.EndsWith('*') || pattern.EndsWith("{*}", StringComparison.Ordinal);
        var result = new FolderPattern([.. parts.Select(part => ParsePart(part, pattern))], leavesEndingOpen);
        foreach (string name in new[] { Identity, Clip })
        {
            if (!result.Names.Contains(name))
            {
                throw UserError.Mark(new ArgumentException($"Pattern '{pattern}' has no {{{name}}}; must have {{identity}} and {{clip}}."));
            }
        }

        return result;
    }

    /// <summary>
    /// Matches a folder's or file's name with a part (zero-based), given the placeholders' values so far; returns the values with this
    /// part, or null where the name does not match.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Match(int part, string name, IReadOnlyDictionary<string, string> before)
    {
        (Regex regex, string[] groups) = _parts[part];
        Match match = regex.Match(name);
        if (!match.Success || groups.Length == 0)
        {
            return match.Success ? before : null;
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
        foreach (Match token in Token().Matches(part))
        {
            string name = token.Groups["name"].Value;
            if (token.Value == "*")
            {
                regex.Append(".*");
            }
            else if (token.Value[0] != '{')
            {
                regex.Append(Regex.Escape(token.Value));
            }
            else if (!token.Value.EndsWith('}') || (name != "*" && !Known.Contains(name)))
            {
                throw UserError.Mark(new ArgumentException(
                    $"Pattern '{pattern}' has '{token.Value}'; must be one of "
                    + $"{string.Join(", ", Known.Select(known => $"{{{known}}}"))} and *."));
            }
            else
            {
                regex.Append(name == "*" ? ".*" : "(.+)");
                groups.AddRange(name == "*" ? [] : [name]);
            }
        }

        // Non-backtracking: linear in the name's length for any pattern.
        return (
            new Regex(
                regex.Append("\\z").ToString(),
                RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.Singleline),
            [.. groups]);
    }

    [GeneratedRegex(@"\*|\{(?<name>[^}]*)\}?|[^*{]+")]
    private static partial Regex Token();
}

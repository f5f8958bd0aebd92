namespace CrossModalVae.Corpora;

/// <summary>Looks for the files of a corpus by its patterns, entering only folders that a pattern can go on in.</summary>
internal sealed class FolderWalk(FolderCorpusOptions options, CorpusTally tally)
{
    private const string Unusable = "names that a manifest cannot hold (a backslash, a control character, blanks at an end), left out";

    private static readonly Dictionary<string, string> Genders = new(StringComparer.OrdinalIgnoreCase)
    {
        ["m"] = "m",
        ["male"] = "m",
        ["f"] = "f",
        ["female"] = "f",
    };

    private readonly Dictionary<(string Identity, string Name), FolderClip> _clips = [];
    private readonly Dictionary<string, CorpusSplit> _splits = new(StringComparer.Ordinal);

    /// <summary>A pattern on its way down: which, and what its placeholders stand for so far.</summary>
    private readonly record struct Trail(FolderPattern Pattern, bool IsVoice, IReadOnlyDictionary<string, string> Values);

    /// <summary>The clips by identity and name, in ordinal order.</summary>
    /// <exception cref="InvalidDataException">A split or gender is none.</exception>
    public IReadOnlyList<FolderClip> Run(CancellationToken cancellationToken)
    {
        var none = new Dictionary<string, string>();
        Trail[] trails =
        [
            .. options.VoicePatterns.Select(pattern => new Trail(FolderPattern.Parse(pattern), true, none)),
            .. options.FacePatterns.Select(pattern => new Trail(FolderPattern.Parse(pattern), false, none)),
        ];
        Enter("", 0, trails, cancellationToken);
        foreach (FolderClip clip in _clips.Values.OrderBy(clip => clip.Identity, StringComparer.Ordinal)
            .ThenBy(clip => clip.Name, StringComparer.Ordinal))
        {
            Note(clip);
        }

        return
        [
            .. _clips.Values.Where(clip => clip.Voices.Count <= 1)
                .OrderBy(clip => clip.Identity, StringComparer.Ordinal).ThenBy(clip => clip.Name, StringComparer.Ordinal),
        ];
    }

    private void Note(FolderClip clip)
    {
        string key = $"{clip.Identity}/{clip.Name}";
        if (clip.Voices.Count > 1)
        {
            tally.Add("clips with more than one voice file, left out", key);
        }
        else if (clip.Voices.Count == 0 && options.VoicePatterns.Count > 0)
        {
            tally.Add("clips without a voice", key);
        }
        else if (clip.Faces.Count == 0 && options.FacePatterns.Count > 0)
        {
            tally.Add("clips without a face", key);
        }
    }

    private void Enter(string folder, int depth, IReadOnlyList<Trail> trails, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string path = Path.Combine(options.Root, folder);
        Trail[] here = [.. trails.Where(trail => trail.Pattern.Depth == depth + 1)];
        foreach (string file in CorpusBuild.Files(path))
        {
            // What lies beside the corpus's folders, its manifest and licence, is nobody's surprise.
            bool expected = depth == 0 && here.Length == 0;
            if (!expected && !here.Any(trail => Take(trail, depth, folder + file, file)))
            {
                tally.Add("files that no pattern fits, left out", folder + file);
            }
        }

        Trail[] deeper = [.. trails.Where(trail => trail.Pattern.Depth > depth + 1)];
        foreach (string name in CorpusBuild.Folders(path))
        {
            Trail[] inside = [.. deeper.Select(trail => Step(trail, depth, name)).OfType<Trail>()];
            if (inside.Length == 0)
            {
                tally.Add("folders that no pattern fits, left out", folder + name);
            }
            else
            {
                Enter($"{folder}{name}/", depth + 1, inside, cancellationToken);
            }
        }
    }

    private static Trail? Step(Trail trail, int depth, string name) =>
        trail.Pattern.Match(depth, name, trail.Values) is IReadOnlyDictionary<string, string> values
            ? trail with { Values = values }
            : null;

    /// <summary>Takes a file where the pattern's last part fits its name.</summary>
    private bool Take(Trail trail, int depth, string path, string name)
    {
        if (Step(trail, depth, name) is not Trail(_, _, var values))
        {
            return false;
        }

        string identity = values[FolderPattern.Identity];
        string clipName = values.TryGetValue(FolderPattern.Video, out string? video)
            ? $"{video}/{values[FolderPattern.Clip]}"
            : values[FolderPattern.Clip];
        if (!CanName(identity) || !CanName(clipName) || path.Contains('\\', StringComparison.Ordinal) || path.Any(char.IsControl))
        {
            tally.Add(Unusable, path);
            return true;
        }

        if (!_clips.TryGetValue((identity, clipName), out FolderClip? clip))
        {
            clip = _clips[(identity, clipName)] = new FolderClip(identity, clipName);
        }

        clip.Split = values.TryGetValue(FolderPattern.Split, out string? split) ? ParseSplit(split, identity, path) : null;
        clip.Gender = values.TryGetValue(FolderPattern.Gender, out string? gender) ? ParseGender(gender, path) : clip.Gender;
        (trail.IsVoice ? clip.Voices : clip.Faces).Add(path);
        return true;
    }

    private static bool CanName(string name) => name.Trim() == name && !name.Any(char.IsControl);

    private CorpusSplit ParseSplit(string text, string identity, string path)
    {
        if (!EnumText.TryParse(text, out CorpusSplit split))
        {
            throw new InvalidDataException(
                $"{Path.Combine(options.Root, path)}: {{split}} is \"{text}\"; "
                + $"expected one of {string.Join(", ", EnumText.All<CorpusSplit>())}.");
        }

        return _splits.TryAdd(identity, split) || _splits[identity] == split ? split : throw new InvalidDataException(
            $"{Path.Combine(options.Root, path)}: identity '{identity}' is in the {EnumText.Of(_splits[identity])} and in "
            + $"the {EnumText.Of(split)} split; expected one, "
            + "because a person seen in training cannot be tested on.");
    }

    private string ParseGender(string text, string path) => Genders.GetValueOrDefault(text) ?? throw new InvalidDataException(
        $"{Path.Combine(options.Root, path)}: {{gender}} is \"{text}\"; expected m, male, f or female.");
}

namespace CrossModalVae.Corpora;

/// <summary>Finds the files of a corpus by its patterns, entering only folders that a pattern can match.</summary>
internal sealed class FolderWalk(FolderCorpusOptions options, CorpusTally tally)
{
    private static readonly Dictionary<string, string> Genders = new(StringComparer.OrdinalIgnoreCase)
    {
        ["m"] = "m",
        ["male"] = "m",
        ["f"] = "f",
        ["female"] = "f",
    };

    private readonly Dictionary<(string Identity, string Name), FolderClip> _clips = [];
    private readonly Dictionary<string, CorpusSplit> _splits = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _people = new(StringComparer.Ordinal); // whose folder was entered

    /// <summary>A pattern during the descent, with the placeholders' values so far.</summary>
    private readonly record struct Descent(FolderPattern Pattern, bool IsVoice, IReadOnlyDictionary<string, string> Values);

    /// <summary>The clips by identity and name, in ordinal order.</summary>
    /// <exception cref="InvalidDataException">A split or gender is not valid.</exception>
    public IReadOnlyList<FolderClip> Run(CancellationToken cancellationToken)
    {
        var none = new Dictionary<string, string>();
        Descent[] descents =
        [
            .. options.VoicePatterns.Select(pattern => new Descent(FolderPattern.Parse(pattern), true, none)),
            .. options.FacePatterns.Select(pattern => new Descent(FolderPattern.Parse(pattern), false, none)),
        ];
        Enter("", 0, descents, cancellationToken);
        FolderClip[] clips =
        [
            .. _clips.Values.OrderBy(clip => clip.Identity, StringComparer.Ordinal).ThenBy(clip => clip.Name, StringComparer.Ordinal),
        ];
        FolderClip[] usable = [.. clips.Where(IsUsable)];
        foreach (string identity in _people.Union(clips.Select(clip => clip.Identity)).Except(usable.Select(clip => clip.Identity))
            .Order(StringComparer.Ordinal))
        {
            tally.Add("people of whom no clip is left, left out", identity);
        }

        return usable;
    }

    // Chooses a clip's voice, and counts what the clip lacks or has too much.
    private bool IsUsable(FolderClip clip)
    {
        string key = $"{clip.Identity}/{clip.Name}";
        clip.Voice = CorpusFiles.Voice(clip.Voices);
        string[] others = [.. clip.Voices.Where(voice => voice != clip.Voice)];
        if (others.Length > 0)
        {
            tally.Add(
                clip.Voice is null ? "clips with more than one voice file, left out" : "voice files beside a clip's voice, left out",
                clip.Voice is null
                    ? $"{key}: {string.Join(" and ", others.Select(Path.GetFileName).Order(StringComparer.Ordinal))}"
                    : others[0],
                clip.Voice is null ? 1 : others.Length);
            if (clip.Voice is null)
            {
                return false;
            }
        }

        if (clip.Voice is null && options.VoicePatterns.Count > 0)
        {
            tally.Add("clips without a voice", key);
        }
        else if (clip.Faces.Count == 0 && options.FacePatterns.Count > 0)
        {
            tally.Add("clips without a face", key);
        }

        return true;
    }

    private void Enter(string folder, int depth, IReadOnlyList<Descent> descents, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CorpusTree.Listing listing = CorpusTree.List(options.Root, folder, tally);
        foreach (string identity in descents.Select(descent => descent.Values.GetValueOrDefault(FolderPattern.Identity)).OfType<string>())
        {
            _people.Add(identity);
        }

        Descent[] here = [.. descents.Where(descent => descent.Pattern.Depth == depth + 1)];
        foreach (string file in listing.Files)
        {
            // Files beside the corpus's folders (manifest, licence) are expected.
            bool expected = depth == 0 && here.Length == 0;
            if (!expected && !here.Any(descent => Take(descent, depth, folder + file, file)))
            {
                tally.Add("files that no pattern fits, left out", folder + file);
            }
        }

        Descent[] deeper = [.. descents.Where(descent => descent.Pattern.Depth > depth + 1)];
        foreach (string name in listing.Folders)
        {
            Descent[] inside = [.. deeper.Select(descent => Step(descent, depth, name)).OfType<Descent>()];
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

    private static Descent? Step(Descent descent, int depth, string name) =>
        descent.Pattern.Match(depth, name, descent.Values) is IReadOnlyDictionary<string, string> values
            ? descent with { Values = values }
            : null;

    /// <summary>Adds a file whose name matches the pattern's last part.</summary>
    private bool Take(Descent descent, int depth, string path, string name)
    {
        bool isOfKind = !descent.Pattern.LeavesEndingOpen || (descent.IsVoice ? CorpusFiles.IsVoice(name) : CorpusFiles.IsImage(name));
        if (!isOfKind || Step(descent, depth, name) is not Descent(_, _, var values))
        {
            return false;
        }

        string identity = values[FolderPattern.Identity];
        string clipName = values.TryGetValue(FolderPattern.Video, out string? video)
            ? $"{video}/{values[FolderPattern.Clip]}"
            : values[FolderPattern.Clip];
        if (!CorpusTree.CanName(identity) || !CorpusTree.CanName(clipName))
        {
            tally.Add(CorpusTree.Unusable, path);
            return true;
        }

        if (!_clips.TryGetValue((identity, clipName), out FolderClip? clip))
        {
            clip = _clips[(identity, clipName)] = new FolderClip(identity, clipName);
        }

        clip.Split = values.TryGetValue(FolderPattern.Split, out string? split) ? ParseSplit(split, identity, path) : null;
        clip.Gender = values.TryGetValue(FolderPattern.Gender, out string? gender) ? ParseGender(gender, path) : clip.Gender;
        (descent.IsVoice ? clip.Voices : clip.Faces).Add(path);
        return true;
    }

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

/// <summary>A clip that the patterns found, with its files relative to the corpus folder.</summary>
internal sealed class FolderClip(string identity, string name)
{
    public string Identity { get; } = identity;

    public string Name { get; } = name;

    public CorpusSplit? Split { get; set; }

    public string? Gender { get; set; }

    /// <summary>All that the patterns found.</summary>
    public List<string> Voices { get; } = [];

    /// <summary>The one that is taken.</summary>
    public string? Voice { get; set; }

    public List<string> Faces { get; } = [];

    public Clip ToClip(string prefix, CorpusSplit split) => new()
    {
        Identity = Identity,
        Name = Name,
        Voice = Voice is null ? null : prefix + Voice,
        Faces = [.. Faces.Order(StringComparer.Ordinal).Select(face => prefix + face)],
        Gender = Gender,
        Split = split,
    };
}

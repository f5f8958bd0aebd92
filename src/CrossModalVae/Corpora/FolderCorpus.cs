namespace CrossModalVae.Corpora;

/// <summary>
/// Makes a manifest from identity/clip folders: ROOT/identity/clip holds one wav file, the face frames (jpg or png, in the order of their names),
/// or both. What does not fit is counted and reported, never silently dropped; hidden files are no part of a corpus.
/// </summary>
public sealed class FolderCorpus
{
    private readonly FolderCorpusOptions _options;

    /// <summary>Stores and validates the options.</summary>
    /// <param name="options">Where the corpus is.</param>
    /// <exception cref="ArgumentException">The options are invalid.</exception>
    public FolderCorpus(FolderCorpusOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
    }

    /// <summary>Writes the manifest. No wav or image is opened: that is the corpus check's work.</summary>
    /// <param name="manifestPath">The manifest; in the corpus folder or a folder above it.</param>
    /// <param name="cancellationToken">Stops the work; nothing is written then.</param>
    /// <returns>What was written and what was left out.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such corpus.</exception>
    /// <exception cref="InvalidDataException">No clip was found.</exception>
    /// <exception cref="ArgumentException">The manifest lies elsewhere.</exception>
    /// <exception cref="IOException">The manifest cannot be written; it is as it was before.</exception>
    public CorpusBuildReport Write(string manifestPath, CancellationToken cancellationToken = default)
    {
        string prefix = CorpusBuild.Prefix(_options.Root, manifestPath);
        var tally = new CorpusTally();
        string[] identities = [.. CorpusBuild.Folders(_options.Root).Where(name => IsUsable(name, name, tally)).Where(name => HasClip(name, tally))];
        if (identities.Length == 0)
        {
            throw new InvalidDataException(
                $"{_options.Root}: has no clip; expected folders identity/clip with a wav file, jpg or png frames, or both.");
        }

        IReadOnlyDictionary<string, CorpusSplit> splits = IdentitySplit.Deal(identities, _options.Split);
        return CorpusBuild.Write(manifestPath, identities.SelectMany(identity => Clips(identity, splits[identity], prefix, tally)), tally, cancellationToken);
    }

    private bool HasClip(string identity, CorpusTally tally)
    {
        // A folder without any clip is no person: it must not take a place in a split.
        string folder = Path.Combine(_options.Root, identity);
        if (CorpusBuild.Folders(folder).Any(clip => CanName(clip)
            && Read(Path.Combine(folder, clip)) is (var voices, var faces) && voices.Length <= 1 && voices.Length + faces.Length > 0))
        {
            return true;
        }

        tally.Add("identity folders without a usable clip", identity);
        return false;
    }

    private IEnumerable<Clip> Clips(string identity, CorpusSplit split, string prefix, CorpusTally tally)
    {
        string folder = Path.Combine(_options.Root, identity);
        foreach (string file in CorpusBuild.Files(folder))
        {
            tally.Add("files beside the clip folders, left out", $"{identity}/{file}");
        }

        foreach (string name in CorpusBuild.Folders(folder))
        {
            string key = $"{identity}/{name}";
            (string[] voices, string[] faces) = Read(Path.Combine(folder, name));
            if (!IsUsable(name, key, tally))
            {
                continue;
            }

            if (voices.Length > 1)
            {
                tally.Add("clip folders with more than one wav file, left out", key);
                continue;
            }

            if (voices.Length + faces.Length == 0)
            {
                tally.Add("clip folders without wav, jpg and png files, left out", key);
                continue;
            }

            if (voices.Length == 0)
            {
                tally.Add("clips without a voice", key);
            }
            else if (faces.Length == 0)
            {
                tally.Add("clips without a face", key);
            }

            yield return new Clip
            {
                Identity = identity,
                Name = name,
                Voice = voices.Length == 0 ? null : $"{prefix}{key}/{voices[0]}",
                Faces = [.. faces.Select(face => $"{prefix}{key}/{face}")],
                Split = split,
            };
        }
    }

    private static (string[] Voices, string[] Faces) Read(string folder)
    {
        string[] files = CorpusBuild.Files(folder);
        return ([.. files.Where(CorpusBuild.IsVoice)], [.. files.Where(CorpusBuild.IsImage)]);
    }

    private static bool CanName(string name) => name.Trim() == name && !name.Contains('\\', StringComparison.Ordinal) && !name.Any(char.IsControl);

    private static bool IsUsable(string name, string key, CorpusTally tally)
    {
        if (CanName(name))
        {
            return true;
        }

        tally.Add("folders whose name a manifest cannot hold (a backslash, a control character, blanks at an end), left out", key);
        return false;
    }
}

using System.Text.RegularExpressions;
using CrossModalVae.Corpora;
using Person = CrossModalVae.Corpora.VoxCeleb1Lists.Person;

namespace CrossModalVae.Evaluation.Trials;

/// <summary>
/// Makes trial lists of the field's published ones for VoxCeleb1: <c>veriflist/veriflist_test_STRATUM_seenheard.txt</c> and
/// <c>..._unseenunheard.txt</c> (strata random, G, N, A, GNA; Nagrani, Albanie, Zisserman 2018), <c>matching/matching_v2f_STRATUM.csv</c>
/// and <c>matching_f2v_...</c> (U, G, N, GN) and <c>retrieval/wav_20k.csv</c> and <c>jpg_20k.csv</c>.
/// </summary>
/// <remarks>
/// The lists name single utterances and single frames, so a trial's clips are VIDEO/NUMBER for a voice, as in
/// <see cref="VoxCeleb1Corpus"/>'s manifests, and VIDEO/FRAME for a face. <see cref="WriteManifest"/> makes the manifest of exactly those,
/// a clip of its own for every utterance and frame: embeddings of it hold everything the trials ask for.
/// </remarks>
public sealed partial class VoxCeleb1Trials
{
    private readonly VoxCeleb1TrialOptions _options;
    private readonly IReadOnlyList<Person> _people;
    private readonly VoxCeleb1TrialRows _rows;

    /// <summary>Reads the list of people.</summary>
    /// <param name="options">Where the lists are.</param>
    /// <exception cref="IOException">The list of people is missing.</exception>
    /// <exception cref="InvalidDataException">The list of people is broken.</exception>
    public VoxCeleb1Trials(VoxCeleb1TrialOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(options.Lists);
        if (!Directory.Exists(options.Lists))
        {
            throw new DirectoryNotFoundException($"{options.Lists}: there is no such folder; expected the published lists of VoxCeleb1.");
        }

        _options = options;
        _people = VoxCeleb1Lists.ReadPeople(options.MetaFile ?? Path.Combine(options.Lists, "vox1_meta.csv"));
        _rows = new VoxCeleb1TrialRows(_people);
    }

    /// <summary>Writes the trials of all lists, one after the other: verification, matching, retrieval.</summary>
    /// <param name="trialsPath">The trial list to write, see <see cref="TrialWriter"/>.</param>
    /// <param name="cancellationToken">Stops the work; nothing is written then.</param>
    /// <returns>The lists and how many rows each has.</returns>
    /// <exception cref="InvalidDataException">There is no list, or a row is broken; the message names file, line, field, found and
    /// expected.</exception>
    /// <exception cref="IOException">The file cannot be written; it is as it was before.</exception>
    public IReadOnlyList<VoxCeleb1TrialList> Write(string trialsPath, CancellationToken cancellationToken = default)
    {
        var lists = new List<VoxCeleb1TrialList>();
        TrialWriter.Write(trialsPath, Find().SelectMany(Counted));
        return lists;

        IEnumerable<Trial> Counted(VoxCeleb1TrialList list)
        {
            int count = 0;
            foreach (Trial trial in _rows.Read(list))
            {
                cancellationToken.ThrowIfCancellationRequested();
                count++;
                yield return trial;
            }

            lists.Add(list with { TrialCount = count });
        }
    }

    /// <summary>Writes the manifest of every utterance and every frame that the trials name, each a clip with that one file.</summary>
    /// <param name="manifestPath">The manifest. In the corpus folder or a folder above it, its paths are relative to it; elsewhere it
    /// has the corpus folder as its root.</param>
    /// <param name="corpus">The copy of VoxCeleb1; its split file must be an identity split, null is <c>Splits/identity_splits.txt</c>
    /// beside the lists.</param>
    /// <param name="cancellationToken">Stops the work; nothing is written then.</param>
    /// <returns>What was written; files that the lists name and the copy lacks are left out and counted.</returns>
    /// <exception cref="InvalidDataException">A list is broken, or the copy has none of the files.</exception>
    /// <exception cref="IOException">A folder or list is missing, or the manifest cannot be written; it is as it was before.</exception>
    public CorpusBuildReport WriteManifest(string manifestPath, VoxCeleb1Options corpus, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        corpus.Validate();
        (string prefix, string? root) = CorpusBuild.Place(corpus.Root, manifestPath);
        var tree = new VoxCeleb1Tree(corpus.Root, corpus.VoiceFolders(), corpus.FaceFolders());
        string splitPath = corpus.SplitFile ?? Path.Combine(_options.Lists, "Splits", "identity_splits.txt");
        IReadOnlyDictionary<string, CorpusSplit> splits = VoxCeleb1Lists.ReadIdentitySplit(splitPath);
        Dictionary<string, Person> people = _people.ToDictionary(person => person.Id, StringComparer.Ordinal);
        var tally = new CorpusTally();
        var counter = new CorpusBuildCounter();
        IEnumerable<Clip> clips = Find().SelectMany(_rows.Read).SelectMany(Named).Distinct()
            .OrderBy(named => named.Clip.Identity, StringComparer.Ordinal)
            .ThenBy(named => named.Modality)
            .ThenBy(named => named.Clip.Clip, StringComparer.Ordinal)
            .Select(named => ToClip(named.Modality, named.Clip, people[named.Clip.Identity]))
            .OfType<Clip>();
        ManifestWriter.Write(manifestPath, AtLeastOne(clips), root);
        return counter.Report(tally.Notices);

        Clip? ToClip(Modality modality, ClipKey key, Person person)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (tree.Find(person, key.Clip, modality) is not string relative)
            {
                tally.Add(
                    "files that the lists name and the tree lacks, left out",
                    modality == Modality.Voice ? $"{key.Identity}/{key.Clip}.wav" : $"{person.Name}/{key.Clip}.jpg");
                return null;
            }

            if (!splits.TryGetValue(person.Name, out CorpusSplit split) && !splits.TryGetValue(person.Id, out split))
            {
                throw new InvalidDataException($"{splitPath}: has no '{person.Name}'; expected the split of everybody in the trials.");
            }

            var clip = new Clip
            {
                Identity = key.Identity,
                Name = key.Clip,
                Voice = modality == Modality.Voice ? prefix + relative : null,
                Faces = modality == Modality.Face ? [prefix + relative] : [],
                Gender = person.Gender,
                Nationality = person.Nationality,
                Split = split,
            };
            counter.Add(clip);
            return clip;
        }

        IEnumerable<Clip> AtLeastOne(IEnumerable<Clip> some)
        {
            foreach (Clip clip in some)
            {
                yield return clip;
            }

            if (counter.ClipCount == 0)
            {
                throw new InvalidDataException($"{corpus.Root}: has none of the files that the lists name; expected a copy of VoxCeleb1.");
            }
        }
    }

    private static IEnumerable<(Modality Modality, ClipKey Clip)> Named(Trial trial)
    {
        switch (trial)
        {
            case VerificationTrial verification:
                return [(Modality.Voice, verification.Voice), (Modality.Face, verification.Face)];
            case MatchingTrial matching:
                (Modality asking, Modality answering) = ProtocolPlan.Sides(matching.Direction);
                return
                [
                    (asking, matching.Probe),
                    (answering, matching.Positive),
                    .. matching.Negatives.Select(negative => (answering, negative)),
                ];
            default:
                var item = (RetrievalItem)trial;
                return [(item.Modality, item.Clip)];
        }
    }

    /// <summary>The lists that are there, verification first, each kind in the order of its files' names.</summary>
    private List<VoxCeleb1TrialList> Find()
    {
        var lists = new List<VoxCeleb1TrialList>();
        foreach ((string file, Match match) in FilesLike("veriflist", VerificationFile()))
        {
            bool seen = match.Groups[2].Value == "seenheard";
            if (_options.People == VoxCeleb1TrialPeople.All || seen == (_options.People == VoxCeleb1TrialPeople.SeenHeard))
            {
                string stratum = $"{match.Groups[1].Value}-{(seen ? "seen-heard" : "unseen-unheard")}";
                lists.Add(new VoxCeleb1TrialList(file, TrialKind.Verification, stratum, null, null, 0));
            }
        }

        if (_options.People != VoxCeleb1TrialPeople.SeenHeard)
        {
            lists.AddRange(FilesLike("matching", MatchingFile()).Select(found => new VoxCeleb1TrialList(
                found.File,
                TrialKind.Matching,
                found.Match.Groups[2].Value,
                found.Match.Groups[1].Value == "v2f" ? RetrievalDirection.VoiceToFace : RetrievalDirection.FaceToVoice,
                null,
                0)));
            lists.AddRange(FilesLike("retrieval", RetrievalFile()).Select(found => new VoxCeleb1TrialList(
                found.File,
                TrialKind.Retrieval,
                found.Match.Groups[2].Value,
                null,
                found.Match.Groups[1].Value == "wav" ? Modality.Voice : Modality.Face,
                0)));
        }

        return lists.Count > 0 ? lists : throw new InvalidDataException(
            $"{_options.Lists}: has no list of trials; expected veriflist/veriflist_test_*.txt, "
            + "matching/matching_*.csv or retrieval/*.csv.");
    }

    private IEnumerable<(string File, Match Match)> FilesLike(string folder, Regex form)
    {
        string path = Path.Combine(_options.Lists, folder);
        return Directory.Exists(path)
            ? CorpusTree.List(path, "", new CorpusTally()).Files
                .Select(file => (Path.Combine(path, file), form.Match(file)))
                .Where(found => found.Item2.Success)
            : [];
    }

    [GeneratedRegex(@"^veriflist_test_([^_]+)_(seenheard|unseenunheard)\.txt\z")]
    private static partial Regex VerificationFile();

    [GeneratedRegex(@"^matching_(v2f|f2v)_([^_]+)\.csv\z")]
    private static partial Regex MatchingFile();

    [GeneratedRegex(@"^(wav|jpg)_([^_]+)\.csv\z")]
    private static partial Regex RetrievalFile();
}

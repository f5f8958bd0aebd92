using Person = CrossModalVae.Corpora.VoxCeleb1Lists.Person;

namespace CrossModalVae.Corpora;

/// <summary>
/// Makes a manifest from a copy of VoxCeleb1 (Nagrani, Chung, Zisserman 2017): one clip an utterance, wav/ID/VIDEO/NUMBER.wav, with frames
/// of the same video, unzippedFaces/NAME/1.6/VIDEO/FRAME.jpg. Identities are VoxCeleb1's ids, clips are VIDEO/NUMBER.
/// <para>
/// Frames carry no time, so a video's frames are dealt to its utterances in turn: two clips share a frame only
/// where there are fewer frames than utterances.
/// </para>
/// <para>
/// Splits never share a person. An identity split (1 train, 2 validation, 4 unseen-unheard test) is taken as it is. The official
/// iden_split.txt divides the utterances of the SAME people: it chooses the utterances, and a person whose utterances lie in several of its
/// parts is dealt by share and seed; one whose utterances all lie in one part goes there. Without a split file, people of set "test" are
/// the test and those of set "dev" are dealt to train and validation.
/// </para>
/// </summary>
public sealed class VoxCeleb1Corpus
{
    internal const string Scale = "1.6";

    private readonly VoxCeleb1Options _options;

    /// <summary>Stores and validates the options.</summary>
    /// <param name="options">Where the corpus is.</param>
    /// <exception cref="ArgumentException">The options are invalid.</exception>
    public VoxCeleb1Corpus(VoxCeleb1Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
    }

    /// <summary>Writes the manifest, one person in memory at a time. No wav or image is opened: that is the corpus check's work.</summary>
    /// <param name="manifestPath">The manifest; in the corpus folder or a folder above it.</param>
    /// <param name="resume">
    /// Goes on where a stopped or killed run left off: the people it had finished are taken as they were found then, the
    /// rest is looked at now, and the manifest is the same bytes as of an undisturbed run. Where a manifest stands and no
    /// stopped run, it is made anew. Default false.
    /// </param>
    /// <param name="progress">Told after each person.</param>
    /// <param name="cancellationToken">Stops the work; the manifest is as it was before, and what was done lies beside
    /// it for <paramref name="resume"/>.</param>
    /// <returns>What was written, and everything that is missing or was left out.</returns>
    /// <exception cref="IOException">A folder or list is missing, or the manifest cannot be written; it is as it was before.</exception>
    /// <exception cref="InvalidDataException">A list is broken, no utterance was found, or there is no stopped run of
    /// the same inputs to go on with.</exception>
    /// <exception cref="ArgumentException">The manifest lies elsewhere.</exception>
    public CorpusBuildReport Write(
        string manifestPath,
        bool resume = false,
        IProgress<CorpusBuildProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        string prefix = CorpusBuild.Prefix(_options.Root, manifestPath);
        IReadOnlyList<Person> people = VoxCeleb1Lists.ReadPeople(_options.MetaFile ?? Path.Combine(_options.Root, "vox1_meta.csv"));
        string voices = Path.Combine(_options.Root, _options.VoiceFolder);
        if (!Directory.Exists(voices))
        {
            throw new DirectoryNotFoundException($"{voices}: there is no such folder; expected VoxCeleb1's voices, id/video/number.wav.");
        }

        var tally = new CorpusTally();
        HashSet<string> onDisk = [.. CorpusBuild.Folders(voices)];
        foreach (string id in onDisk.Except(people.Select(person => person.Id)).Order(StringComparer.Ordinal))
        {
            tally.Add("voice folders of nobody in the list of people, left out", id);
        }

        Person[] heard = [.. people.Where(person => onDisk.Contains(person.Id))];
        foreach (Person person in people.Where(person => !onDisk.Contains(person.Id)))
        {
            tally.Add("people without a voice folder, left out", person.Id);
        }

        (Dictionary<string, CorpusSplit> splits, IReadOnlyDictionary<string, CorpusSplit>? utterances) = VoxCeleb1Splits.Read(
            _options, heard, tally);
        if (utterances is not null)
        {
            CountMissing(utterances, voices, tally);
        }

        Person[] used = [.. heard.Where(person => splits.ContainsKey(person.Id)).OrderBy(person => person.Id, StringComparer.Ordinal)];
        if (used.Length == 0)
        {
            throw new InvalidDataException($"{voices}: has nobody that the lists name; expected folders id/video/number.wav.");
        }

        Dictionary<string, Person> byId = used.ToDictionary(person => person.Id, StringComparer.Ordinal);
        return CorpusBuild.Write(
            manifestPath,
            CorpusJournal.HashOf(Inputs(used, splits, utterances, prefix)),
            [.. used.Select(person => person.Id)],
            (id, own) => Clips(byId[id], splits[id], utterances, prefix, own),
            tally,
            resume,
            progress,
            cancellationToken);
    }

    private IEnumerable<string> Inputs(
        Person[] used, Dictionary<string, CorpusSplit> splits, IReadOnlyDictionary<string, CorpusSplit>? utterances, string prefix) =>
    [
        $"{Path.GetFullPath(_options.Root)} {_options.VoiceFolder} {_options.FaceFolder} {_options.FacesPerClip} {prefix}",
        .. used.Select(person => $"{person} {splits[person.Id]}"),
        .. (utterances?.Keys ?? []).Order(StringComparer.Ordinal),
    ];

    private static void CountMissing(IReadOnlyDictionary<string, CorpusSplit> utterances, string voices, CorpusTally tally)
    {
        foreach (string utterance in utterances.Keys.Where(utterance => !File.Exists(Path.Combine(voices, utterance))))
        {
            tally.Add("utterances of the split file without a wav file", utterance);
        }
    }

    private IEnumerable<Clip> Clips(
        Person person, CorpusSplit split, IReadOnlyDictionary<string, CorpusSplit>? listed, string prefix, CorpusTally tally)
    {
        string voiceRoot = Path.Combine(_options.Root, _options.VoiceFolder, person.Id);
        string faceRoot = Path.Combine(_options.Root, _options.FaceFolder, person.Name, Scale);
        bool hasFaces = Directory.Exists(faceRoot);
        if (!hasFaces)
        {
            tally.Add("people without a face folder", $"{person.Id} {person.Name}");
        }

        HashSet<string> faceVideos = hasFaces ? [.. CorpusBuild.Folders(faceRoot)] : [];
        foreach (string video in CorpusBuild.Folders(voiceRoot))
        {
            string[] numbers =
            [
                .. Listed(
                    CorpusBuild.Files(Path.Combine(voiceRoot, video)).Where(CorpusBuild.IsVoice), $"{person.Id}/{video}", listed, tally),
            ];
            string[] frames = faceVideos.Remove(video)
                ? [.. CorpusBuild.Files(Path.Combine(faceRoot, video)).Where(CorpusBuild.IsImage)]
                : [];
            if (frames.Length == 0 && numbers.Length > 0)
            {
                tally.Add("videos with a voice and without frames", $"{person.Id}/{video}");
            }

            for (int i = 0; i < numbers.Length; i++)
            {
                yield return new Clip
                {
                    Identity = person.Id,
                    Name = $"{video}/{Path.GetFileNameWithoutExtension(numbers[i])}",
                    Voice = $"{prefix}{_options.VoiceFolder}/{person.Id}/{video}/{numbers[i]}",
                    Faces =
                    [
                        .. Deal(frames, i, numbers.Length, _options.FacesPerClip)
                            .Select(frame => $"{prefix}{_options.FaceFolder}/{person.Name}/{Scale}/{video}/{frame}"),
                    ],
                    Gender = person.Gender,
                    Nationality = person.Nationality,
                    Split = split,
                };
            }
        }

        foreach (string video in faceVideos.Order(StringComparer.Ordinal))
        {
            tally.Add("videos with frames and without a voice, left out", $"{person.Name}/{video}");
        }
    }

    private static IEnumerable<string> Listed(
        IEnumerable<string> numbers, string video, IReadOnlyDictionary<string, CorpusSplit>? listed, CorpusTally tally)
    {
        foreach (string number in numbers)
        {
            if (listed?.ContainsKey($"{video}/{number}") == false)
            {
                tally.Add("utterances that the split file does not name, left out", $"{video}/{number}");
                continue;
            }

            yield return number;
        }
    }

    /// <summary>Utterance i of n takes frames i, i + n, i + 2n ...; of more than the most, as many evenly spread.</summary>
    internal static IEnumerable<string> Deal(string[] frames, int utterance, int utteranceCount, int most)
    {
        if (frames.Length == 0)
        {
            return [];
        }

        if (frames.Length < utteranceCount)
        {
            return [frames[utterance % frames.Length]];
        }

        string[] own = [.. frames.Where((_, index) => index % utteranceCount == utterance)];
        return own.Length <= most ? own : Enumerable.Range(0, most).Select(i => own[(int)((2L * i + 1) * own.Length / (2L * most))]);
    }
}

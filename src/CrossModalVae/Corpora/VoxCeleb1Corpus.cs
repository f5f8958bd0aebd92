using Person = CrossModalVae.Corpora.VoxCeleb1Lists.Person;

namespace CrossModalVae.Corpora;

/// <summary>
/// Makes a manifest from a copy of VoxCeleb1 (Nagrani, Chung, Zisserman 2017): one clip an utterance, wav/ID/VIDEO/NUMBER.wav, with frames
/// of the same video, unzippedFaces/NAME/1.6/VIDEO/FRAME.jpg. Identities are VoxCeleb1's ids, clips are VIDEO/NUMBER.
/// <para>
/// Frames have no timestamps, so a video's frames are distributed over its utterances in turn; two clips share a frame only where there
/// are fewer frames than utterances.
/// </para>
/// <para>
/// Splits never share an identity. An identity split (1 train, 2 validation, 4 unseen-unheard test) is used as it is. The official
/// iden_split.txt divides the utterances of the SAME identities: it selects the utterances; an identity whose utterances are all in one
/// part gets that split, others are assigned by share and seed. Without a split file, identities of set "test" are the test and those of
/// set "dev" are assigned to train and validation.
/// </para>
/// </summary>
public sealed class VoxCeleb1Corpus
{
    internal const string Scale = "1.6";

    private readonly VoxCeleb1Options _options;

    /// <summary>Stores and validates the options.</summary>
    /// <param name="options">The corpus folder, lists and splits.</param>
    /// <exception cref="ArgumentException">The options are invalid.</exception>
    public VoxCeleb1Corpus(VoxCeleb1Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
    }

    /// <summary>Writes the manifest, one identity in memory at a time, without opening wav files or images.</summary>
    /// <param name="manifestPath">The manifest; in the corpus folder or a folder above it.</param>
    /// <param name="resume">Resumes an interrupted run: its finished identities are kept, the rest is read now, and the manifest has the
    /// same bytes as of an uninterrupted run. Without an interrupted run an existing manifest is made anew. Default false.</param>
    /// <param name="progress">Reported after each identity.</param>
    /// <param name="cancellationToken">Stops the work; the manifest is as it was before, and finished identities are kept for
    /// <paramref name="resume"/>.</param>
    /// <returns>What was written, and what is missing or was omitted.</returns>
    /// <exception cref="IOException">A folder or list is missing, or the manifest cannot be written; it is as it was before.</exception>
    /// <exception cref="InvalidDataException">A list is broken, no utterance was found, or there is no interrupted run of the same inputs
    /// to resume.</exception>
    /// <exception cref="ArgumentException">The manifest is elsewhere.</exception>
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
        foreach (string utterance in (utterances?.Keys ?? []).Where(utterance => !File.Exists(Path.Combine(voices, utterance))))
        {
            tally.Add("utterances of the split file without a wav file", utterance);
        }

        Person[] used = [.. heard.Where(person => splits.ContainsKey(person.Id)).OrderBy(person => person.Id, StringComparer.Ordinal)];
        if (used.Length == 0)
        {
            throw new InvalidDataException($"{voices}: has nobody that the lists name; expected folders id/video/number.wav.");
        }

        Dictionary<string, Person> byId = used.ToDictionary(person => person.Id, StringComparer.Ordinal);
        IEnumerable<string> inputs =
        [
            $"{Path.GetFullPath(_options.Root)} {_options.VoiceFolder} {_options.FaceFolder} {_options.FacesPerClip} {prefix}",
            .. used.Select(person => $"{person} {splits[person.Id]}"),
            .. (utterances?.Keys ?? []).Order(StringComparer.Ordinal),
        ];
        return CorpusBuild.Write(
            manifestPath,
            CorpusJournal.HashOf(inputs),
            [.. used.Select(person => person.Id)],
            (id, own) => Clips(byId[id], splits[id], utterances, prefix, own),
            tally,
            resume,
            progress,
            cancellationToken);
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
            string[] all = [.. CorpusBuild.Files(Path.Combine(voiceRoot, video)).Where(CorpusBuild.IsVoice)];
            string[] numbers = [.. all.Where(number => listed?.ContainsKey($"{person.Id}/{video}/{number}") != false)];
            foreach (string number in all.Except(numbers))
            {
                tally.Add("utterances that the split file does not name, left out", $"{person.Id}/{video}/{number}");
            }

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

    /// <summary>Utterance i of n gets frames i, i + n, i + 2n ...; at most <paramref name="most"/> of them, evenly spaced.</summary>
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

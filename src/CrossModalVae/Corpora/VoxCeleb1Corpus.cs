using Person = CrossModalVae.Corpora.VoxCeleb1Lists.Person;

namespace CrossModalVae.Corpora;

/// <summary>
/// Makes a manifest from a copy of VoxCeleb1 (Nagrani, Chung, Zisserman 2017) or VoxCeleb2 (2018): one clip an utterance,
/// wav/ID/VIDEO/NUMBER.wav or, as VoxCeleb2 has it, aac/ID/VIDEO/NUMBER.m4a, or any sound that ffmpeg reads, with frames of the same
/// video, unzippedFaces/NAME/1.6/VIDEO/FRAME.jpg. Identities are VoxCeleb's ids, clips are VIDEO/NUMBER. Everything that is left out is
/// counted and reported.
/// <para>
/// Frames have no timestamps, so a video's frames are distributed over its utterances in turn; two clips share a frame only where there
/// are fewer frames than utterances. Frames in a folder of their utterance, VIDEO/NUMBER/FRAME.jpg, are that utterance's.
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

    /// <summary>Writes the manifest, one identity in memory at a time, without opening voices or images.</summary>
    /// <param name="manifestPath">The manifest. In the corpus folder or a folder above it, its paths are relative to it; elsewhere it
    /// has the corpus folder as its root.</param>
    /// <param name="resume">Resumes an interrupted run: its finished identities are kept, the rest is read now, and the manifest has the
    /// same bytes as of an uninterrupted run. Without an interrupted run an existing manifest is made anew. Default false.</param>
    /// <param name="progress">Reported after each identity.</param>
    /// <param name="cancellationToken">Stops the work; the manifest is as it was before, and finished identities are kept for
    /// <paramref name="resume"/>.</param>
    /// <returns>What was written, and what is missing or was omitted.</returns>
    /// <exception cref="IOException">A folder or list is missing, or the manifest cannot be written; it is as it was before.</exception>
    /// <exception cref="InvalidDataException">A list is broken, no utterance was found, or there is no interrupted run of the same inputs
    /// to resume.</exception>
    public CorpusBuildReport Write(
        string manifestPath,
        bool resume = false,
        IProgress<CorpusBuildProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        (string prefix, string? root) = CorpusBuild.Place(_options.Root, manifestPath);
        IReadOnlyList<Person> people = VoxCeleb1Lists.ReadPeople(_options.People());
        string[] voices = _options.VoiceFolders();
        if (voices.Length == 0)
        {
            string expected = _options.VoiceFolder ?? string.Join(", ", VoxCeleb1Options.UsualVoiceFolders);
            throw new DirectoryNotFoundException(
                $"{_options.Root}: has no folder of voices; expected {expected}, with id/video/number.wav (or .m4a, .flac, ...).");
        }

        var tally = new CorpusTally();
        var tree = new VoxCeleb1Tree(_options.Root, voices, _options.FaceFolders());
        HashSet<string> onDisk = tree.People(tally);
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
        foreach (string utterance in tree.Missing(utterances?.Keys ?? []))
        {
            tally.Add("utterances of the split file without a voice file", utterance);
        }

        Person[] used = [.. heard.Where(person => splits.ContainsKey(person.Id)).OrderBy(person => person.Id, StringComparer.Ordinal)];
        if (used.Length == 0)
        {
            throw new InvalidDataException(
                $"{string.Join(", ", voices.Select(folder => Path.Combine(_options.Root, folder)))}: has nobody that the lists "
                + $"name{tally.Reasons}; expected folders id/video/number.wav.");
        }

        Dictionary<string, Person> byId = used.ToDictionary(person => person.Id, StringComparer.Ordinal);
        IEnumerable<string> inputs =
        [
            $"{Path.GetFullPath(_options.Root)} {_options.VoiceFolder} {_options.FaceFolder} {_options.FacesPerClip} {prefix} {root}",
            .. used.Select(person => $"{person} {splits[person.Id]}"),
            .. (utterances?.Keys ?? []).Order(StringComparer.Ordinal),
        ];
        return CorpusBuild.Write(
            manifestPath,
            root,
            CorpusJournal.HashOf(inputs),
            [.. used.Select(person => person.Id)],
            (id, own) => Clips(tree, byId[id], splits[id], utterances, prefix, own),
            tally,
            resume,
            progress,
            cancellationToken);
    }

    private IEnumerable<Clip> Clips(
        VoxCeleb1Tree tree,
        Person person,
        CorpusSplit split,
        IReadOnlyDictionary<string, CorpusSplit>? listed,
        string prefix,
        CorpusTally tally)
    {
        SortedDictionary<string, VoxCeleb1Frames>? faces = tree.Faces(person, tally);
        foreach ((string video, IReadOnlyList<string> all) in tree.Voices(person, tally))
        {
            string[] voices = [.. all.Where(voice => listed?.ContainsKey($"{person.Id}/{video}/{NumberOf(voice)}") != false)];
            foreach (string voice in all.Except(voices))
            {
                tally.Add("utterances that the split file does not name, left out", $"{person.Id}/{video}/{Path.GetFileName(voice)}");
            }

            VoxCeleb1Frames? frames = null;
            if (faces?.Remove(video, out frames) != true && voices.Length > 0)
            {
                tally.Add("videos with a voice and without frames", $"{person.Id}/{video}");
            }

            for (int i = 0; i < voices.Length; i++)
            {
                yield return new Clip
                {
                    Identity = person.Id,
                    Name = $"{video}/{NumberOf(voices[i])}",
                    Voice = prefix + voices[i],
                    Faces = [.. Frames(frames, NumberOf(voices[i]), i, voices.Length).Select(frame => prefix + frame)],
                    Gender = person.Gender,
                    Nationality = person.Nationality,
                    Split = split,
                };
            }

            foreach (string number in (frames?.OfUtterances.Keys ?? []).Except(all.Select(NumberOf)).Order(StringComparer.Ordinal))
            {
                tally.Add("utterances with frames and without a voice, left out", $"{person.Name}/{video}/{number}");
            }
        }

        foreach (string video in faces?.Keys.ToArray() ?? [])
        {
            tally.Add("videos with frames and without a voice, left out", $"{person.Name}/{video}");
        }
    }

    private IEnumerable<string> Frames(VoxCeleb1Frames? frames, string number, int utterance, int utteranceCount) =>
        frames is null ? []
        : frames.OfUtterances.TryGetValue(number, out string[]? own) ? Deal(own, 0, 1, _options.FacesPerClip)
        : Deal(frames.OfVideo, utterance, utteranceCount, _options.FacesPerClip);

    private static string NumberOf(string voice) => Path.GetFileNameWithoutExtension(voice);

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

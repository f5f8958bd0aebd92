using Person = CrossModalVae.Corpora.VoxCeleb1Lists.Person;

namespace CrossModalVae.Corpora;

/// <summary>The files of a copy of VoxCeleb, in one or more folders of voices and of faces; all paths are relative to its root.</summary>
internal sealed class VoxCeleb1Tree(string root, string[] voiceFolders, string[] faceFolders)
{
    private const string Stray = "files outside the folder of a video, left out";

    /// <summary>The ids that have a folder of voices.</summary>
    public HashSet<string> People(CorpusTally tally)
    {
        var people = new HashSet<string>(StringComparer.Ordinal);
        foreach (string folder in voiceFolders)
        {
            CorpusTree.Listing listing = CorpusTree.List(root, folder, tally);
            people.UnionWith(listing.Folders);
            Add(tally, Stray, folder, listing.Files);
        }

        return people;
    }

    /// <summary>
    /// A person's videos in ordinal order, each with its utterances' files by name; an utterance in several files is taken from the best.
    /// </summary>
    public IEnumerable<(string Video, IReadOnlyList<string> Voices)> Voices(Person person, CorpusTally tally)
    {
        var videos = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (string folder in voiceFolders.Select(folder => $"{folder}/{person.Id}").Where(IsThere))
        {
            CorpusTree.Listing listing = CorpusTree.List(root, folder, tally);
            Add(tally, Stray, folder, listing.Files);
            foreach (string video in listing.Folders)
            {
                CorpusTree.Listing inside = CorpusTree.List(root, $"{folder}/{video}", tally);
                Add(tally, "folders inside the folder of a video, left out", $"{folder}/{video}", inside.Folders);
                Add(
                    tally,
                    "files that are no voice, left out",
                    $"{folder}/{video}",
                    inside.Files.Where(file => !CorpusFiles.IsVoice(file)));
                if (!videos.TryGetValue(video, out List<string>? files))
                {
                    videos[video] = files = [];
                }

                files.AddRange(inside.Files.Where(CorpusFiles.IsVoice).Select(file => $"{folder}/{video}/{file}"));
            }
        }

        foreach ((string video, List<string> files) in videos)
        {
            yield return (video, Choose(person, video, files, tally));
        }
    }

    /// <summary>A person's frames by video; null where there is no folder of the person.</summary>
    public SortedDictionary<string, VoxCeleb1Frames>? Faces(Person person, CorpusTally tally)
    {
        string[] folders =
        [
            .. faceFolders.SelectMany(folder => new[] { $"{folder}/{person.Name}", $"{folder}/{person.Id}" }).Distinct().Where(IsThere)
                .Select(folder => IsThere($"{folder}/{VoxCeleb1Corpus.Scale}") ? $"{folder}/{VoxCeleb1Corpus.Scale}" : folder),
        ];
        if (folders.Length == 0)
        {
            tally.Add("people without a face folder", $"{person.Id} {person.Name}");
            return null;
        }

        var videos = new SortedDictionary<string, VoxCeleb1Frames>(StringComparer.Ordinal);
        foreach (string folder in folders)
        {
            CorpusTree.Listing listing = CorpusTree.List(root, folder, tally);
            Add(tally, Stray, folder, listing.Files);
            foreach (string video in listing.Folders)
            {
                VoxCeleb1Frames frames = FramesOf($"{folder}/{video}", tally);
                if (frames.OfVideo.Length + frames.OfUtterances.Count > 0)
                {
                    videos.TryAdd(video, frames);
                }
            }
        }

        return videos;
    }

    /// <summary>The file of one utterance or frame, VIDEO/NUMBER or VIDEO/FRAME; null where it is not there.</summary>
    public string? Find(Person person, string clip, Modality modality)
    {
        (string video, string name) = (Path.GetDirectoryName(clip)!, Path.GetFileName(clip));
        IEnumerable<string> folders = modality == Modality.Voice
            ? voiceFolders.Select(folder => $"{folder}/{person.Id}/{video}")
            : faceFolders.SelectMany(folder => new[] { person.Name, person.Id }.SelectMany(
                who => new[] { $"{folder}/{who}/{VoxCeleb1Corpus.Scale}/{video}", $"{folder}/{who}/{video}" }));
        return folders
            .Select(folder => CorpusFiles.Find(Path.Combine(root, folder), name, modality) is string file ? $"{folder}/{file}" : null)
            .FirstOrDefault(found => found is not null);
    }

    /// <summary>The utterances, id/video/number, that no folder of voices has.</summary>
    public IEnumerable<string> Missing(IEnumerable<string> utterances)
    {
        foreach (IGrouping<string, string> video in utterances.GroupBy(utterance => utterance[..utterance.LastIndexOf('/')]))
        {
            var there = new HashSet<string>(StringComparer.Ordinal);
            foreach (string folder in voiceFolders.Select(folder => $"{folder}/{video.Key}").Where(IsThere))
            {
                there.UnionWith(CorpusTree.List(root, folder, new CorpusTally()).Files
                    .Where(CorpusFiles.IsVoice)
                    .Select(file => $"{video.Key}/{Path.GetFileNameWithoutExtension(file)}"));
            }

            foreach (string utterance in video.Where(utterance => !there.Contains(utterance)))
            {
                yield return utterance;
            }
        }
    }

    private static List<string> Choose(Person person, string video, List<string> files, CorpusTally tally)
    {
        var chosen = new List<string>(files.Count);
        foreach (IGrouping<string, string> utterance in files.GroupBy(
            file => Path.GetFileNameWithoutExtension(file), StringComparer.Ordinal))
        {
            string[] own = [.. utterance];
            string name = $"{person.Id}/{video}/{utterance.Key}";
            if (!CorpusTree.CanName($"{video}/{utterance.Key}") || utterance.Key.Length == 0)
            {
                Add(tally, CorpusTree.Unusable, "", own);
            }
            else if (CorpusFiles.Voice(own) is not string voice)
            {
                tally.Add("utterances with more than one voice file of a kind, left out", $"{name}: {string.Join(" and ", own)}");
            }
            else
            {
                Add(tally, "voice files beside an utterance's voice, left out", "", own.Where(other => other != voice));
                chosen.Add(voice);
            }
        }

        chosen.Sort((one, other) => string.CompareOrdinal(Path.GetFileName(one), Path.GetFileName(other)));
        return chosen;
    }

    private VoxCeleb1Frames FramesOf(string folder, CorpusTally tally)
    {
        CorpusTree.Listing listing = CorpusTree.List(root, folder, tally);
        var utterances = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (string number in listing.Folders)
        {
            CorpusTree.Listing inside = CorpusTree.List(root, $"{folder}/{number}", tally);
            Add(tally, "folders inside the folder of an utterance's frames, left out", $"{folder}/{number}", inside.Folders);
            if (Pictures($"{folder}/{number}", inside, tally) is { Length: > 0 } frames)
            {
                utterances.Add(number, frames);
            }
        }

        return new VoxCeleb1Frames(Pictures(folder, listing, tally), utterances);
    }

    private static string[] Pictures(string folder, CorpusTree.Listing listing, CorpusTally tally)
    {
        Add(
            tally,
            "face videos, left out: extract their frames as jpg or png first",
            folder,
            listing.Files.Where(CorpusFiles.IsFaceVideo));
        Add(
            tally,
            "files that are no picture, left out",
            folder,
            listing.Files.Where(file => !CorpusFiles.IsImage(file) && !CorpusFiles.IsFaceVideo(file)));
        return [.. listing.Files.Where(CorpusFiles.IsImage).Select(file => $"{folder}/{file}")];
    }

    private bool IsThere(string folder) => Directory.Exists(Path.Combine(root, folder));

    private static void Add(CorpusTally tally, string what, string folder, IEnumerable<string> names)
    {
        foreach (string name in names)
        {
            tally.Add(what, folder.Length == 0 ? name : $"{folder}/{name}");
        }
    }
}

/// <summary>The frames of one video.</summary>
/// <param name="OfVideo">Frames whose utterance is not known.</param>
/// <param name="OfUtterances">Frames by the number of their utterance.</param>
internal sealed record VoxCeleb1Frames(string[] OfVideo, IReadOnlyDictionary<string, string[]> OfUtterances);

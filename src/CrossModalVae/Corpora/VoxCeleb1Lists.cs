namespace CrossModalVae.Corpora;

/// <summary>Reads the lists that come with VoxCeleb1 and VoxCeleb2.</summary>
internal static class VoxCeleb1Lists
{
    /// <summary>A row of vox1_meta.csv or vox2_meta.csv.</summary>
    internal sealed record Person(string Id, string Name, string? Gender, string? Nationality, bool InTestSet);

    /// <summary>
    /// vox1_meta.csv: id, name, gender, nationality and set, found by the header; separated by tabs or commas. vox2_meta.csv has ids of
    /// VoxCeleb2 and VGGFace2, and no nationality.
    /// </summary>
    public static IReadOnlyList<Person> ReadPeople(string path)
    {
        string[] lines = ReadLines(path, "VoxCeleb1's list of people, vox1_meta.csv");
        char separator = lines.Length > 0 && lines[0].Contains('\t', StringComparison.Ordinal) ? '\t' : ',';
        string[] header = lines.Length == 0 ? [] : Split(lines[0], separator);
        int Find(string name) => Array.FindIndex(header, title => title.Equals(name, StringComparison.OrdinalIgnoreCase));
        bool isSecond = Find("VoxCeleb2 ID") >= 0;
        int Column(string name)
        {
            int index = Find(name);
            return index >= 0 ? index : throw new InvalidDataException(
                $"{path}: line 1: has no column '{name}'; expected 'VoxCeleb1 ID', 'VGGFace1 ID', 'Gender', "
                + "'Nationality' and 'Set', separated by tabs or commas.");
        }

        int id = Column(isSecond ? "VoxCeleb2 ID" : "VoxCeleb1 ID"), name = Column(isSecond ? "VGGFace2 ID" : "VGGFace1 ID");
        int gender = Column("Gender"), set = Column("Set");
        int? nationality = isSecond ? null : Column("Nationality");
        var people = new List<Person>();
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 1; i < lines.Length; i++)
        {
            if (lines[i].Length == 0)
            {
                continue;
            }

            string[] fields = Split(lines[i], separator);
            string place = $"{path}: line {i + 1}";
            if (fields.Length != header.Length)
            {
                throw new InvalidDataException(
                    $"{place}: has {fields.Length} columns; expected {header.Length}, as the header has.");
            }

            if (fields[gender] is not ("m" or "f" or ""))
            {
                throw new InvalidDataException($"{place}: 'Gender' is \"{fields[gender]}\"; expected m, f or nothing.");
            }

            if (fields[set] is not ("dev" or "test"))
            {
                throw new InvalidDataException($"{place}: 'Set' is \"{fields[set]}\"; expected dev or test.");
            }

            foreach (string key in new[] { fields[id], fields[name] })
            {
                if (!names.TryAdd(key, i + 1))
                {
                    throw new InvalidDataException($"{place}: '{key}' is given twice, first on line {names[key]}; expected once.");
                }
            }

            string? country = nationality is int column ? Known(fields[column]) : null;
            people.Add(new Person(fields[id], fields[name], Known(fields[gender]), country, fields[set] == "test"));
        }

        return people.Count > 0
            ? people
            : throw new InvalidDataException($"{path}: names nobody; expected a person a line below the header.");
    }

    /// <summary>Whether a split file lists utterances ("1 id/video/number.wav") and not people ("Name 1").</summary>
    public static bool ListsUtterances(string path)
    {
        string first = ReadLines(path, "a split file").FirstOrDefault(line => line.Length > 0) ?? throw new InvalidDataException(
            $"{path}: is empty; expected an identity split (\"Name 1\") or iden_split.txt (\"1 id/video/number.wav\").");
        return CorpusFiles.IsVoice(first);
    }

    /// <summary>An identity split: the split of every name or id in it. 1 is train, 2 validation, 4 unseen-unheard test.</summary>
    public static IReadOnlyDictionary<string, CorpusSplit> ReadIdentitySplit(string path) =>
        ReadSplit(path, (name, part, place) => (name, part switch
        {
            "1" => CorpusSplit.Train,
            "2" => CorpusSplit.Validation,
            "4" => CorpusSplit.Test,
            "3" => throw new InvalidDataException(
                $"{place}: '{name}' is in part 3, seen-heard test; expected 1, 2 or 4: a person seen in training cannot be tested on."),
            _ => throw new InvalidDataException(
                $"{place}: the part of '{name}' is \"{part}\"; expected 1 (train), 2 (validation) or 4 (unseen-unheard test)."),
        }));

    /// <summary>
    /// iden_split.txt: the part (1 train, 2 validation, 3 test) of every utterance, keyed by "id/video/number": a copy of the corpus may
    /// hold other files than wav.
    /// </summary>
    public static IReadOnlyDictionary<string, CorpusSplit> ReadUtteranceSplit(string path) =>
        ReadSplit(path, (part, utterance, place) =>
        {
            CorpusSplit split = part switch
            {
                "1" => CorpusSplit.Train,
                "2" => CorpusSplit.Validation,
                "3" => CorpusSplit.Test,
                _ => throw new InvalidDataException(
                    $"{place}: the part of '{utterance}' is \"{part}\"; expected 1 (train), 2 (validation) or 3 (test)."),
            };
            return utterance.Count(c => c == '/') == 2 && CorpusFiles.IsVoice(utterance)
                ? (Path.ChangeExtension(utterance, null), split)
                : throw new InvalidDataException($"{place}: found \"{utterance}\"; expected id/video/number.wav.");
        });

    // Each line has two words: a name or utterance and its part, in the file's own order.
    private static Dictionary<string, CorpusSplit> ReadSplit(
        string path, Func<string, string, string, (string Name, CorpusSplit Split)> parse)
    {
        var splits = new Dictionary<string, CorpusSplit>(StringComparer.Ordinal);
        string[] lines = ReadLines(path, "a split file");
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].Length == 0)
            {
                continue;
            }

            string place = $"{path}: line {i + 1}";
            string[] words = lines[i].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            (string name, CorpusSplit split) = words.Length == 2
                ? parse(words[0], words[1], place)
                : throw new InvalidDataException(
                    $"{place}: has {words.Length} words; expected 2: a name and its part, or a part and its utterance.");
            if (!splits.TryAdd(name, split))
            {
                throw new InvalidDataException($"{place}: '{name}' is given twice; expected once.");
            }
        }

        return splits;
    }

    public static string[] ReadLines(string path, string what)
    {
        using var reader = new StreamReader(InputFile.Open(path, what));
        return [.. reader.ReadToEnd().Split('\n').Select(line => line.Trim())];
    }

    private static string[] Split(string line, char separator) => [.. line.Split(separator).Select(field => field.Trim())];

    private static string? Known(string field) => field.Length == 0 ? null : field;
}

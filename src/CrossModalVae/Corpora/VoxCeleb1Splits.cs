using Person = CrossModalVae.Corpora.VoxCeleb1Lists.Person;

namespace CrossModalVae.Corpora;

/// <summary>The split of every identity of a copy of VoxCeleb1, by the rules of <see cref="VoxCeleb1Corpus"/>.</summary>
internal static class VoxCeleb1Splits
{
    private const string Unnamed = "people whom the split file does not name, left out";

    /// <summary>The split of every identity in use, by id, and the utterances in use where a list selects them.</summary>
    public static (Dictionary<string, CorpusSplit> Splits, IReadOnlyDictionary<string, CorpusSplit>? Utterances) Read(
        VoxCeleb1Options options, Person[] people, CorpusTally tally)
    {
        if (options.SplitFile is not string path)
        {
            return (BySet(people, options.Split), null);
        }

        if (!VoxCeleb1Lists.ListsUtterances(path))
        {
            return (ByIdentity(people, VoxCeleb1Lists.ReadIdentitySplit(path), tally), null);
        }

        IReadOnlyDictionary<string, CorpusSplit> utterances = VoxCeleb1Lists.ReadUtteranceSplit(path);
        return (ByUtterance(people, utterances, options.Split, tally), utterances);
    }

    private static Dictionary<string, CorpusSplit> BySet(Person[] people, IdentitySplitOptions split)
    {
        IEnumerable<string> others = people.Where(person => !person.InTestSet).Select(person => person.Id);
        IReadOnlyDictionary<string, CorpusSplit> dealt = IdentitySplit.Deal(others, split with { TestShare = 0 });
        return people.ToDictionary(person => person.Id, person => person.InTestSet ? CorpusSplit.Test : dealt[person.Id]);
    }

    private static Dictionary<string, CorpusSplit> ByIdentity(
        Person[] people, IReadOnlyDictionary<string, CorpusSplit> listed, CorpusTally tally)
    {
        var splits = new Dictionary<string, CorpusSplit>(StringComparer.Ordinal);
        foreach (Person person in people)
        {
            if (listed.TryGetValue(person.Name, out CorpusSplit split) || listed.TryGetValue(person.Id, out split))
            {
                splits.Add(person.Id, split);
            }
            else
            {
                tally.Add(Unnamed, person.Id);
            }
        }

        return splits;
    }

    private static Dictionary<string, CorpusSplit> ByUtterance(
        Person[] people, IReadOnlyDictionary<string, CorpusSplit> utterances, IdentitySplitOptions split, CorpusTally tally)
    {
        Dictionary<string, CorpusSplit[]> parts = utterances
            .GroupBy(pair => pair.Key[..pair.Key.IndexOf('/', StringComparison.Ordinal)], pair => pair.Value)
            .ToDictionary(group => group.Key, group => group.Distinct().ToArray(), StringComparer.Ordinal);
        var splits = new Dictionary<string, CorpusSplit>(StringComparer.Ordinal);
        var divided = new List<string>();
        foreach (string id in people.Select(person => person.Id))
        {
            if (!parts.TryGetValue(id, out CorpusSplit[]? found))
            {
                tally.Add(Unnamed, id);
            }
            else if (found.Length == 1)
            {
                splits.Add(id, found[0]);
            }
            else
            {
                tally.Add("people whose utterances the split file divides, dealt to one split by share and seed", id);
                divided.Add(id);
            }
        }

        foreach ((string id, CorpusSplit dealt) in IdentitySplit.Deal(divided, split))
        {
            splits.Add(id, dealt);
        }

        return splits;
    }
}

using CrossModalVae.Embeddings;

namespace CrossModalVae.Evaluation;

/// <summary>Who asks whom in one stratum of one direction.</summary>
internal sealed class StratumPlan
{
    private readonly StratumGroup?[] _groupOf; // of every probe; null where it does not take part

    public StratumPlan(Stratum stratum, IReadOnlyList<EmbeddingRow> probes, IReadOnlyList<EmbeddingRow> gallery, int[] tieOrder)
    {
        Stratum = stratum;
        Dictionary<string, StratumGroup> groups = Enumerable.Range(0, gallery.Count)
            .GroupBy(row => Strata.GroupOf(stratum, gallery[row]) ?? "", StringComparer.Ordinal)
            .Where(rows => stratum == Stratum.Random || rows.Key.Length > 0)
            .ToDictionary(rows => rows.Key, rows => new StratumGroup(gallery, [.. rows], tieOrder), StringComparer.Ordinal);
        _groupOf =
        [
            .. probes.Select(probe => Strata.GroupOf(stratum, probe) is string name && groups.TryGetValue(name, out StratumGroup? group)
                && group.Index.Contains(probe.Identity) && group.Index.IdentityCount > 1 ? group : null),
        ];
        StratumGroup[] taking = [.. _groupOf.OfType<StratumGroup>().Distinct()];
        GalleryCount = taking.Sum(group => group.Count);
        ProbeCount = _groupOf.Count(group => group is not null);
        IdentityCount = Enumerable.Range(
            0, probes.Count).Where(i => _groupOf[i] is not null).Select(i => probes[i].Identity).Distinct(StringComparer.Ordinal).Count();
    }

    public Stratum Stratum { get; }

    public int GalleryCount { get; }

    public int ProbeCount { get; }

    public int IdentityCount { get; }

    /// <summary>The part of the gallery that a probe is asked about; null where it does not take part.</summary>
    public StratumGroup? GroupOf(int probe) => _groupOf[probe];
}

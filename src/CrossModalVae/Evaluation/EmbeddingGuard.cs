using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Evaluation;

/// <summary>Refuses embeddings whose scores would mean nothing.</summary>
public static class EmbeddingGuard
{
    /// <summary>A deviation below this share of the values' size counts as none.</summary>
    private const double SmallestRelativeDeviation = 1e-6;

    /// <summary>Rankings that agree this far for every query do not depend on it. One item may well be the nearest to all (a hub).</summary>
    private const int ComparedRanks = 10;

    /// <summary>Checks embeddings before they are scored.</summary>
    /// <param name="embeddings">Rows of all splits and modalities that are at hand.</param>
    /// <param name="metric">What nearness will mean.</param>
    /// <exception cref="InvalidDataException">
    /// An identity is in two splits; a modality's rows are all equal, or most repeat another identity's row; or
    /// every query has the same ranking.
    /// </exception>
    public static void Check(EmbeddingSet embeddings, RankingMetric metric)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        CorpusGuard.RequireSeparateSplits(embeddings.Rows.Select(row => (row.Identity, row.Split)));
        foreach (Modality modality in new[] { Modality.Voice, Modality.Face, Modality.Joint })
        {
            EmbeddingSet own = embeddings.Where(row => row.Modality == modality);
            if (own.Count > 1)
            {
                CheckVariance(own, modality);
                CheckDuplicates(own, modality);
            }
        }

        CheckDependence(embeddings, Modality.Voice, Modality.Face, metric);
        CheckDependence(embeddings, Modality.Face, Modality.Voice, metric);
    }

    private static void CheckVariance(EmbeddingSet set, Modality modality)
    {
        double largest = 0;
        double size = 0;
        for (int d = 0; d < set.Dimension; d++)
        {
            float first = set[0][d];
            for (int i = 0; i < set.Count; i++)
            {
                largest = Math.Max(largest, Math.Abs(set[i][d] - first));
                size = Math.Max(size, Math.Abs(set[i][d]));
            }
        }

        if (largest <= SmallestRelativeDeviation * size)
        {
            throw new InvalidDataException(
                $"All {set.Count} {Name(modality)} embeddings are equal; must differ between clips (the inputs were constant, or the posterior collapsed).");
        }
    }

    private static void CheckDuplicates(EmbeddingSet set, Modality modality)
    {
        var owners = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        string[] keys = new string[set.Count];
        for (int i = 0; i < set.Count; i++)
        {
            keys[i] = Convert.ToBase64String(System.Runtime.InteropServices.MemoryMarshal.AsBytes(set[i]));
            (owners.TryGetValue(keys[i], out HashSet<string>? known) ? known : owners[keys[i]] = []).Add(set.Rows[i].Identity);
        }

        int shared = keys.Count(key => owners[key].Count > 1);
        if (shared * 2 > set.Count)
        {
            throw new InvalidDataException(
                $"{shared} of {set.Count} {Name(modality)} embeddings equal one of another identity; must be few (the same files under several names?).");
        }
    }

    /// <summary>Refuses rankings that are the same whoever asks: what is ranked tells nobody from anybody.</summary>
    /// <param name="probes">Who may ask, with what the ranker's metric needs.</param>
    /// <param name="gallery">What is ranked; with fewer than 10 rows equal orders mean little, and nothing is refused.</param>
    /// <exception cref="InvalidDataException">The nearest rows are the same, in the same order, for all probes, and these are of more than one identity.</exception>
    public static void CheckDependence(EmbeddingSet probes, Ranker gallery)
    {
        ArgumentNullException.ThrowIfNull(probes);
        ArgumentNullException.ThrowIfNull(gallery);
        int identities = probes.Rows.Select(row => row.Identity).Distinct().Count();
        if (identities < 2 || gallery.Count < ComparedRanks)
        {
            return;
        }

        int[] first = Order(0);
        for (int i = 1; i < probes.Count; i++)
        {
            if (!Order(i).AsSpan().SequenceEqual(first))
            {
                return;
            }
        }

        throw new InvalidDataException(
            $"The {first.Length} nearest {Name(gallery.Rows[first[0]].Modality)}s are the same, in the same order, for all {probes.Count} {Name(probes.Rows[0].Modality)} queries; "
            + "rankings must depend on the query.");

        int[] Order(int probe) => [.. gallery.Search(probes.Slice(probe, 1), ComparedRanks)[0].Select(row => row.Row)];
    }

    private static void CheckDependence(EmbeddingSet embeddings, Modality asking, Modality answering, RankingMetric metric) =>
        CheckDependence(embeddings.Where(row => row.Modality == asking), new Ranker(embeddings.Where(row => row.Modality == answering), metric));

    private static string Name(Modality modality) => modality switch
    {
        Modality.Voice => "voice",
        Modality.Face => "face",
        _ => "joint",
    };
}

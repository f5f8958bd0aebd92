using System.Runtime.InteropServices;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Evaluation;

/// <summary>Refuses embeddings whose scores would mean nothing.</summary>
public static class EmbeddingGuard
{
    /// <summary>A deviation below this share of the values' size counts as none.</summary>
    private const double SmallestRelativeDeviation = 1e-6;

    /// <summary>
    /// Rankings that agree this far for every query do not depend on it. One item may well be the nearest to all (a hub).
    /// </summary>
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
            int count = embeddings.Rows.Count(row => row.Modality == modality);
            if (count > 1)
            {
                CheckVariance(embeddings, modality, count);
                CheckDuplicates(embeddings, modality, count);
            }
        }

        var ranker = new Ranker(embeddings, metric); // over all rows, so that none is copied; masks tell the modalities apart
        CheckDependence(embeddings, Modality.Voice, ranker, Modality.Face);
        CheckDependence(embeddings, Modality.Face, ranker, Modality.Voice);
    }

    private static void CheckVariance(EmbeddingSet set, Modality modality, int count)
    {
        double largest = 0;
        double size = 0;
        int first = -1;
        for (int i = 0; i < set.Count; i++)
        {
            if (set.Rows[i].Modality != modality)
            {
                continue;
            }

            first = first < 0 ? i : first;
            for (int d = 0; d < set.Dimension; d++)
            {
                largest = Math.Max(largest, Math.Abs(set[i][d] - set[first][d]));
                size = Math.Max(size, Math.Abs(set[i][d]));
            }
        }

        if (largest <= SmallestRelativeDeviation * size)
        {
            throw new InvalidDataException(
                $"All {count} {Name(modality)} embeddings are equal; must differ between clips "
                + "(the inputs were constant, or the posterior collapsed).");
        }
    }

    private static void CheckDuplicates(EmbeddingSet set, Modality modality, int count)
    {
        int shared = SharedRows(set, modality, count);
        if (shared * 2L > count)
        {
            throw new InvalidDataException(
                $"{shared} of {count} {Name(modality)} embeddings equal one of another identity; must be few "
                + "(the same files under several names?).");
        }
    }

    // Rows of one modality whose bytes are also those of another identity's row. A hash and a number a row, no copy of the matrix.
    private static int SharedRows(EmbeddingSet set, Modality modality, int count)
    {
        ulong[] hashes = new ulong[count];
        int[] rows = new int[count];
        int next = 0;
        for (int i = 0; i < set.Count; i++)
        {
            if (set.Rows[i].Modality == modality)
            {
                (hashes[next], rows[next++]) = (Hash(Bytes(set, i)), i);
            }
        }

        Array.Sort(hashes, rows);
        int shared = 0;
        for (int start = 0, end; start < count; start = end)
        {
            end = start + 1;
            while (end < count && hashes[end] == hashes[start])
            {
                end++;
            }

            shared += SharedRows(set, rows.AsSpan(start, end - start));
        }

        return shared;
    }

    // Among rows of one hash, which are equal but for collisions: those equal to the first, and then the rest.
    private static int SharedRows(EmbeddingSet set, Span<int> rows)
    {
        int shared = 0;
        while (rows.Length > 1)
        {
            int equal = 1;
            bool isOfOneIdentity = true;
            for (int i = 1; i < rows.Length; i++)
            {
                if (Bytes(set, rows[i]).SequenceEqual(Bytes(set, rows[0])))
                {
                    isOfOneIdentity &= set.Rows[rows[i]].Identity == set.Rows[rows[0]].Identity;
                    (rows[equal], rows[i]) = (rows[i], rows[equal]);
                    equal++;
                }
            }

            shared += isOfOneIdentity ? 0 : equal;
            rows = rows[equal..];
        }

        return shared;
    }

    private static ReadOnlySpan<byte> Bytes(EmbeddingSet set, int row) => MemoryMarshal.AsBytes(set[row]);

    // FNV-1a by 32 bits at a time, its high half mixed in for rows that differ in few bits.
    private static ulong Hash(ReadOnlySpan<byte> row)
    {
        ulong hash = 14695981039346656037UL;
        foreach (uint word in MemoryMarshal.Cast<byte, uint>(row))
        {
            hash = unchecked((hash ^ word) * 1099511628211UL);
            hash ^= hash >> 32;
        }

        return hash;
    }

    /// <summary>Refuses rankings that are the same whoever asks: what is ranked tells nobody from anybody.</summary>
    /// <param name="probes">Who may ask, with what the ranker's metric needs.</param>
    /// <param name="gallery">What is ranked; with fewer than 10 rows equal orders mean little, and nothing is refused.</param>
    /// <exception cref="InvalidDataException">The nearest rows are the same, in the same order, for all probes, and these
    /// are of more than one identity.</exception>
    public static void CheckDependence(EmbeddingSet probes, Ranker gallery)
    {
        ArgumentNullException.ThrowIfNull(probes);
        ArgumentNullException.ThrowIfNull(gallery);
        CheckDependence(probes, [.. Enumerable.Range(0, probes.Count)], gallery, null);
    }

    private static void CheckDependence(EmbeddingSet embeddings, Modality asking, Ranker gallery, Modality answering) => CheckDependence(
        embeddings,
        [.. Enumerable.Range(0, embeddings.Count).Where(i => embeddings.Rows[i].Modality == asking)],
        gallery,
        RowMask.Where(embeddings.Rows, row => row.Modality == answering));

    private static void CheckDependence(EmbeddingSet probes, int[] asking, Ranker gallery, RowMask? mask)
    {
        bool isOfSeveral = asking.Any(probe => probes.Rows[probe].Identity != probes.Rows[asking[0]].Identity);
        if (!isOfSeveral || (mask?.AllowedCount ?? gallery.Count) < ComparedRanks)
        {
            return;
        }

        int[] first = Order(asking[0]);
        if (asking.Skip(1).Any(probe => !Order(probe).AsSpan().SequenceEqual(first)))
        {
            return;
        }

        throw new InvalidDataException(
            $"The {first.Length} nearest {Name(gallery.Rows[first[0]].Modality)}s are the same, in the same order, for all {asking.Length} "
            + $"{Name(probes.Rows[asking[0]].Modality)} queries; rankings must depend on the query.");

        int[] Order(int probe) => [.. gallery.Search(probes.Slice(probe, 1), ComparedRanks, mask)[0].Select(row => row.Row)];
    }

    private static string Name(Modality modality) => modality switch
    {
        Modality.Voice => "voice",
        Modality.Face => "face",
        _ => "joint",
    };
}

using System.Runtime.InteropServices;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Evaluation;

/// <summary>Refuses embeddings whose scores would be meaningless.</summary>
internal static class EmbeddingGuard
{
    private const double SmallestRelativeDifference = 1e-6; // of the largest magnitude
    private const int ComparedRanks = 10; // a single item may well be the nearest to all queries (a hub)

    /// <summary>Checks embeddings of all splits and modalities before they are scored.</summary>
    /// <exception cref="InvalidDataException">An identity is in two splits; a modality's rows are all equal, or most repeat another
    /// identity's row; or every query has the same ranking.</exception>
    public static void Check(EmbeddingSet embeddings, RankingMetric metric)
    {
        CorpusGuard.RequireSeparateSplits(embeddings.Rows.Select(row => (row.Identity, row.Split)));
        foreach (Modality modality in Enum.GetValues<Modality>())
        {
            int[] rows = [.. Enumerable.Range(0, embeddings.Count).Where(i => embeddings.Rows[i].Modality == modality)];
            if (rows.Length > 1)
            {
                CheckVariance(embeddings, modality, rows);
                CheckDuplicates(embeddings, modality, rows);
            }
        }

        var ranker = new Ranker(embeddings, metric); // over all rows, so that none is copied; masks select the modality
        CheckDependence(embeddings, Modality.Voice, ranker, Modality.Face);
        CheckDependence(embeddings, Modality.Face, ranker, Modality.Voice);
    }

    private static void CheckVariance(EmbeddingSet set, Modality modality, int[] rows)
    {
        double largest = 0;
        double size = 0;
        foreach (int row in rows)
        {
            for (int d = 0; d < set.Dimension; d++)
            {
                largest = Math.Max(largest, Math.Abs(set[row][d] - set[rows[0]][d]));
                size = Math.Max(size, Math.Abs(set[row][d]));
            }
        }

        if (largest <= SmallestRelativeDifference * size)
        {
            throw new InvalidDataException(
                $"All {rows.Length} {EnumText.Of(modality)} embeddings are equal; must differ between clips "
                + "(the inputs were constant, or the posterior collapsed).");
        }
    }

    // Counts rows whose bytes are also those of another identity's row: a hash and a number a row, no copy of the matrix.
    private static void CheckDuplicates(EmbeddingSet set, Modality modality, int[] rows)
    {
        ulong[] hashes = Array.ConvertAll(rows, row => Hash(Bytes(set, row)));
        Array.Sort(hashes, rows);
        int shared = 0;
        for (int start = 0, end; start < rows.Length; start = end)
        {
            end = start + 1;
            while (end < rows.Length && hashes[end] == hashes[start])
            {
                end++;
            }

            shared += SharedRows(set, rows.AsSpan(start, end - start));
        }

        if (shared * 2L > rows.Length)
        {
            throw new InvalidDataException(
                $"{shared} of {rows.Length} {EnumText.Of(modality)} embeddings equal one of another identity; must be few "
                + "(the same files under several names?).");
        }
    }

    // Of rows with one hash, which are equal but for collisions: those equal to the first, then the rest.
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

    /// <summary>Refuses rankings that are the same for every probe; galleries of fewer than 10 rows are accepted.</summary>
    /// <exception cref="InvalidDataException">The nearest rows are the same, in the same order, for all probes, and these are of more than
    /// one identity.</exception>
    public static void CheckDependence(EmbeddingSet probes, Ranker gallery) =>
        CheckDependence(probes, [.. Enumerable.Range(0, probes.Count)], gallery, null);

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
            $"The {first.Length} nearest {EnumText.Of(gallery.Rows[first[0]].Modality)}s are the same, in the same order, for all "
            + $"{asking.Length} {EnumText.Of(probes.Rows[asking[0]].Modality)} queries; rankings must depend on the query.");

        int[] Order(int probe) => [.. gallery.Search(probes.Slice(probe, 1), ComparedRanks, mask)[0].Select(row => row.Row)];
    }
}

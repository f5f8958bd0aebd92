using CrossModalVae.Embeddings;
using CrossModalVae.Pipelines.Saving;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Pipelines.Ranking;

/// <summary>What a step ranks: embeddings in memory, or a gallery on disk.</summary>
internal sealed class RankedGallery : IDisposable
{
    private const int RowsPerBlock = 1 << 14;

    private readonly EmbeddingSet? _memory;
    private readonly Gallery? _disk;
    private readonly bool _ownsDisk;

    private RankedGallery(EmbeddingSet? memory, Gallery? disk, EmbeddingOrigin? origin, bool ownsDisk) =>
        (_memory, _disk, Origin, _ownsDisk) = (memory, disk, origin, ownsDisk);

    /// <summary>The model that computed it; null where that is not known.</summary>
    public EmbeddingOrigin? Origin { get; }

    public static RankedGallery Of(EmbeddingSet memory) => new(memory, null, null, false);

    /// <summary>A gallery that stays its owner's.</summary>
    public static RankedGallery Of(Gallery disk) => new(null, disk, EmbeddingOrigin.Read(disk.Folder), false);

    public Ranker CreateRanker(RankingMetric metric) => _memory is null ? new Ranker(_disk!, metric) : new Ranker(_memory, metric);

    /// <summary>Saves it; a gallery on disk as the rows that were there when it was opened, in its own precision.</summary>
    public SavedGallery Save(BundleWriter writer)
    {
        if (_memory is not null)
        {
            return new SavedGallery(writer.Add(_memory), IsOnDisk: false);
        }

        return new SavedGallery(writer.AddFolder(Copy), IsOnDisk: true);
    }

    /// <summary>Loads it; a gallery on disk is unpacked into the temporary folder, memory-mapped, and gone from there at once.</summary>
    public static RankedGallery Load(SavedGallery saved, BundleReader reader)
    {
        if (!saved.IsOnDisk)
        {
            return Of(reader.Embeddings(saved.Files));
        }

        return reader.Unpacked(saved.Files, folder =>
        {
            var gallery = Gallery.Open(folder);
            _ = gallery.Rows; // read on first use, when the files have no names any more; the mapped ones stay until the gallery is closed
            return new RankedGallery(null, gallery, EmbeddingOrigin.Read(folder), ownsDisk: true);
        });
    }

    /// <summary>Closes a gallery that was loaded from a bundle.</summary>
    public void Dispose()
    {
        if (_ownsDisk)
        {
            _disk!.Dispose();
        }
    }

    private void Copy(string folder)
    {
        using (GalleryWriter copy = GalleryWriter.Create(folder, _disk!.Options))
        {
            for (int first = 0; first < _disk.Count; first += RowsPerBlock)
            {
                copy.Append(_disk.Read([.. Enumerable.Range(first, Math.Min(RowsPerBlock, _disk.Count - first))]));
            }
        }

        Origin?.Write(folder);
    }
}

/// <summary>A gallery in a bundle.</summary>
internal sealed record SavedGallery(IReadOnlyList<string> Files, bool IsOnDisk);

using CrossModalVae.Embeddings;
using CrossModalVae.Files;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Hosting.Galleries;

/// <summary>A gallery's host from its opening or making to its deletion.</summary>
internal sealed class OwnedGallery(string folder, ModelHost model) : IDisposable
{
    // As GalleryWriter and EmbeddingOrigin write them.
    private static readonly string[] Files =
    [
        EmbeddingFolder.GalleryName, EmbeddingFile.MatrixName, EmbeddingFile.StandardDeviationsName, EmbeddingFile.ReconstructionsName,
        EmbeddingFile.RowsName, EmbeddingOrigin.FileName, GalleryWriter.LockName,
    ];

    private readonly Lock _gate = new();
    private GalleryHost? _host;
    private bool _disposed;

    public string Folder => folder;

    public bool Exists => File.Exists(EmbeddingFolder.Find(folder, EmbeddingFolder.GalleryName));

    /// <summary>The host, opened where the gallery is there.</summary>
    /// <exception cref="FileNotFoundException">There is no gallery.</exception>
    public GalleryHost Host()
    {
        lock (_gate)
        {
            if (_host is null && !Exists)
            {
                string path = Path.Combine(folder, EmbeddingFolder.GalleryName);
                throw new FileNotFoundException(
                    $"{path}: there is no such file; expected a gallery, as EnsureCollectionExistsAsync makes it.", path);
            }

            return Ensure();
        }
    }

    /// <summary>The host of a gallery that is made where it is not there.</summary>
    public GalleryHost Ensure()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(VectorGallery));
            return _host ??= Open();
        }
    }

    /// <summary>Deletes the files, and the folder where nothing else is in it.</summary>
    public void Delete()
    {
        lock (_gate)
        {
            _host?.Dispose();
            _host = null;
            if (!Directory.Exists(folder))
            {
                return;
            }

            EmbeddingFolder.Complete(folder); // what a stopped writer left moves to its place, or goes
            foreach (string file in Files)
            {
                File.Delete(Path.Combine(folder, file));
            }

            if (!Directory.EnumerateFileSystemEntries(folder).Any())
            {
                Directory.Delete(folder);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _host?.Dispose();
            _host = null;
        }
    }

    private GalleryHost Open()
    {
        RankingMetric metric = model.Card.Recipe.Ranking.Metric;
        return metric is RankingMetric.Cosine or RankingMetric.InnerProduct or RankingMetric.Euclidean
            ? GalleryHost.Open(folder, model)
            : throw UserError.Mark(new NotSupportedException(
                $"The model's recipe ranks by {EnumText.Of(metric)}, which compares more than vectors; "
                + "expected cosine, inner-product or euclidean."));
    }
}

using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using CrossModalVae.Embeddings;
using CrossModalVae.Hosting.Galleries;
using CrossModalVae.Retrieval;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;

namespace CrossModalVae.Hosting;

/// <summary>
/// A gallery on disk as a collection of Microsoft.Extensions.VectorData: exact search over memory-mapped rows by a
/// <see cref="GalleryHost"/>, by the metric of the model's recipe. Filters are fields compared by == and != with values, joined by
/// &amp;&amp;, || and !. Deleted rows leave no byte in any file. Thread-safe. GetService gives the host, which ranks people too.
/// </summary>
public sealed class VectorGallery : VectorStoreCollection<string, GalleryRecord>
{
    private readonly OwnedGallery _owned;
    private readonly IEmbeddingGenerator<DataContent, Embedding<float>>? _generator;
    private readonly ConditionalWeakTable<Gallery, Dictionary<string, int>> _keys = [];

    /// <summary>Names a gallery's folder; nothing is opened yet.</summary>
    /// <param name="folder">The folder; the collection's name is its last part.</param>
    /// <param name="model">The model whose embeddings the rows are; it stays the caller's.</param>
    /// <param name="generator">Makes a search of a clip's bytes, <see cref="DataContent"/>; it stays the caller's. Default none.</param>
    public VectorGallery(string folder, ModelHost model, IEmbeddingGenerator<DataContent, Embedding<float>>? generator = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(model);
        _owned = new OwnedGallery(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)), model);
        _generator = generator;
    }

    /// <summary>The last part of the folder's path.</summary>
    public override string Name => Path.GetFileName(_owned.Folder);

    /// <summary>Whether the folder has a gallery.</summary>
    /// <param name="cancellationToken">Not used: it is short.</param>
    public override Task<bool> CollectionExistsAsync(CancellationToken cancellationToken = default) => Task.FromResult(_owned.Exists);

    /// <summary>Opens the gallery, or makes an empty one where there is none.</summary>
    /// <param name="cancellationToken">Not used: it is short.</param>
    /// <exception cref="InvalidDataException">The gallery is broken, of another model, or does not say of which.</exception>
    /// <exception cref="NotSupportedException">The recipe's metric compares more than vectors.</exception>
    /// <exception cref="IOException">The folder cannot be written, or another writer has it.</exception>
    public override Task EnsureCollectionExistsAsync(CancellationToken cancellationToken = default) =>
        Task.Run(_owned.Ensure, cancellationToken);

    /// <summary>Deletes the gallery's files once its running changes have ended, and its folder where nothing else is in it.</summary>
    /// <param name="cancellationToken">Ends the wait for its beginning.</param>
    /// <exception cref="IOException">A file cannot be deleted.</exception>
    public override Task EnsureCollectionDeletedAsync(CancellationToken cancellationToken = default) =>
        Task.Run(_owned.Delete, cancellationToken);

    /// <summary>A record; null where there is none.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="options">Whether its vector is read. Default not.</param>
    /// <param name="cancellationToken">Not used: it is short.</param>
    /// <exception cref="FileNotFoundException">There is no gallery.</exception>
    public override Task<GalleryRecord?> GetAsync(
        string key, RecordRetrievalOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        bool withVector = options?.IncludeVectors ?? false;
        return Task.FromResult(_owned.Host().Read(
            (gallery, _) => KeysOf(gallery).TryGetValue(key, out int row) ? Record(gallery, row, withVector) : null));
    }

    /// <summary>The records that a filter lets pass, in the gallery's order or the one asked for.</summary>
    /// <param name="filter">The condition.</param>
    /// <param name="top">How many, at least 1.</param>
    /// <param name="options">Order, records to skip, and whether vectors are read. Default none of them.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="NotSupportedException">The filter or the order has what is not supported; the message names it.</exception>
    /// <exception cref="FileNotFoundException">There is no gallery.</exception>
    public override IAsyncEnumerable<GalleryRecord> GetAsync(
        Expression<Func<GalleryRecord, bool>> filter,
        int top,
        FilteredRecordRetrievalOptions<GalleryRecord>? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        options ??= new FilteredRecordRetrievalOptions<GalleryRecord>();
        Func<EmbeddingRow, bool> passes = RecordFilter.Of(filter);
        return _owned.Host().Read((gallery, _) =>
        {
            IEnumerable<int> found = Enumerable.Range(0, gallery.Count).Where(row => passes(gallery.Rows[row]));
            var records = new List<GalleryRecord>();
            foreach (int row in RecordOrder.Apply(found, gallery.Rows, options.OrderBy).Skip(options.Skip).Take(top))
            {
                cancellationToken.ThrowIfCancellationRequested();
                records.Add(Record(gallery, row, options.IncludeVectors));
            }

            return records;
        }).ToAsyncEnumerable();
    }

    /// <summary>Adds a record, or replaces the one with its key.</summary>
    /// <param name="record">The record.</param>
    /// <param name="cancellationToken">Ends the wait for another writer.</param>
    /// <exception cref="ArgumentException">A field is not what it must be, or the vector has another length.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public override Task UpsertAsync(GalleryRecord record, CancellationToken cancellationToken = default) =>
        UpsertAsync([record], cancellationToken);

    /// <summary>
    /// Adds records, or replaces those with their keys; searches see the old rows or the new ones. On the disk the old ones go in one
    /// commit and the new ones come in the next; where nothing is replaced, there is one.
    /// </summary>
    /// <param name="records">The records, each key once, their vectors of the gallery's model.</param>
    /// <param name="cancellationToken">Ends the wait for an earlier change.</param>
    /// <exception cref="ArgumentException">A field is not what it must be, a vector has another length, or a key is there
    /// twice.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public override Task UpsertAsync(IEnumerable<GalleryRecord> records, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(records);
        GalleryRecord[] all = [.. records];
        if (all.Length == 0)
        {
            return Task.CompletedTask;
        }

        EmbeddingRow[] rows = [.. all.Select(record => record.ToRow())];
        if (all.Select(record => record.Key).Distinct().Count() < all.Length)
        {
            throw UserError.Mark(new ArgumentException("'records' has a key twice; must have each key once."));
        }

        GalleryHost host = _owned.Host();
        int dimension = host.Read((gallery, _) => gallery.Options.Dimension);
        if (all.FirstOrDefault(record => record.Vector.Length != dimension) is GalleryRecord other)
        {
            throw UserError.Mark(new ArgumentException(
                $"The vector of '{other.Key}' has {other.Vector.Length} numbers; must have {dimension}, as the gallery's."));
        }

        return host.ReplaceAsync(
            new EmbeddingSet([.. all.SelectMany(record => record.Vector.ToArray())], dimension, rows), cancellationToken);
    }

    /// <summary>Removes a record, if it is there; no file has a byte of it afterwards.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="cancellationToken">Ends the wait for an earlier change.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public override Task DeleteAsync(string key, CancellationToken cancellationToken = default) => DeleteAsync([key], cancellationToken);

    /// <summary>Removes those records that are there, in one commit; no file has a byte of them afterwards.</summary>
    /// <param name="keys">Their keys.</param>
    /// <param name="cancellationToken">Ends the wait for an earlier change.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public override Task DeleteAsync(IEnumerable<string> keys, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        HashSet<string> all = [.. keys];
        return _owned.Host().ForgetAsync(row => all.Contains(GalleryRecord.KeyOf(row)), cancellationToken);
    }

    /// <summary>The nearest records, nearest first, by exact search.</summary>
    /// <typeparam name="TInput">ReadOnlyMemory of float, float[], Embedding of float, or with a generator
    /// <see cref="DataContent"/>.</typeparam>
    /// <param name="searchValue">The query.</param>
    /// <param name="top">How many, at least 1.</param>
    /// <param name="options">Filter, records to skip, least score (largest distance for Euclidean), and whether vectors are read.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Records with their cosine, inner product, or Euclidean distance.</returns>
    /// <exception cref="ArgumentException">The query is of another type or length.</exception>
    /// <exception cref="NotSupportedException">The filter has what is not supported; the message names it.</exception>
    /// <exception cref="FileNotFoundException">There is no gallery.</exception>
    public override async IAsyncEnumerable<VectorSearchResult<GalleryRecord>> SearchAsync<TInput>(
        TInput searchValue,
        int top,
        VectorSearchOptions<GalleryRecord>? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        options ??= new VectorSearchOptions<GalleryRecord>();
        Func<EmbeddingRow, bool>? passes = options.Filter is null ? null : RecordFilter.Of(options.Filter);
        ReadOnlyMemory<float> query = await QueryAsync(searchValue, cancellationToken);
        GalleryHost host = _owned.Host();
        IReadOnlyList<VectorSearchResult<GalleryRecord>> found = await Task.Run(
            () => host.Read((gallery, ranker) => Search(gallery, ranker, query, top, options, passes, cancellationToken)),
            cancellationToken);
        foreach (VectorSearchResult<GalleryRecord> match in found)
        {
            yield return match;
        }
    }

    /// <summary>The collection itself, its <see cref="GalleryHost"/>, its metadata, or null.</summary>
    /// <param name="serviceType">What is asked for.</param>
    /// <param name="serviceKey">None.</param>
    public override object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(VectorStoreCollectionMetadata)
                ? new VectorStoreCollectionMetadata { VectorStoreSystemName = "crossmodalvae", CollectionName = Name }
            : serviceType == typeof(GalleryHost) ? _owned.Host()
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <summary>Closes the gallery once running searches and changes have ended.</summary>
    /// <param name="disposing">Whether it is disposed.</param>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _owned.Dispose();
        }

        base.Dispose(disposing);
    }

    private static GalleryRecord Record(Gallery gallery, int row, bool withVector) =>
        GalleryRecord.Of(gallery.Rows[row], withVector ? gallery.Read([row]).Values : ReadOnlyMemory<float>.Empty);

    private static IReadOnlyList<VectorSearchResult<GalleryRecord>> Search(
        Gallery gallery,
        Ranker ranker,
        ReadOnlyMemory<float> query,
        int top,
        VectorSearchOptions<GalleryRecord> options,
        Func<EmbeddingRow, bool>? passes,
        CancellationToken cancellationToken)
    {
        if (query.Length != gallery.Options.Dimension)
        {
            throw UserError.Mark(new ArgumentException(
                $"'searchValue' has {query.Length} numbers; must have {gallery.Options.Dimension}, as the gallery's vectors."));
        }

        RowMask? mask = passes is null ? null : RowMask.Where(gallery.Rows, passes);
        if (gallery.Count == 0 || mask?.AllowedCount == 0)
        {
            return [];
        }

        bool isDistance = ranker.Metric == RankingMetric.Euclidean; // the ranker's scores are higher where nearer
        int count = (int)Math.Min((long)top + options.Skip, gallery.Count);
        return
        [
            .. ranker.Search(query, count, mask, cancellationToken)[0]
                .Skip(options.Skip)
                .Select(match => (match.Row, Score: isDistance ? -match.Score : match.Score))
                .TakeWhile(match => options.ScoreThreshold is not double limit
                    || (isDistance ? match.Score <= limit : match.Score >= limit))
                .Select(match => new VectorSearchResult<GalleryRecord>(
                    Record(gallery, match.Row, options.IncludeVectors), match.Score)),
        ];
    }

    private Dictionary<string, int> KeysOf(Gallery gallery) => _keys.GetValue(
        gallery,
        static own => Enumerable.Range(0, own.Count).ToDictionary(row => GalleryRecord.KeyOf(own.Rows[row]), StringComparer.Ordinal));

    private async ValueTask<ReadOnlyMemory<float>> QueryAsync<TInput>(TInput value, CancellationToken cancellationToken) => value switch
    {
        ReadOnlyMemory<float> vector => vector,
        float[] vector => vector,
        Embedding<float> embedding => embedding.Vector,
        DataContent clip when _generator is not null =>
            (await _generator.GenerateAsync([clip], cancellationToken: cancellationToken))[0].Vector,
        DataContent => throw UserError.Mark(new ArgumentException(
            "'searchValue' is a clip, and the collection has no generator; must be a vector, or the collection be made with one.")),
        _ => throw UserError.Mark(new ArgumentException(
            $"'searchValue' is {typeof(TInput).Name}; must be ReadOnlyMemory<float>, float[], Embedding<float> or DataContent.")),
    };
}

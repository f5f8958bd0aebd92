using CrossModalVae.Embeddings;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Hosting;

/// <summary>
/// A gallery on disk that is ranked while people are added and forgotten. It holds the gallery's writer: no other process changes the
/// gallery meanwhile. Each change makes the rows of now anew, in O(N D); those who rank meanwhile keep the rows of before. Thread-safe.
/// </summary>
public sealed class GalleryHost : IDisposable
{
    private readonly EmbeddingOrigin _origin;
    private readonly RankingMetric _metric;
    private readonly GalleryWriter _writer;
    private readonly SemaphoreSlim _writing = new(1);
    private readonly Lock _gate = new();
    private GalleryView? _current; // null once disposed

    private GalleryHost(GalleryWriter writer, EmbeddingOrigin origin, RankingMetric metric)
    {
        (_writer, _origin, _metric) = (writer, origin, metric);
        _current = new GalleryView(writer.Folder, metric);
    }

    /// <summary>The gallery's folder.</summary>
    public string Folder => _writer.Folder;

    /// <summary>The number of rows now.</summary>
    public int Count => Read((gallery, _) => gallery.Count);

    /// <summary>The metric that ranks, the recipe's.</summary>
    public RankingMetric Metric => _metric;

    /// <summary>SHA-256 of the weights of the model whose embeddings the rows are.</summary>
    public string WeightsHash => _origin.WeightsHash;

    /// <summary>Opens a gallery of a host's model, or makes an empty one where the folder has none.</summary>
    /// <param name="folder">The gallery's folder.</param>
    /// <param name="model">The model that serves now; its recipe says how to rank.</param>
    /// <exception cref="InvalidDataException">The gallery is broken, of another model, or does not say of which.</exception>
    /// <exception cref="ArgumentException">The recipe ranks by ms-vae, for which a service makes no reconstructions.</exception>
    /// <exception cref="IOException">The folder cannot be written, or another writer has it.</exception>
    public static GalleryHost Open(string folder, ModelHost model)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(model);
        ModelCard card = model.Card;
        RankingMetric metric = card.Recipe.Ranking.Metric;
        if (metric == RankingMetric.MsVae)
        {
            throw UserError.Mark(new ArgumentException(
                $"The recipe of '{card.Name}' ranks by ms-vae, which compares reconstructions; expected a metric of embeddings.",
                nameof(model)));
        }

        EmbeddingOrigin origin = EmbeddingOrigin.Of(card);
        bool exists = File.Exists(EmbeddingFolder.Find(folder, EmbeddingFolder.GalleryName));
        if (exists)
        {
            RequireOrigin(folder, origin);
        }

        GalleryWriter writer = exists ? GalleryWriter.Open(folder) : Create(folder, origin, metric, model.Model.Dimension);
        try
        {
            return new GalleryHost(writer, origin, metric);
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    /// <summary>Ranks the rows of one modality for an embedding of the gallery's model.</summary>
    /// <param name="query">The embedding, as the host gave it.</param>
    /// <param name="rows">Which rows: faces for a voice, voices for a face.</param>
    /// <param name="request">What is ranked; its filter is not used.</param>
    /// <returns>The matches, nearest first; none where the gallery has no such row.</returns>
    /// <exception cref="InvalidOperationException">The embedding is of another model.</exception>
    public IReadOnlyList<RankedMatch> Rank(HostedPosterior query, Modality rows, RankingRequest request)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(request);
        RequireModel(query);
        return Use(view =>
        {
            RowMask mask = view.MaskOf(rows);
            return mask.AllowedCount == 0 ? []
                : _metric == RankingMetric.GaussianWasserstein
                    ? (request with { Filter = new RankingFilter { Modality = rows } }).Rank(view.Ranker, Probe(query))
                    : request.Rank(view.Ranker, query.Mean, mask);
        });
    }

    /// <summary>The number of people with rows of a modality.</summary>
    /// <param name="rows">The modality.</param>
    public int CountPeople(Modality rows) => Use(view => view.CountPeople(rows));

    /// <summary>Calls a function with the rows of now, which stay open until it returns.</summary>
    /// <typeparam name="T">What it gives.</typeparam>
    /// <param name="read">Receives the gallery and what ranks it; it must not keep them.</param>
    public T Read<T>(Func<Gallery, Ranker, T> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        return Use(view => read(view.Gallery, view.Ranker));
    }

    /// <summary>Adds a row; on return it is on the disk.</summary>
    /// <param name="row">Whose it is, and its clip, which the gallery must not have in this modality.</param>
    /// <param name="posterior">Its embedding, as the host gave it.</param>
    /// <param name="cancellationToken">Ends the wait for an earlier change.</param>
    /// <exception cref="ArgumentException">The clip is in the gallery already, or a number cannot be kept.</exception>
    /// <exception cref="InvalidOperationException">The embedding is of another model.</exception>
    /// <exception cref="IOException">It cannot be written; the gallery is as before.</exception>
    public Task AddAsync(EmbeddingRow row, HostedPosterior posterior, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(posterior);
        RequireModel(posterior);
        return ChangeAsync(
            () =>
            {
                _writer.Append(new EmbeddingSet(posterior.Mean, posterior.Mean.Length, [row], Deviations(posterior)));
                return 1;
            },
            cancellationToken);
    }

    /// <summary>
    /// Adds rows in place of those of the same clips and modalities. Who ranks meanwhile sees the rows of before or of after; on the disk
    /// the old rows go in one commit and the new ones come in the next.
    /// </summary>
    /// <param name="rows">The rows, embeddings of the gallery's model, with all that the gallery keeps.</param>
    /// <param name="cancellationToken">Ends the wait for an earlier change.</param>
    /// <returns>How many rows went.</returns>
    /// <exception cref="ArgumentException">The rows have other sizes, a clip is there twice, or a number cannot be kept; nothing is
    /// changed.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public Task<int> ReplaceAsync(EmbeddingSet rows, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return ChangeAsync(() => _writer.Replace(rows), cancellationToken);
    }

    /// <summary>Removes rows for good, as <see cref="GalleryWriter.Forget"/> does.</summary>
    /// <param name="selects">Whether a row goes.</param>
    /// <param name="cancellationToken">Ends the wait for an earlier change.</param>
    /// <returns>How many rows went.</returns>
    /// <exception cref="IOException">It cannot be written; the gallery has all rows or the remaining ones.</exception>
    public Task<int> ForgetAsync(Func<EmbeddingRow, bool> selects, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(selects);
        return ChangeAsync(() => _writer.Forget(selects), cancellationToken);
    }

    /// <summary>Closes the files once running rankings have ended.</summary>
    public void Dispose()
    {
        _writing.Wait();
        try
        {
            Replace(null);
            _writer.Dispose();
        }
        finally
        {
            _writing.Release();
        }
    }

    private static GalleryWriter Create(string folder, EmbeddingOrigin origin, RankingMetric metric, int dimension)
    {
        Directory.CreateDirectory(folder);
        origin.Write(folder);
        return GalleryWriter.Create(folder, new GalleryOptions
        {
            Dimension = dimension,
            HasStandardDeviations = metric == RankingMetric.GaussianWasserstein,
        });
    }

    private static void RequireOrigin(string folder, EmbeddingOrigin expected)
    {
        if (EmbeddingOrigin.Read(folder) is null)
        {
            throw new InvalidDataException(
                $"{Path.Combine(folder, EmbeddingOrigin.FileName)}: there is no such file, so that nobody knows which model made the "
                + $"gallery; expected one of '{expected.Model}'.");
        }

        expected.Require(folder);
    }

    private static float[] Deviations(HostedPosterior posterior) => [.. posterior.LogVariance.Select(value => MathF.Exp(value / 2))];

    private static EmbeddingSet Probe(HostedPosterior query)
    {
        var row = new EmbeddingRow { Identity = "", Clip = "", Modality = Modality.Voice, Split = Corpora.CorpusSplit.Test };
        return new EmbeddingSet(query.Mean, query.Mean.Length, [row], Deviations(query));
    }

    private void RequireModel(HostedPosterior posterior)
    {
        if (posterior.WeightsHash != WeightsHash)
        {
            throw UserError.Mark(new InvalidOperationException(
                $"The embedding is of a model with weights {posterior.WeightsHash[..12]}; the gallery {Folder} is of '{_origin.Model}', "
                + $"weights {WeightsHash[..12]}."));
        }
    }

    private async Task<int> ChangeAsync(Func<int> change, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(
                () =>
                {
                    ObjectDisposedException.ThrowIf(_current is null, this);
                    try
                    {
                        return change();
                    }
                    finally
                    {
                        Replace(new GalleryView(Folder, _metric)); // also where moving the files of a committed change has failed
                    }
                },
                CancellationToken.None);
        }
        finally
        {
            _writing.Release();
        }
    }

    private void Replace(GalleryView? next)
    {
        GalleryView? old;
        lock (_gate)
        {
            (old, _current) = (_current, next);
        }

        old?.Leave();
    }

    private T Use<T>(Func<GalleryView, T> use)
    {
        GalleryView view;
        lock (_gate)
        {
            view = _current ?? throw new ObjectDisposedException(nameof(GalleryHost));
            view.Hold();
        }

        try
        {
            return use(view);
        }
        finally
        {
            view.Leave();
        }
    }
}

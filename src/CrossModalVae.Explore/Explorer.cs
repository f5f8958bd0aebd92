using System.Text.Json;
using CrossModalVae.Scoring;

namespace CrossModalVae.Explore;

/// <summary>
/// Embeddings to look into: a map of voices and faces, rankings across the modalities, errors and clusters; served to a browser on this
/// machine (<see cref="ExploreServer"/>), as one HTML file, or as a Parquet table. Threads may share one.
/// </summary>
public sealed class Explorer : IDisposable
{
    private readonly DroppedClips? _dropped;
    private readonly Lock _ranking = new();

    private Explorer(ExploreOptions options, MapRows map, Nearest nearest, ScoringModel? model)
    {
        (Options, Map, Nearest) = (options, map, nearest);
        Ranks = new ErrorRanks(map, nearest);
        Media = options.Manifest is Manifest manifest ? new ClipMedia(manifest) : null;
        _dropped = model is null ? null : new DroppedClips(model, options, map, nearest);
        Notes = [.. map.Notes, .. MediaNotes(), .. RankNotes()];
    }

    /// <summary>What a reader must know: what was left out, and why.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Rows on the map.</summary>
    public int RowCount => Map.Set.Count;

    /// <summary>People on the map.</summary>
    public int PeopleCount => Map.People.Length;

    /// <summary>What the data are called: the folder's name, and where that says little the one around it.</summary>
    internal string Name
    {
        get
        {
            string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(Options.Embeddings));
            string name = Path.GetFileName(full);
            return name == "embeddings" && Path.GetFileName(Path.GetDirectoryName(full)) is { Length: > 0 } parent
                ? $"{parent}/{name}"
                : name;
        }
    }

    internal ExploreOptions Options { get; }

    internal MapRows Map { get; }

    internal Nearest Nearest { get; }

    internal ErrorRanks Ranks { get; }

    internal ClipMedia? Media { get; }

    internal DroppedClips? Dropped => _dropped;

    /// <summary>Reads the embeddings, draws people where there are too many, and places the rows.</summary>
    /// <param name="options">What is looked into.</param>
    /// <param name="model">Embeds files that are dropped on the page; null for none. It is disposed with the explorer, or where this
    /// fails.</param>
    /// <param name="progress">Receives what is being done, how much of it is done, and how much there is.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">An option is out of range, or a calibration is of other scores.</exception>
    /// <exception cref="FileNotFoundException">There are no embeddings, or no gallery.</exception>
    /// <exception cref="InvalidDataException">The embeddings, the gallery, the projection or the model do not fit each other.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Explorer Load(
        ExploreOptions options,
        ScoringModel? model = null,
        IProgress<(string Stage, int Done, int Total)>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        Nearest? nearest = null;
        try
        {
            options.Validate();
            var map = MapRows.Read(options, progress, cancellationToken);
            nearest = new Nearest(options, map);
            return new Explorer(options, map, nearest, model);
        }
        catch
        {
            nearest?.Dispose();
            model?.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Computes the rank of the right person for every row, where it was not done before; waits where another thread is at it.
    /// </summary>
    /// <param name="progress">Receives what is being done, how much of it is done, and how much there is.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void ComputeRanks(IProgress<(string Stage, int Done, int Total)>? progress = null, CancellationToken cancellationToken = default)
    {
        lock (_ranking)
        {
            if (Ranks.Done < Ranks.Total)
            {
                Ranks.Compute(progress is null ? null : new Stage("ranking", Ranks.Total, progress), cancellationToken);
            }
        }
    }

    /// <summary>Writes the page as one file that needs no server: the map, every row's ranking, pictures and sounds. Computes ranks where
    /// <see cref="ComputeRanks"/> has not.</summary>
    /// <param name="path">The HTML file.</param>
    /// <param name="mostMediaBytes">What thumbnails and excerpts of two seconds may take of the file; 0 for none.</param>
    /// <param name="progress">Receives what is being done, how much of it is done, and how much there is.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="IOException">The file cannot be written; what was there is untouched.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void WritePage(
        string path,
        long mostMediaBytes = 0,
        IProgress<(string Stage, int Done, int Total)>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ComputeRanks(progress, cancellationToken);
        AtomicFile.Write(path, stream => PageFile.Write(stream, this, mostMediaBytes, progress, cancellationToken));
    }

    /// <summary>Writes the rows as a Parquet table, for Embedding Atlas, FiftyOne and scripts: who and what each is, where it lies, its
    /// nearest of the other modality, the right person's rank, its embedding.</summary>
    /// <param name="path">The Parquet file.</param>
    /// <param name="progress">Receives what is being done, how much of it is done, and how much there is.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="IOException">The file cannot be written; what was there is untouched.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void WriteTable(
        string path, IProgress<(string Stage, int Done, int Total)>? progress = null, CancellationToken cancellationToken = default)
    {
        ComputeRanks(progress, cancellationToken);
        AtomicFile.Write(path, stream => AtlasFile.Write(stream, this, progress, cancellationToken));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Nearest.Dispose();
        _dropped?.Dispose();
    }

    internal void WriteData(Utf8JsonWriter writer) => PageData.Write(writer, this, [], fields =>
    {
        fields.WriteBoolean("faces", Media is not null);
        fields.WriteBoolean("voices", Media is not null);
        fields.WriteBoolean("drop", _dropped is not null);
    });

    private IEnumerable<string> MediaNotes()
    {
        if (Media is null)
        {
            yield return "No manifest is given: there are no pictures and no sounds.";
        }
        else if (Media.CountKnown(Map.Set) is var known && known < RowCount)
        {
            yield return Invariant($"The manifest lacks the clips of {RowCount - known} of {RowCount} rows; ")
                + "they have no picture and no sound.";
        }
    }

    private IEnumerable<string> RankNotes()
    {
        if (Ranks.Total < RowCount)
        {
            yield return Invariant($"The right person's rank is computed for {Ranks.Total} of {RowCount} rows, evenly spaced.");
        }
    }

    /// <summary>A stage's progress.</summary>
    internal sealed class Stage(string name, int total, IProgress<(string Stage, int Done, int Total)> progress) : IProgress<int>
    {
        public void Report(int value) => progress.Report((name, value, total));
    }
}

using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Retrieval.Galleries;
using Microsoft.Win32.SafeHandles;

namespace CrossModalVae.Retrieval;

/// <summary>
/// Makes galleries, appends to them and removes rows; one writer at a time, readers at any time. Rows are appended after the committed ones
/// and flushed to the disk; then gallery.json, the commit record, is renamed into place. An append that is stopped leaves the old rows or
/// all new ones, and the next writer removes its rest. Rows are removed by writing the others anew, in one commit.
/// </summary>
public sealed class GalleryWriter : IDisposable
{
    /// <summary>The file by which writers keep others out.</summary>
    internal const string LockName = "gallery.lock";

    private readonly FileStream _lock;
    private readonly HashSet<(Modality, ClipKey)> _keys;
    private readonly Action<string> _reached;
    private GalleryCommit _commit;

    private GalleryWriter(string folder, FileStream ownLock, GalleryCommit commit, Action<string>? reached)
    {
        (Folder, _lock, _commit) = (folder, ownLock, commit);
        _reached = reached ?? (_ => { });
        _keys = [.. Gallery.ReadRows(folder, commit).Select(Key)];
    }

    /// <summary>The gallery's folder.</summary>
    public string Folder { get; }

    /// <summary>N, committed rows.</summary>
    public int Count => _commit.RowCount;

    /// <summary>What is kept of each row.</summary>
    public GalleryOptions Options => _commit.Options;

    /// <summary>Whose the committed rows are, in no order.</summary>
    internal IEnumerable<string> Identities => _keys.Select(key => key.Item2.Identity).Distinct(StringComparer.Ordinal);

    /// <summary>Makes an empty gallery.</summary>
    /// <param name="folder">The folder; created where missing.</param>
    /// <param name="options">What is kept of each row.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="InvalidDataException">There is a gallery, or other embeddings, in the folder.</exception>
    /// <exception cref="IOException">The folder cannot be written, or another writer has it.</exception>
    public static GalleryWriter Create(string folder, GalleryOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        FileStream ownLock = Lock(folder);
        try
        {
            var commit = new GalleryCommit(options, 0, 0);
            IEnumerable<string> files =
            [
                GalleryCommit.FileName,
                .. commit.Matrices(folder).Select(matrix => Path.GetFileName(matrix.Path)),
                EmbeddingFile.RowsName,
                EmbeddingFolder.NextName,
            ];
            if (files.FirstOrDefault(file => Path.Exists(Path.Combine(folder, file))) is string found)
            {
                throw new InvalidDataException(
                    $"{folder}: holds '{found}' already; expected a folder without embeddings, to make a gallery in.");
            }

            foreach (GalleryMatrix matrix in commit.Matrices(folder))
            {
                AtomicFile.Write(matrix.Path, stream => stream.Write(NpyFile.Header(0, matrix.Columns, matrix.Precision)));
            }

            AtomicFile.Write(Path.Combine(folder, EmbeddingFile.RowsName), _ => { });
            commit.Write(folder);
            return new GalleryWriter(folder, ownLock, commit, null);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            ownLock.Dispose();
            throw;
        }
    }

    /// <summary>Opens a gallery to change it, and ends what a stopped writer began.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="FileNotFoundException">There is no gallery.</exception>
    /// <exception cref="InvalidDataException">A file is broken, cut short or of another gallery.</exception>
    /// <exception cref="IOException">The folder cannot be written, or another writer has it.</exception>
    public static GalleryWriter Open(string folder) => Open(folder, null);

    /// <summary>Appends rows: all of them, or none where it fails or is stopped.</summary>
    /// <param name="set">The rows, of the gallery's dimension, with all that the gallery keeps; the rest is ignored.</param>
    /// <exception cref="ArgumentException">The set has other sizes or lacks what the gallery keeps, a number cannot be represented, or a
    /// clip is in the gallery already.</exception>
    /// <exception cref="IOException">It cannot be written; the gallery is as it was before.</exception>
    public void Append(EmbeddingSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        float[][] parts = Check(set, replaces: false);
        try
        {
            Repair();
            IReadOnlyList<GalleryMatrix> matrices = _commit.Matrices(Folder);
            for (int i = 0; i < matrices.Count; i++)
            {
                Append(matrices[i], parts[i], set);
                _reached(Path.GetFileName(matrices[i].Path));
            }

            long rowsBytes = AppendRows(set.Rows);
            _reached(EmbeddingFile.RowsName);
            GalleryCommit commit = _commit with { RowCount = checked(_commit.RowCount + set.Count), RowsBytes = rowsBytes };
            commit.Write(Folder);
            _commit = commit;
            _keys.UnionWith(set.Rows.Select(Key));
            _reached(GalleryCommit.FileName);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{Folder}: cannot be written: {e.Message}", e);
        }

        WriteHeadersOfCommitted();
    }

    /// <summary>
    /// Removes rows for good: afterwards no file of the gallery has a byte of them. All of them go, or none where it fails or is stopped
    /// before its commit; what a stop after the commit leaves, the next writer ends. The other rows keep their order and every bit. Readers
    /// that have the gallery open keep what they see, and the old files' space, until they close it. Needs room for the remaining rows.
    /// </summary>
    /// <param name="selects">Whether a row goes.</param>
    /// <returns>How many rows went.</returns>
    /// <exception cref="IOException">It cannot be written; the gallery has all rows or the remaining ones.</exception>
    public int Forget(Func<EmbeddingRow, bool> selects)
    {
        ArgumentNullException.ThrowIfNull(selects);
        Repair();
        bool[] stays = [.. Gallery.ReadRows(Folder, _commit).Select(row => !selects(row))];
        int removed = stays.Count(stay => !stay);
        if (removed > 0)
        {
            try
            {
                EmbeddingFolder.Replace(
                    Folder, target => RemainingRows.Write(Folder, target, _commit, stays), () => _reached(EmbeddingFolder.NextName));
            }
            finally
            {
                _commit = GalleryCommit.Read(Folder); // the new one also where moving its files has failed
                _keys.Clear();
                _keys.UnionWith(Gallery.ReadRows(Folder, _commit).Select(Key));
            }
        }

        return removed;
    }

    /// <summary>
    /// Appends rows in place of those of the same clips and modalities, which are removed first, as <see cref="Forget"/> does: two commits.
    /// </summary>
    /// <param name="set">The rows, as for <see cref="Append(EmbeddingSet)"/>.</param>
    /// <returns>How many rows went.</returns>
    /// <exception cref="ArgumentException">The set has other sizes or lacks what the gallery keeps, a number cannot be represented, or a
    /// clip is in the set twice; nothing is removed.</exception>
    /// <exception cref="IOException">It cannot be written; the gallery has all old rows, the remaining ones, or the new ones
    /// too.</exception>
    public int Replace(EmbeddingSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        foreach ((GalleryMatrix matrix, float[] part) in _commit.Matrices(Folder).Zip(Check(set, replaces: true)))
        {
            if (FeatureCodec.Encode(part, matrix.Precision, new byte[part.Length * FeatureCodec.Size(matrix.Precision)]) is not null)
            {
                throw CannotHold(matrix, part, set);
            }
        }

        HashSet<(Modality, ClipKey)> keys = [.. set.Rows.Select(Key)];
        int removed = Forget(row => keys.Contains(Key(row)));
        Append(set);
        return removed;
    }

    /// <summary>Releases the lock against other writers.</summary>
    public void Dispose() => _lock.Dispose();

    /// <summary>The same; <paramref name="reached"/> is called after every written file, for tests that stop there.</summary>
    internal static GalleryWriter Open(string folder, Action<string>? reached)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        GalleryCommit.Read(folder); // fails before a lock file is made where there is no gallery
        FileStream ownLock = Lock(folder);
        try
        {
            EmbeddingFolder.Complete(folder);
            GalleryCommit commit = GalleryCommit.Read(folder);
            foreach (GalleryMatrix matrix in commit.Matrices(folder))
            {
                using FileStream stream = MappedMatrix.OpenShared(matrix.Path, "a gallery's matrix");
                matrix.Check(stream, commit.RowCount);
            }

            var writer = new GalleryWriter(folder, ownLock, commit, reached);
            writer.Repair();
            return writer;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            ownLock.Dispose();
            if (e is UnauthorizedAccessException)
            {
                throw new IOException($"{folder}: cannot be written: {e.Message}", e);
            }

            throw;
        }
    }

    private static FileStream Lock(string folder)
    {
        string path = Path.Combine(folder, LockName);
        try
        {
            Directory.CreateDirectory(folder);
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{path}: cannot be written: {e.Message}", e);
        }
        catch (IOException e)
        {
            throw new IOException($"{path}: cannot be taken: {e.Message.TrimEnd('.')}; one writer at a time changes a gallery.", e);
        }
    }

    private static (Modality, ClipKey) Key(EmbeddingRow row) => (row.Modality, row.Key);

    private static void Change(string path, Action<SafeFileHandle> write)
    {
        using SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        write(handle);
    }

    // Bytes beyond the commit are of a stopped append; headers may lack rows where one was stopped right after its commit.
    private void Repair()
    {
        EmbeddingFolder.Complete(Folder);
        foreach (GalleryMatrix matrix in _commit.Matrices(Folder))
        {
            Change(matrix.Path, handle => RandomAccess.SetLength(handle, matrix.BytesOf(_commit.RowCount)));
        }

        Change(Path.Combine(Folder, EmbeddingFile.RowsName), handle => RandomAccess.SetLength(handle, _commit.RowsBytes));
        WriteHeaders();
    }

    // After the commit a failure must not be reported: the caller would append the rows again. Only numpy reads the headers.
    private void WriteHeadersOfCommitted()
    {
        try
        {
            WriteHeaders();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Repair writes them, when the gallery is next opened or appended to.
        }
    }

    private void WriteHeaders()
    {
        foreach (GalleryMatrix matrix in _commit.Matrices(Folder))
        {
            Change(
                matrix.Path, handle => RandomAccess.Write(handle, NpyFile.Header(_commit.RowCount, matrix.Columns, matrix.Precision), 0));
        }
    }

    private void Append(GalleryMatrix matrix, float[] values, EmbeddingSet set) => Change(matrix.Path, handle =>
    {
        int size = FeatureCodec.Size(matrix.Precision);
        var bytes = new byte[Math.Max(1, (1 << 20) / (matrix.Columns * size)) * matrix.Columns * size];
        long at = matrix.BytesOf(_commit.RowCount);
        for (int start = 0; start < values.Length; start += bytes.Length / size)
        {
            int count = Math.Min(bytes.Length / size, values.Length - start);
            if (FeatureCodec.Encode(values.AsSpan(start, count), matrix.Precision, bytes.AsSpan(0, count * size)) is not null)
            {
                throw CannotHold(matrix, values, set);
            }

            RandomAccess.Write(handle, bytes.AsSpan(0, count * size), at);
            at += count * size;
        }

        RandomAccess.FlushToDisk(handle);
    });

    private long AppendRows(IReadOnlyList<EmbeddingRow> rows)
    {
        string path = Path.Combine(Folder, EmbeddingFile.RowsName);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 1 << 16);
        stream.Position = _commit.RowsBytes;
        for (int i = 0; i < rows.Count; i++)
        {
            stream.Write(JsonFile.Line(path, _commit.RowCount + i + 1, FileSchema.EmbeddingRow, EmbeddingFile.ToJson(rows[i])));
        }

        stream.Flush(flushToDisk: true);
        return stream.Position;
    }

    private float[][] Check(EmbeddingSet set, bool replaces)
    {
        string? fault = set.Dimension != Options.Dimension
            ? $"'set' has {set.Dimension} values a row; the gallery's rows have {Options.Dimension}."
            : Options.HasStandardDeviations && set.StandardDeviations is null
                ? "'set' has no standard deviations; the gallery keeps them."
                : Options.ReconstructionLength > 0 && set.Count > 0 && set.ReconstructionLength != Options.ReconstructionLength
                    ? $"'set' has {set.ReconstructionLength} reconstructed features a row; "
                        + $"the gallery's rows have {Options.ReconstructionLength}."
                    : null;
        if (fault is not null)
        {
            throw UserError.Mark(new ArgumentException(fault, nameof(set)));
        }

        var seen = new HashSet<(Modality, ClipKey)>();
        foreach (EmbeddingRow row in set.Rows)
        {
            if ((!replaces && _keys.Contains(Key(row))) || !seen.Add(Key(row)))
            {
                throw UserError.Mark(new ArgumentException(
                    $"The {row.Label} is in {(seen.Contains(Key(row)) ? "the set twice" : "the gallery already")}; expected once.",
                    nameof(set)));
            }
        }

        return
        [
            set.Values,
            .. Options.HasStandardDeviations ? [set.StandardDeviations!] : Array.Empty<float[]>(),
            .. Options.ReconstructionLength > 0 ? [set.Reconstructions ?? []] : Array.Empty<float[]>(),
        ];
    }

    private static ArgumentException CannotHold(GalleryMatrix matrix, float[] values, EmbeddingSet set)
    {
        var bytes = new byte[FeatureCodec.Size(matrix.Precision)];
        int index = Array.FindIndex(values, value => FeatureCodec.Encode([value], matrix.Precision, bytes) is not null);
        EmbeddingRow row = set.Rows[index / matrix.Columns];
        string what = float.IsFinite(values[index]) ? "float16 cannot hold (at most 65504 in size)" : "is not finite";
        string found = values[index].ToString(CultureInfo.InvariantCulture);
        return UserError.Mark(new ArgumentException(
            $"Value {index % matrix.Columns} of the {row.Label} for "
            + $"{Path.GetFileName(matrix.Path)} is {found}, which {what}.",
            nameof(set)));
    }
}

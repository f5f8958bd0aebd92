using System.IO.MemoryMappedFiles;
using CrossModalVae.Embeddings;
using CrossModalVae.Retrieval.Galleries;

namespace CrossModalVae.Retrieval;

/// <summary>
/// A memory-mapped gallery of embeddings: embeddings.npy and rows.jsonl as in an embedding folder, standard_deviations.npy and
/// reconstructions.npy where they are kept, and gallery.json, the commit record. An open gallery does not change: rows that
/// <see cref="GalleryWriter"/> appends or removes are so, all together, for those who open it afterwards. Thread-safe for reading.
/// </summary>
public sealed class Gallery : IDisposable
{
    // A writer that removes rows moves files: each opening may meet another of at most five.
    private const int MostAttempts = 8;

    private readonly GalleryCommit _commit;
    private readonly MappedMatrix[] _matrices;
    private readonly FileStream _rowsFile; // stays open: another file may lie in its place when the rows are first asked for
    private readonly Lazy<IReadOnlyList<EmbeddingRow>> _rows;

    private Gallery(string folder, GalleryCommit commit, MappedMatrix[] matrices, FileStream rowsFile)
    {
        (Folder, _commit, _matrices, _rowsFile) = (folder, commit, matrices, rowsFile);
        _rows = new Lazy<IReadOnlyList<EmbeddingRow>>(() => ReadRows(rowsFile, Path.Combine(folder, EmbeddingFile.RowsName), commit));
    }

    /// <summary>Its folder.</summary>
    public string Folder { get; }

    /// <summary>N.</summary>
    public int Count => _commit.RowCount;

    /// <summary>What is kept of each row.</summary>
    public GalleryOptions Options => _commit.Options;

    /// <summary>The description of each row; read on first use.</summary>
    /// <exception cref="InvalidDataException">rows.jsonl is broken or cut short.</exception>
    /// <exception cref="ObjectDisposedException">The gallery was disposed before the first use.</exception>
    public IReadOnlyList<EmbeddingRow> Rows => _rows.Value;

    /// <summary>Opens a gallery as its last complete append left it.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="FileNotFoundException">One of its files is missing.</exception>
    /// <exception cref="InvalidDataException">A file is broken, cut short or of another gallery; the message says which.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="PlatformNotSupportedException">This machine is big-endian.</exception>
    public static Gallery Open(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("Gallery files are little-endian and mapped as they are; this machine is big-endian.");
        }

        for (int attempt = 1; ; attempt++)
        {
            Gallery? opened = null;
            try
            {
                opened = Open(folder, GalleryCommit.Read(folder));
                if (GalleryCommit.Read(folder) == opened._commit)
                {
                    return opened;
                }

                opened.Dispose(); // its files may be of two commits
            }
            catch (Exception e) when (attempt < MostAttempts && e is InvalidDataException or IOException)
            {
                opened?.Dispose();
            }

            if (attempt == MostAttempts)
            {
                throw new IOException($"{folder}: is written to so often that it cannot be opened; expected a pause between two writes.");
            }
        }
    }

    /// <summary>Copies rows into memory, in single precision.</summary>
    /// <param name="rows">Zero-based rows.</param>
    /// <returns>The rows in the order asked for, with all that the gallery keeps.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    /// <exception cref="ObjectDisposedException">The gallery is disposed.</exception>
    public EmbeddingSet Read(IReadOnlyList<int> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        foreach (int row in rows)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(row, nameof(rows));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Count, nameof(rows));
        }

        using Held held = Hold();
        return new EmbeddingSet(
            Copy(_matrices[0].Rows, rows),
            Options.Dimension,
            [.. rows.Select(row => Rows[row])],
            Options.HasStandardDeviations ? Copy(_matrices[1].Rows, rows) : null,
            Options.ReconstructionLength > 0 ? Copy(_matrices[^1].Rows, rows) : null);
    }

    /// <summary>Closes the files once running searches have ended.</summary>
    public void Dispose()
    {
        foreach (MappedMatrix matrix in _matrices)
        {
            matrix.Dispose();
        }

        _rowsFile.Dispose();
    }

    /// <summary>The matrices that a metric compares, or null where the gallery lacks one. Valid while the gallery is held.</summary>
    internal RowMatrix[]? Parts(RankingMetric metric) => metric switch
    {
        RankingMetric.GaussianWasserstein => Options.HasStandardDeviations ? [_matrices[0].Rows, _matrices[1].Rows] : null,
        RankingMetric.MsVae => Options.ReconstructionLength > 0 ? [_matrices[0].Rows, _matrices[^1].Rows] : null,
        _ => [_matrices[0].Rows],
    };

    /// <summary>Keeps the files mapped until the result is disposed.</summary>
    /// <exception cref="ObjectDisposedException">The gallery is disposed.</exception>
    internal Held Hold() => new(_matrices);

    /// <summary>The committed lines of rows.jsonl.</summary>
    internal static IReadOnlyList<EmbeddingRow> ReadRows(string folder, GalleryCommit commit)
    {
        using FileStream stream = OpenRows(folder, commit);
        return ReadRows(stream, Path.Combine(folder, EmbeddingFile.RowsName), commit);
    }

    private static Gallery Open(string folder, GalleryCommit commit)
    {
        FileStream rows = OpenRows(folder, commit);
        var matrices = new List<MappedMatrix>();
        try
        {
            foreach (GalleryMatrix matrix in commit.Matrices(folder))
            {
                matrices.Add(new MappedMatrix(matrix, commit.RowCount));
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            matrices.ForEach(matrix => matrix.Dispose());
            rows.Dispose();
            throw;
        }

        return new Gallery(folder, commit, [.. matrices], rows);
    }

    private static FileStream OpenRows(string folder, GalleryCommit commit)
    {
        string path = EmbeddingFolder.Find(folder, EmbeddingFile.RowsName);
        FileStream stream = MappedMatrix.OpenShared(path, "a gallery's rows");
        if (stream.Length >= commit.RowsBytes)
        {
            return stream;
        }

        long length = stream.Length;
        stream.Dispose();
        throw new InvalidDataException(
            $"{path}: has {length} bytes; expected at least {commit.RowsBytes}, "
            + $"as {GalleryCommit.FileName} beside it has: the file is cut short.");
    }

    private static List<EmbeddingRow> ReadRows(FileStream stream, string path, GalleryCommit commit)
    {
        var rows = new List<EmbeddingRow>(commit.RowCount);
        if (commit.RowsBytes > 0)
        {
            using var file = MemoryMappedFile.CreateFromFile(
                stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            using MemoryMappedViewStream committed = file.CreateViewStream(0, commit.RowsBytes, MemoryMappedFileAccess.Read);
            rows.AddRange(JsonFile.ReadLines(committed, path, FileSchema.EmbeddingRow).Select(EmbeddingFile.ToRow));
        }

        return rows.Count == commit.RowCount
            ? rows
            : throw new InvalidDataException(
                $"{path}: has {rows.Count} lines in its first {commit.RowsBytes} bytes; expected {commit.RowCount}, "
                + $"as {GalleryCommit.FileName} beside it has: the files are not of one gallery.");
    }

    private static float[] Copy(RowMatrix matrix, IReadOnlyList<int> rows)
    {
        var values = new float[rows.Count * matrix.Dimension];
        for (int i = 0; i < rows.Count; i++)
        {
            matrix.CopyRow(rows[i], values.AsSpan(i * matrix.Dimension, matrix.Dimension));
        }

        return values;
    }

    /// <summary>Holds the mapped memory.</summary>
    internal readonly struct Held : IDisposable
    {
        private readonly List<MappedMatrix> _held = [];

        public Held(MappedMatrix[] matrices)
        {
            try
            {
                foreach (MappedMatrix matrix in matrices)
                {
                    matrix.Hold();
                    _held.Add(matrix);
                }
            }
            catch (ObjectDisposedException)
            {
                Dispose();
                throw new ObjectDisposedException(nameof(Gallery));
            }
        }

        public void Dispose() => _held.ForEach(matrix => matrix.Release());
    }
}

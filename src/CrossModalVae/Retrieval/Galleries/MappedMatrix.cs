using System.IO.MemoryMappedFiles;

namespace CrossModalVae.Retrieval.Galleries;

/// <summary>
/// The committed rows of a gallery's matrix in mapped memory, which stays mapped while it is held, also when it is disposed meanwhile.
/// </summary>
internal sealed unsafe class MappedMatrix : IDisposable
{
    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _view;

    public MappedMatrix(GalleryMatrix matrix, int rows)
    {
        using FileStream stream = OpenShared(matrix.Path, "a gallery's matrix");
        matrix.Check(stream, rows);
        if (rows == 0)
        {
            Rows = new RowMatrix([], 0, matrix.Columns);
            return;
        }

        _file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        _view = _file.CreateViewAccessor(0, matrix.BytesOf(rows), MemoryMappedFileAccess.Read);
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        _view.SafeMemoryMappedViewHandle.ReleasePointer(); // readers hold it
        Rows = new RowMatrix(start + _view.PointerOffset + NpyFile.HeaderBytes, rows, matrix.Columns, matrix.Precision);
    }

    /// <summary>The rows; valid between <see cref="Hold"/> and <see cref="Release"/>.</summary>
    public RowMatrix Rows { get; }

    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public void Hold()
    {
        bool held = false;
        _view?.SafeMemoryMappedViewHandle.DangerousAddRef(ref held);
    }

    public void Release() => _view?.SafeMemoryMappedViewHandle.DangerousRelease();

    public void Dispose()
    {
        _view?.Dispose();
        _file?.Dispose();
    }

    /// <summary>Opens a file that a writer may have open at the same time.</summary>
    public static FileStream OpenShared(string path, string what)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FileNotFoundException($"{path}: there is no such file; expected {what}.", path, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{path}: cannot be read: {e.Message}", e);
        }
    }
}

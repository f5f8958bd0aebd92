using CrossModalVae.Corpora;
using Microsoft.Win32.SafeHandles;

namespace CrossModalVae.Features;

/// <summary>
/// A feature store being written, by this process alone. Plain writes instead of a memory map, so that a full disk is an error, not a
/// crash.
/// </summary>
internal sealed class FeatureStoreFile : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly string _path;

    private FeatureStoreFile(SafeFileHandle handle, string path, string final, FeatureStoreHeader header) =>
        (_handle, _path, FinalPath, Header) = (handle, path, final, header);

    public FeatureStoreHeader Header { get; }

    /// <summary>The name the file will take.</summary>
    public string FinalPath { get; }

    /// <summary>
    /// Opens what an earlier run left in <paramref name="path"/>, or begins; messages name the <paramref name="final"/> file.
    /// </summary>
    /// <exception cref="InvalidDataException">The file is something else.</exception>
    /// <exception cref="IOException">No space, no permission, or another process has it open.</exception>
    public static FeatureStoreFile Open(string path, string final, FeatureStoreHeader header, FeatureStoreContent content)
    {
        bool begun = File.Exists(path);
        if (begun)
        {
            using Stream stream = InputFile.Open(path, "a feature store being prepared");
            begun = !FeatureStoreHeader.IsUnfinished(stream);
        }

        SafeFileHandle? handle = null;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);

            // All space is allocated now, so that a full disk fails before hours of work.
            handle = begun
                ? File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None)
                : File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, preallocationSize: header.Layout.FileBytes);
            if (!begun)
            {
                Begin(handle, header, content);
            }

            var file = new FeatureStoreFile(handle, path, final, header);
            if (begun)
            {
                file.RequireSame(content);
            }

            handle = null;
            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{final}: cannot be written: {e.Message.TrimEnd('.')}; it needs {header.Layout.FileBytes} bytes.", e);
        }
        finally
        {
            handle?.Dispose();
        }
    }

    public FeatureStoreRecord? ReadRecord(int index)
    {
        Span<byte> bytes = stackalloc byte[FeatureStoreRecord.Bytes];
        return ReadUpTo(bytes, Header.Layout.RecordAt(index)) && FeatureStoreRecord.TryRead(bytes, out FeatureStoreRecord record)
            ? record
            : null;
    }

    /// <summary>Reads a row; false where the file ends before it does.</summary>
    public bool ReadRow(int index, Span<byte> row) => ReadUpTo(row, Header.Layout.RowAt(index));

    /// <summary>Writes a clip's row and then, when all of it is there, its record.</summary>
    public void Write(int index, ReadOnlySpan<byte> row, FeatureStoreRecord record)
    {
        Write(_handle, row, Header.Layout.RowAt(index));
        WriteRecord(_handle, Header.Layout, index, record);
    }

    /// <summary>Flushes to the disk.</summary>
    public void Flush() => RandomAccess.FlushToDisk(_handle);

    public void Dispose() => _handle.Dispose();

    // The header is written last: a file that has one has all records.
    private static void Begin(SafeFileHandle handle, FeatureStoreHeader header, FeatureStoreContent content)
    {
        try
        {
            RandomAccess.SetLength(handle, header.Layout.FileBytes);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw TooLarge(e);
        }

        for (int i = 0; i < content.RowCount; i++)
        {
            (Clip clip, int view) = content[i];
            WriteRecord(
                handle,
                header.Layout,
                i,
                new FeatureStoreRecord(
                    ClipFingerprint.Key(clip, view), ClipFingerprint.Entry(clip), UInt128.Zero, 0, 0, FeatureStoreState.None));
        }

        Write(handle, header.ToBytes(), 0);
    }

    private static void WriteRecord(SafeFileHandle handle, FeatureStoreLayout layout, int index, FeatureStoreRecord record)
    {
        Span<byte> bytes = stackalloc byte[FeatureStoreRecord.Bytes];
        record.Write(bytes);
        Write(handle, bytes, layout.RecordAt(index));
    }

    private static void Write(SafeFileHandle handle, ReadOnlySpan<byte> bytes, long offset)
    {
        try
        {
            RandomAccess.Write(handle, bytes, offset);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw TooLarge(e);
        }
    }

    // .NET reports a file size limit of the file system or the user as a wrong argument.
    private static IOException TooLarge(ArgumentOutOfRangeException e) => new("the file would be larger than this place allows", e);

    private void RequireSame(FeatureStoreContent content)
    {
        var found = new byte[Header.Layout.RecordsOffset];
        if (!ReadUpTo(found, 0) || !found.AsSpan().SequenceEqual(Header.ToBytes()))
        {
            throw Other("for another recipe, precision, number of clips or training split");
        }

        for (int i = 0; i < content.RowCount; i++)
        {
            (Clip clip, int view) = content[i];
            if (ReadRecord(i) is FeatureStoreRecord record
                && (record.Key != ClipFingerprint.Key(clip, view) || record.Entry != ClipFingerprint.Entry(clip)))
            {
                throw Other($"for another corpus: clip '{clip.Key}' was not there or had other files or times");
            }
        }

        InvalidDataException Other(string why) =>
            new($"{FinalPath}: preparing it was begun {why}; expected the same to go on with: choose another file, or delete {_path}.");
    }

    private bool ReadUpTo(Span<byte> bytes, long offset)
    {
        int done = 0;
        while (done < bytes.Length)
        {
            int read = RandomAccess.Read(_handle, bytes[done..], offset + done);
            if (read == 0)
            {
                return false;
            }

            done += read;
        }

        return true;
    }
}

using System.IO.MemoryMappedFiles;
using CrossModalVae.Corpora;
using CrossModalVae.Recipes;
using Microsoft.Win32.SafeHandles;

namespace CrossModalVae.Features;

/// <summary>
/// The features of a corpus in one memory-mapped file, as <see cref="FeatureStoreBuilder"/> (<c>cmvae prepare</c>) makes it, with a row of
/// fixed size for each clip, so that access is random and processes on one machine share the memory. A row's checksum is verified whenever
/// it is read. Thread-safe for reading; dispose it after the last read.
/// </summary>
public sealed unsafe partial class FeatureStore : IDisposable
{
    private readonly string _path;
    private readonly FeatureStoreHeader _header;
    private readonly MemoryMappedFile _file;
    private readonly SafeFileHandle _handle; // the map's
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;
    private readonly Lazy<Dictionary<UInt128, int>> _rows;
    private readonly Dictionary<(string Identity, string Name), FeatureStoreSkip> _skipped;
    private bool _disposed;

    private FeatureStore(string path, FeatureStoreHeader header, MemoryMappedFile file, SafeFileHandle handle)
    {
        (_path, _header, _file, _handle) = (path, header, file, handle);
        _view = file.CreateViewAccessor(0, header.Layout.FileBytes, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        _start += _view.PointerOffset;
        _rows = new Lazy<Dictionary<UInt128, int>>(Index);
        _skipped = header.Skipped.ToDictionary(skip => (skip.Clip.Identity, skip.Clip.Clip));
    }

    /// <summary>The precision of the numbers.</summary>
    public FeaturePrecision Precision => _header.Precision;

    /// <summary>N, the number of clips.</summary>
    public int Count => _header.ClipCount;

    /// <summary>The shape of a voice's features, row-major: [features], or [frames, bins] unpooled.</summary>
    public IReadOnlyList<int> VoiceShape => _header.VoiceShape;

    /// <summary>The shape of a face's features, row-major: [height, width], or [planes, height, width].</summary>
    public IReadOnlyList<int> FaceShape => _header.FaceShape;

    /// <summary>Features of one voice.</summary>
    public int VoiceLength => _header.Layout.VoiceBytes / FeatureCodec.Size(Precision);

    /// <summary>Features of one face.</summary>
    public int FaceLength => _header.Layout.FaceBytes / FeatureCodec.Size(Precision);

    /// <summary>Augmented views of every training clip; 0 where there are none.</summary>
    public int AugmentedViewCount => _header.Views is null ? 0 : _header.Sections.Augmentation!.Views;

    /// <summary>The clips of the corpus that were left out because they are broken, in manifest order.</summary>
    public IReadOnlyList<SkippedClip> Skipped => [.. _header.Skipped.Select(skip => skip.Clip)];

    /// <summary>The hash of what determines the features, <see cref="RecipeHash.ComputeFeatures"/>.</summary>
    public string FeatureHash => _header.FeatureHash;

    /// <summary>Opens a store that is complete.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file; the message says so where preparing it was interrupted.</exception>
    /// <exception cref="InvalidDataException">The file is no feature store, of another version, damaged, cut short, or not
    /// complete.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static FeatureStore Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string partial = FeatureStoreBuilder.PartialPath(path);
        if (!File.Exists(path) && File.Exists(partial))
        {
            throw new FileNotFoundException(
                $"{path}: is still being prepared, in {partial}; 'cmvae prepare' goes on with it where it was stopped.", path);
        }

        FileStream stream = InputFile.Open(path, "a feature store");
        FeatureStore? store = null;
        try
        {
            FeatureStoreHeader header = FeatureStoreHeader.Read(stream, path);
            if (stream.Length != header.Layout.FileBytes)
            {
                throw new InvalidDataException(
                    $"{path}: has {stream.Length} bytes; expected {header.Layout.FileBytes}, as its header has it: "
                    + $"the file is {(stream.Length < header.Layout.FileBytes ? "cut short" : "longer than it was written")}; "
                    + "prepare the features anew.");
            }

            store = new FeatureStore(
                path,
                header,
                MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false),
                stream.SafeFileHandle);
            store.RequireComplete();
            return store;
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            store?.Dispose();
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
            _view.Dispose();
            _file.Dispose();
        }
    }

    private void RequireComplete()
    {
        int done = 0;
        for (int i = 0; i < _header.Layout.RowCount; i++)
        {
            if (!FeatureStoreRecord.TryRead(Bytes(_header.Layout.RecordAt(i), FeatureStoreRecord.Bytes), out FeatureStoreRecord record))
            {
                throw new InvalidDataException(
                    $"{_path}: record {i} is damaged: its checksum is not that of its content; prepare the features anew.");
            }

            done += record.IsDone ? 1 : 0;
        }

        if (done < _header.Layout.RowCount)
        {
            throw new InvalidDataException(
                $"{_path}: has the features of {done} of its {_header.Layout.RowCount} rows; "
                + "expected all: 'cmvae prepare' goes on where it was stopped.");
        }
    }

    private Dictionary<UInt128, int> Index()
    {
        var rows = new Dictionary<UInt128, int>(_header.Layout.RowCount);
        for (int i = 0; i < _header.Layout.RowCount; i++)
        {
            rows[Record(i).Key] = i;
        }

        return rows;
    }

    private FeatureStoreRecord Record(int row)
    {
        // verified at opening
        FeatureStoreRecord.TryRead(Bytes(_header.Layout.RecordAt(row), FeatureStoreRecord.Bytes), out FeatureStoreRecord record);
        return record;
    }

    private ReadOnlySpan<byte> Bytes(long offset, int length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new ReadOnlySpan<byte>(_start + offset, length);
    }
}

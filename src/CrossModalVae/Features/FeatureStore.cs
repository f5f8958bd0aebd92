using System.IO.MemoryMappedFiles;
using CrossModalVae.Corpora;
using CrossModalVae.Files;
using CrossModalVae.Recipes;

namespace CrossModalVae.Features;

/// <summary>
/// The features of a corpus in one file, as <see cref="FeatureStoreBuilder"/> (<c>cmvae prepare</c>) makes it: memory-mapped, a row of fixed size for
/// each clip, so that any clip is one access away and runs on one machine share the memory. A row's checksum is verified whenever it is read.
/// Thread-safe for reading; dispose it when nobody reads any more.
/// </summary>
public sealed unsafe class FeatureStore : IDisposable
{
    private readonly string _path;
    private readonly FeatureStoreHeader _header;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;
    private readonly Lazy<Dictionary<UInt128, int>> _rows;
    private bool _disposed;

    private FeatureStore(string path, FeatureStoreHeader header, MemoryMappedFile file)
    {
        _path = path;
        _header = header;
        _file = file;
        _view = file.CreateViewAccessor(0, header.Layout.FileBytes, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        _start += _view.PointerOffset;
        _rows = new Lazy<Dictionary<UInt128, int>>(Index);
    }

    /// <summary>How numbers are kept.</summary>
    public FeaturePrecision Precision => _header.Precision;

    /// <summary>N, the number of clips.</summary>
    public int Count => _header.ClipCount;

    /// <summary>How a voice's features lie in its row, row-major: [features], or [frames, bins] unpooled.</summary>
    public IReadOnlyList<int> VoiceShape => _header.VoiceShape;

    /// <summary>How a face's features lie in its row, row-major: [height, width], or [planes, height, width].</summary>
    public IReadOnlyList<int> FaceShape => _header.FaceShape;

    /// <summary>Features of one voice.</summary>
    public int VoiceLength => _header.Layout.VoiceBytes / FeatureCodec.Size(Precision);

    /// <summary>Features of one face.</summary>
    public int FaceLength => _header.Layout.FaceBytes / FeatureCodec.Size(Precision);

    /// <summary>The fingerprint of what determines the features, <see cref="RecipeHash.ComputeFeatures"/>.</summary>
    public string FeatureHash => _header.FeatureHash;

    /// <summary>Opens a store that is complete.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file; the message says where preparing it was stopped half-way.</exception>
    /// <exception cref="InvalidDataException">The file is no feature store, of another version, damaged, cut short, or not complete.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static FeatureStore Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string partial = FeatureStoreBuilder.PartialPath(path);
        if (!File.Exists(path) && File.Exists(partial))
        {
            throw new FileNotFoundException($"{path}: is still being prepared, in {partial}; 'cmvae prepare' goes on with it where it was stopped.", path);
        }

        FileStream stream = InputFile.Open(path, "a feature store");
        FeatureStore? store = null;
        try
        {
            FeatureStoreHeader header = FeatureStoreHeader.Read(stream, path);
            if (stream.Length != header.Layout.FileBytes)
            {
                throw new InvalidDataException(
                    $"{path}: has {stream.Length} bytes; expected {header.Layout.FileBytes}, as its header has it: the file is {(stream.Length < header.Layout.FileBytes ? "cut short" : "longer than it was written")}; prepare the features anew.");
            }

            store = new FeatureStore(path, header, MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false));
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

    /// <summary>Refuses a recipe whose front ends would deliver other features than the store holds.</summary>
    /// <param name="recipe">The recipe that is to be trained or scored by.</param>
    /// <exception cref="InvalidDataException">The store was prepared by another voice or face section; the message names the first option that differs.</exception>
    public void RequireRecipe(Recipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        if (FeatureStoreDifference.Find(_header, recipe) is string difference)
        {
            throw new InvalidDataException($"{_path}: was prepared with {difference}, as recipe '{recipe.Name}' has it: prepare the features for this recipe.");
        }
    }

    /// <summary>
    /// Refuses clips that the store does not hold as the manifest has them now: clips it lacks, with other files or times, or whose files have changed
    /// (in size or time of last change) since they were read. Files that are not there any more are no fault: the store is what is needed.
    /// </summary>
    /// <param name="manifest">The corpus, or a part of the one that was prepared.</param>
    /// <param name="clips">Clips of it.</param>
    /// <exception cref="InvalidDataException">One of the above; the message names the first such clip.</exception>
    public void RequireClips(Manifest manifest, IReadOnlyList<Clip> clips)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(clips);
        ObjectDisposedException.ThrowIf(_disposed, this);
        var faults = new string?[clips.Count];
        Parallel.For(0, clips.Count, i => faults[i] = Fault(manifest, clips[i]));
        if (faults.FirstOrDefault(fault => fault is not null) is string first)
        {
            throw new InvalidDataException(first);
        }
    }

    /// <summary>The features of the clips that satisfy a condition, in manifest order: what <see cref="FeatureExtractor"/> gives, without decoding.</summary>
    /// <param name="manifest">The corpus, or a part of the one that was prepared.</param>
    /// <param name="condition">Which clips; null for all.</param>
    /// <param name="progress">Receives the number of clips read, in rising order.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="InvalidDataException">A clip is not the one that was prepared (<see cref="RequireClips"/>), or its row is damaged.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public FeatureTable Read(
        Manifest manifest, Func<Clip, bool>? condition = null, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        Clip[] clips = [.. manifest.Clips.Where(condition ?? (_ => true))];
        RequireClips(manifest, clips);
        var table = new FeatureTable
        {
            Clips = clips,
            Voice = FeatureTable.NewValues(clips.Length, VoiceLength, Modality.Voice), // [N, VoiceLength]
            Face = FeatureTable.NewValues(clips.Length, FaceLength, Modality.Face), // [N, FaceLength]
            VoiceLength = VoiceLength,
            FaceLength = FaceLength,
        };
        for (int i = 0; i < clips.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ReadVoice(clips[i], table.Voice.AsSpan(i * VoiceLength, VoiceLength));
            ReadFace(clips[i], table.Face.AsSpan(i * FaceLength, FaceLength));
            progress?.Report(i + 1);
        }

        return table;
    }

    /// <summary>Reads the voice of a clip.</summary>
    /// <param name="clip">A clip of the store.</param>
    /// <param name="features">Receives [<see cref="VoiceLength"/>]; stays as it is where the clip has no voice.</param>
    /// <returns>Whether the clip has a voice.</returns>
    /// <exception cref="InvalidDataException">The store lacks the clip, or its row is damaged.</exception>
    public bool ReadVoice(Clip clip, Span<float> features) => Read(clip, Modality.Voice, 0, _header.Layout.VoiceBytes, features);

    /// <summary>Reads the face of a clip.</summary>
    /// <param name="clip">A clip of the store.</param>
    /// <param name="features">Receives [<see cref="FaceLength"/>]; stays as it is where the clip has no face.</param>
    /// <returns>Whether the clip has a face.</returns>
    /// <exception cref="InvalidDataException">The store lacks the clip, or its row is damaged.</exception>
    public bool ReadFace(Clip clip, Span<float> features) => Read(clip, Modality.Face, _header.Layout.FaceOffset, _header.Layout.FaceBytes, features);

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

    private bool Read(Clip clip, Modality modality, int offset, int length, Span<float> features)
    {
        ArgumentNullException.ThrowIfNull(clip);
        if (features.Length != length / FeatureCodec.Size(Precision))
        {
            throw new ArgumentException($"'features' has {features.Length} places; must have {length / FeatureCodec.Size(Precision)}.", nameof(features));
        }

        if (!_rows.Value.TryGetValue(ClipFingerprint.Key(clip), out int row))
        {
            throw new InvalidDataException(Lacks(clip));
        }

        FeatureStoreRecord record = Record(row);
        if (!record.State.HasFlag(modality == Modality.Voice ? FeatureStoreState.Voice : FeatureStoreState.Face))
        {
            return false;
        }

        ReadOnlySpan<byte> bytes = Bytes(_header.Layout.RowAt(row) + offset, length);
        if (Crc32C.Compute(bytes) != (modality == Modality.Voice ? record.VoiceChecksum : record.FaceChecksum))
        {
            throw new InvalidDataException(
                $"{_path}: the {FeatureGuard.Name(modality)} features of clip '{clip.Key}' are damaged: their checksum is not the one that was written; prepare the features anew.");
        }

        FeatureCodec.Decode(bytes, Precision, features);
        return true;
    }

    private string? Fault(Manifest manifest, Clip clip)
    {
        if (!_rows.Value.TryGetValue(ClipFingerprint.Key(clip), out int row))
        {
            return Lacks(clip);
        }

        FeatureStoreRecord record = Record(row);
        if (record.Entry != ClipFingerprint.Entry(clip))
        {
            return $"{_path}: clip '{clip.Key}' was prepared from other files or times than {manifest.FilePath} has; expected the same: prepare the features anew.";
        }

        return ClipFingerprint.Sources(manifest, clip) is UInt128 sources && sources != record.Sources
            ? $"{_path}: a file of clip '{clip.Key}' has changed since its features were prepared ({string.Join(", ", [.. clip.Voice is null ? [] : (string[])[clip.Voice], .. clip.Faces])}); expected its size and time of change to be as they were: prepare the features anew."
            : null;
    }

    private string Lacks(Clip clip) => $"{_path}: has no clip '{clip.Key}'; expected every clip of the manifest: prepare the features anew.";

    private void RequireComplete()
    {
        int done = 0;
        for (int i = 0; i < Count; i++)
        {
            if (!FeatureStoreRecord.TryRead(Bytes(_header.Layout.RecordAt(i), FeatureStoreRecord.Bytes), out FeatureStoreRecord record))
            {
                throw new InvalidDataException($"{_path}: record {i} is damaged: its checksum is not that of its content; prepare the features anew.");
            }

            done += record.IsDone ? 1 : 0;
        }

        if (done < Count)
        {
            throw new InvalidDataException($"{_path}: has the features of {done} of its {Count} clips; expected all: 'cmvae prepare' goes on where it was stopped.");
        }
    }

    private Dictionary<UInt128, int> Index()
    {
        var rows = new Dictionary<UInt128, int>(Count);
        for (int i = 0; i < Count; i++)
        {
            rows[Record(i).Key] = i;
        }

        return rows;
    }

    private FeatureStoreRecord Record(int row)
    {
        FeatureStoreRecord.TryRead(Bytes(_header.Layout.RecordAt(row), FeatureStoreRecord.Bytes), out FeatureStoreRecord record); // verified at opening
        return record;
    }

    private ReadOnlySpan<byte> Bytes(long offset, int length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new ReadOnlySpan<byte>(_start + offset, length);
    }
}

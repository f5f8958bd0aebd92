using System.Buffers;
using System.Runtime.InteropServices;
using CrossModalVae.Augmentation;
using CrossModalVae.Corpora;
using CrossModalVae.Recipes;

namespace CrossModalVae.Features;

/// <content>Reading features.</content>
public sealed unsafe partial class FeatureStore
{
    /// <summary>
    /// The features of the clips that satisfy a condition, in manifest order, as <see cref="FeatureExtractor"/> gives them, without
    /// decoding. Broken clips that the store left out are left out here too; <see cref="FeatureSource.Skipped"/> names them.
    /// </summary>
    /// <param name="manifest">The corpus, or a part of the one that was prepared.</param>
    /// <param name="condition">Which clips; null for all.</param>
    /// <param name="progress">Receives the number of clips read, in rising order.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="InvalidDataException">A clip is not the one that was prepared (<see cref="RequireClips"/>), or its row is
    /// damaged.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public FeatureTable Read(
        Manifest manifest,
        Func<Clip, bool>? condition = null,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        Manifest part = manifest.With([.. manifest.Clips.Where(condition ?? (_ => true))]);
        (Manifest rest, IReadOnlyList<SkippedClip> skipped) = WithoutSkipped(part);
        BrokenClips.RequireSome(manifest, part.Clips.Count, skipped);
        IReadOnlyList<Clip> clips = rest.Clips;
        RequireClips(manifest, clips);
        var table = new FeatureTable
        {
            Clips = clips,
            Voice = FeatureTable.NewValues(clips.Count, VoiceLength, Modality.Voice), // [N, VoiceLength]
            Face = FeatureTable.NewValues(clips.Count, FaceLength, Modality.Face), // [N, FaceLength]
            VoiceLength = VoiceLength,
            FaceLength = FaceLength,
            Skipped = skipped,
        };
        for (int i = 0; i < clips.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ReadVoice(clips[i], table.Voice.AsSpan(i * VoiceLength, VoiceLength));
            ReadFace(clips[i], table.Face.AsSpan(i * FaceLength, FaceLength));
            progress?.Report(i + 1);
        }

        return table;
    }

    /// <summary>
    /// The features of the clips that satisfy a condition, in manifest order, without a table in memory: each row is read, and its checksum
    /// verified, whenever it is asked for. The store must stay open as long as they are used.
    /// </summary>
    /// <param name="manifest">The corpus, or a part of the one that was prepared.</param>
    /// <param name="condition">Which clips; null for all.</param>
    /// <exception cref="InvalidDataException">A clip is not the one that was prepared (<see cref="RequireClips"/>).</exception>
    public FeatureSource Stream(Manifest manifest, Func<Clip, bool>? condition = null)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        Manifest part = manifest.With([.. manifest.Clips.Where(condition ?? (_ => true))]);
        (Manifest rest, IReadOnlyList<SkippedClip> skipped) = WithoutSkipped(part);
        BrokenClips.RequireSome(manifest, part.Clips.Count, skipped);
        RequireClips(manifest, rest.Clips);
        return Stream(rest.Clips, viewCount: 1, skipped);
    }

    /// <summary>The same of a training split with the stored augmented views.</summary>
    /// <param name="manifest">The corpus.</param>
    /// <param name="recipe">The recipe that is trained by.</param>
    /// <param name="sources">The noise, speech and room recordings it uses.</param>
    /// <param name="train">The training split, all of it, as the other Stream gave it.</param>
    /// <exception cref="InvalidDataException">The store has no views, of another augmentation, training split or recordings.</exception>
    public FeatureSource Stream(Manifest manifest, Recipe recipe, AugmentationSources sources, FeatureSource train)
    {
        RequireViewsOf(manifest, recipe, sources, train);
        return Stream(train.Clips, 1 + AugmentedViewCount, train.Skipped);
    }

    private void RequireViewsOf(Manifest manifest, Recipe recipe, AugmentationSources sources, FeatureSource train)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(train);
        RequireRecipe(recipe);
        RequireViews(recipe, FeatureStoreViews.Of(recipe, train.Clips, sources));
        RequireClips(manifest, train.Clips);
    }

    private StoredFeatures Stream(IReadOnlyList<Clip> clips, int viewCount, IReadOnlyList<SkippedClip> skipped) => new(
        this, [.. Enumerable.Range(0, viewCount).Select(view => clips.Select(clip => RowOf(clip, view)).ToArray())])
    {
        Clips = clips,
        VoiceLength = VoiceLength,
        FaceLength = FaceLength,
        Skipped = skipped,
    };

    /// <summary>
    /// The table of a training split with the stored augmented views, as
    /// <see cref="FeatureExtractor.Augment(Manifest, FeatureTable, IProgress{int}?, bool, CancellationToken)"/> gives it.
    /// </summary>
    /// <param name="manifest">The corpus.</param>
    /// <param name="recipe">The recipe that is trained by.</param>
    /// <param name="sources">The noise, speech and room recordings it uses.</param>
    /// <param name="train">The training split, all of it, as Read gave it.</param>
    /// <param name="progress">Receives the number of views read, in rising order, up to clips times views.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="InvalidDataException">The store has no views, of another augmentation, training split or recordings, or is
    /// damaged.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public FeatureTable Augment(
        Manifest manifest,
        Recipe recipe,
        AugmentationSources sources,
        FeatureTable train,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        RequireViewsOf(manifest, recipe, sources, train);
        var views = new FeatureView[AugmentedViewCount];
        for (int v = 0; v < views.Length; v++)
        {
            views[v] = new FeatureView(
                FeatureTable.NewValues(train.Count, VoiceLength, Modality.Voice), // [N, VoiceLength]
                FeatureTable.NewValues(train.Count, FaceLength, Modality.Face)); // [N, FaceLength]
            for (int i = 0; i < train.Count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                ReadVoice(train.Clips[i], views[v].Voice.AsSpan(i * VoiceLength, VoiceLength), v + 1);
                ReadFace(train.Clips[i], views[v].Face.AsSpan(i * FaceLength, FaceLength), v + 1);
                progress?.Report((v * train.Count) + i + 1);
            }
        }

        return train.With(views);
    }

    /// <summary>Reads the voice of a clip.</summary>
    /// <param name="clip">A clip of the store.</param>
    /// <param name="features">Receives [<see cref="VoiceLength"/>]; unchanged where the clip has no voice.</param>
    /// <param name="view">0 for no augmentation, 1 to <see cref="AugmentedViewCount"/> for an augmented view of a training clip.</param>
    /// <returns>Whether the clip has a voice.</returns>
    /// <exception cref="InvalidDataException">The store lacks the clip, or its row is damaged.</exception>
    public bool ReadVoice(Clip clip, Span<float> features, int view = 0) =>
        Read(clip, view, Modality.Voice, features);

    /// <summary>Reads the face of a clip.</summary>
    /// <param name="clip">A clip of the store.</param>
    /// <param name="features">Receives [<see cref="FaceLength"/>]; unchanged where the clip has no face.</param>
    /// <param name="view">0 for no augmentation, 1 to <see cref="AugmentedViewCount"/> for an augmented view of a training clip.</param>
    /// <returns>Whether the clip has a face.</returns>
    /// <exception cref="InvalidDataException">The store lacks the clip, or its row is damaged.</exception>
    public bool ReadFace(Clip clip, Span<float> features, int view = 0) =>
        Read(clip, view, Modality.Face, features);

    private bool Read(Clip clip, int view, Modality modality, Span<float> features)
    {
        ArgumentNullException.ThrowIfNull(clip);
        return ReadRow(clip, RowOf(clip, view), modality, features);
    }

    private int RowOf(Clip clip, int view) => _rows.Value.TryGetValue(ClipFingerprint.Key(clip, view), out int row)
        ? row
        : throw new InvalidDataException(
            view == 0 || !_rows.Value.ContainsKey(ClipFingerprint.Key(clip))
                ? Lacks(clip)
                : $"{_path}: has no augmented view {view} of clip '{clip.Key}'; expected one.");

    /// <summary>
    /// Reads one modality of a row, of a clip that messages name, by the file and not by the map: what training has read, again and again
    /// in another order, then is the system's cache and not this process's memory. False where the clip lacks the modality.
    /// </summary>
    internal bool ReadRowFromFile(Clip clip, int row, Modality modality, Span<float> features)
    {
        (int offset, int length) = Place(modality, features);
        FeatureStoreRecord record = Record(row);
        if (!Has(record, modality))
        {
            return false;
        }

        bool inPlace = Precision == FeaturePrecision.Float32 && BitConverter.IsLittleEndian;
        byte[]? rented = inPlace ? null : ArrayPool<byte>.Shared.Rent(length);
        Span<byte> bytes = rented is null ? MemoryMarshal.AsBytes(features) : rented.AsSpan(0, length);
        for (int done = 0; done < length;)
        {
            int read = RandomAccess.Read(_handle, bytes[done..], _header.Layout.RowAt(row) + offset + done);
            if (read == 0)
            {
                throw Damaged(clip, modality); // cut short since it was opened
            }

            done += read;
        }

        RequireSound(bytes, record, clip, modality);
        if (rented is not null)
        {
            FeatureCodec.Decode(bytes, Precision, features);
            ArrayPool<byte>.Shared.Return(rented);
        }

        return true;
    }

    private bool ReadRow(Clip clip, int row, Modality modality, Span<float> features)
    {
        (int offset, int length) = Place(modality, features);
        FeatureStoreRecord record = Record(row);
        if (!Has(record, modality))
        {
            return false;
        }

        ReadOnlySpan<byte> bytes = Bytes(_header.Layout.RowAt(row) + offset, length);
        RequireSound(bytes, record, clip, modality);
        FeatureCodec.Decode(bytes, Precision, features);
        return true;
    }

    private (int Offset, int Length) Place(Modality modality, ReadOnlySpan<float> features)
    {
        (int offset, int length) = modality == Modality.Voice
            ? (0, _header.Layout.VoiceBytes)
            : (_header.Layout.FaceOffset, _header.Layout.FaceBytes);
        return features.Length == length / FeatureCodec.Size(Precision)
            ? (offset, length)
            : throw new ArgumentException(
                $"'features' has {features.Length} places; must have {length / FeatureCodec.Size(Precision)}.", nameof(features));
    }

    private static bool Has(FeatureStoreRecord record, Modality modality) =>
        record.State.HasFlag(modality == Modality.Voice ? FeatureStoreState.Voice : FeatureStoreState.Face);

    private void RequireSound(ReadOnlySpan<byte> bytes, FeatureStoreRecord record, Clip clip, Modality modality)
    {
        if (Crc32C.Compute(bytes) != (modality == Modality.Voice ? record.VoiceChecksum : record.FaceChecksum))
        {
            throw Damaged(clip, modality);
        }
    }

    private InvalidDataException Damaged(Clip clip, Modality modality) => new(
        $"{_path}: the {EnumText.Of(modality)} features of clip '{clip.Key}' are damaged: their checksum is not the one "
        + "that was written; prepare the features anew.");
}

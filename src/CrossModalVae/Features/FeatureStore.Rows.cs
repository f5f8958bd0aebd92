using CrossModalVae.Augmentation;
using CrossModalVae.Corpora;
using CrossModalVae.Recipes;

namespace CrossModalVae.Features;

/// <content>Reading features.</content>
public sealed unsafe partial class FeatureStore
{
    /// <summary>
    /// The features of the clips that satisfy a condition, in manifest order, as <see cref="FeatureExtractor"/> gives them, without
    /// decoding. Broken clips that the store left out are left out here too; <see cref="FeatureTable.Skipped"/> names them.
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
    /// The table of a training split with the stored augmented views, as <see cref="FeatureExtractor.Augment"/> gives it.
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
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(train);
        RequireRecipe(recipe);
        RequireViews(recipe, FeatureStoreViews.Of(recipe, train.Clips, sources));
        RequireClips(manifest, train.Clips);
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
        Read(clip, view, Modality.Voice, 0, _header.Layout.VoiceBytes, features);

    /// <summary>Reads the face of a clip.</summary>
    /// <param name="clip">A clip of the store.</param>
    /// <param name="features">Receives [<see cref="FaceLength"/>]; unchanged where the clip has no face.</param>
    /// <param name="view">0 for no augmentation, 1 to <see cref="AugmentedViewCount"/> for an augmented view of a training clip.</param>
    /// <returns>Whether the clip has a face.</returns>
    /// <exception cref="InvalidDataException">The store lacks the clip, or its row is damaged.</exception>
    public bool ReadFace(Clip clip, Span<float> features, int view = 0) =>
        Read(clip, view, Modality.Face, _header.Layout.FaceOffset, _header.Layout.FaceBytes, features);

    private bool Read(Clip clip, int view, Modality modality, int offset, int length, Span<float> features)
    {
        ArgumentNullException.ThrowIfNull(clip);
        if (features.Length != length / FeatureCodec.Size(Precision))
        {
            throw new ArgumentException(
                $"'features' has {features.Length} places; must have {length / FeatureCodec.Size(Precision)}.", nameof(features));
        }

        if (!_rows.Value.TryGetValue(ClipFingerprint.Key(clip, view), out int row))
        {
            throw new InvalidDataException(
                view == 0 || !_rows.Value.ContainsKey(ClipFingerprint.Key(clip))
                    ? Lacks(clip)
                    : $"{_path}: has no augmented view {view} of clip '{clip.Key}'; expected one.");
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
                $"{_path}: the {EnumText.Of(modality)} features of clip '{clip.Key}' are damaged: their checksum is not the one "
                + "that was written; prepare the features anew.");
        }

        FeatureCodec.Decode(bytes, Precision, features);
        return true;
    }
}

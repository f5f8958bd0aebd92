using CrossModalVae.Corpora;

namespace CrossModalVae.Features;

/// <summary>
/// The features of the clips of a split, row by row, as the front ends deliver them, before normalisation over the corpus: a
/// <see cref="FeatureTable"/> in memory, or rows that stay in a <see cref="FeatureStore"/> on disk and are read whenever they are asked
/// for (<see cref="FeatureStore.Stream(Manifest, Func{Clip, bool}?)"/>), which may be more numbers than memory or an array holds.
/// </summary>
public abstract class FeatureSource
{
    private protected FeatureSource()
    {
    }

    /// <summary>The clips, N of them, in row order.</summary>
    public required IReadOnlyList<Clip> Clips { get; init; }

    /// <summary>Features of one voice.</summary>
    public required int VoiceLength { get; init; }

    /// <summary>Features of one face.</summary>
    public required int FaceLength { get; init; }

    /// <summary>Clips of the corpus that were left out because they are broken; empty where none was.</summary>
    public IReadOnlyList<SkippedClip> Skipped { get; init; } = [];

    /// <summary>N, the number of clips.</summary>
    public int Count => Clips.Count;

    /// <summary>Views of each clip: the clip as it is, view 0, and its augmented views.</summary>
    public abstract int ViewCount { get; }

    /// <summary>Whether clip <paramref name="index"/> has a voice.</summary>
    /// <param name="index">Zero-based row.</param>
    public bool HasVoice(int index) => Clips[index].Voice is not null;

    /// <summary>Whether clip <paramref name="index"/> has a face.</summary>
    /// <param name="index">Zero-based row.</param>
    public bool HasFace(int index) => Clips[index].Faces.Count > 0;

    /// <summary>The rows that have a modality, ascending.</summary>
    /// <param name="modality">Voice or face.</param>
    public int[] RowsWith(Modality modality) =>
        [.. Enumerable.Range(0, Count).Where(row => modality == Modality.Voice ? HasVoice(row) : HasFace(row))];

    /// <summary>
    /// The clips that satisfy a condition, in the same order, without a copy of their features: this source must stay usable.
    /// </summary>
    /// <param name="condition">Which clips to keep.</param>
    public FeatureSource Select(Func<Clip, bool> condition) => Select(condition, clip => clip);

    /// <summary>The same, each clip changed, as to another split.</summary>
    internal FeatureSource Select(
        Func<Clip, bool> condition, Func<Clip, Clip> change, IReadOnlyList<SkippedClip>? skipped = null)
    {
        int[] rows = [.. Enumerable.Range(0, Count).Where(row => condition(Clips[row]))];
        return new FeatureSubset(this, rows)
        {
            Clips = [.. rows.Select(row => change(Clips[row]))],
            VoiceLength = VoiceLength,
            FaceLength = FaceLength,
            Skipped = [.. Skipped, .. skipped ?? []],
        };
    }

    /// <summary>
    /// These clips, and another source's after them, without a copy of features: both must stay usable. Views beside the clips as they are
    /// are left out where the two have not as many.
    /// </summary>
    /// <exception cref="ArgumentException">The other's features are of another length.</exception>
    internal FeatureSource Join(FeatureSource other) => (VoiceLength, FaceLength) != (other.VoiceLength, other.FaceLength)
        ? throw new ArgumentException(
            $"'other' has {other.VoiceLength} voice and {other.FaceLength} face features; must have {VoiceLength} and {FaceLength}.",
            nameof(other))
        : new FeatureUnion(this, other)
        {
            Clips = [.. Clips, .. other.Clips],
            VoiceLength = VoiceLength,
            FaceLength = FaceLength,
            Skipped = [.. Skipped, .. other.Skipped],
        };

    /// <summary>Features of one clip's modality.</summary>
    internal int Length(Modality modality) => modality == Modality.Voice ? VoiceLength : FaceLength;

    /// <summary>
    /// The features of one clip's modality in one view: in place, or read into <paramref name="buffer"/>, [Length(modality)].
    /// </summary>
    internal abstract ReadOnlySpan<float> Row(Modality modality, int view, int index, Span<float> buffer);

    // Rows of one source, then those of another.
    private sealed class FeatureUnion(FeatureSource first, FeatureSource second) : FeatureSource
    {
        public override int ViewCount => first.ViewCount == second.ViewCount ? first.ViewCount : 1;

        internal override ReadOnlySpan<float> Row(Modality modality, int view, int index, Span<float> buffer) => index < first.Count
            ? first.Row(modality, view, index, buffer)
            : second.Row(modality, view, index - first.Count, buffer);
    }

    // Rows of another source.
    private sealed class FeatureSubset(FeatureSource parent, int[] rows) : FeatureSource
    {
        public override int ViewCount => parent.ViewCount;

        internal override ReadOnlySpan<float> Row(Modality modality, int view, int index, Span<float> buffer) =>
            parent.Row(modality, view, rows[index], buffer);
    }
}

/// <summary>
/// A source with augmented views in memory, beside clips that may be a part of another source.
/// </summary>
internal sealed class AugmentedFeatures(FeatureSource clips, IReadOnlyList<FeatureView> views) : FeatureSource
{
    public override int ViewCount => 1 + views.Count;

    internal override ReadOnlySpan<float> Row(Modality modality, int view, int index, Span<float> buffer)
    {
        int length = Length(modality);
        return view == 0
            ? clips.Row(modality, 0, index, buffer)
            : (modality == Modality.Voice ? views[view - 1].Voice : views[view - 1].Face).AsSpan(index * length, length);
    }
}

/// <summary>Rows of a feature store, read from its file whenever they are asked for.</summary>
/// <param name="store">Stays open as long as this is used.</param>
/// <param name="rows">[views][N] the store's rows.</param>
internal sealed class StoredFeatures(FeatureStore store, int[][] rows) : FeatureSource
{
    public override int ViewCount => rows.Length;

    internal override ReadOnlySpan<float> Row(Modality modality, int view, int index, Span<float> buffer)
    {
        store.ReadRowFromFile(Clips[index], rows[view][index], modality, buffer);
        return buffer;
    }
}
